// Not @std/path: loading it takes as long as starting the runtime does.
import { join } from "node:path";
import { type Clock, systemClock } from "../clock.ts";
import { hostName } from "../proc/host_name.ts";
import { complain } from "./_complain.ts";
import { DEFAULT_LOG_CONFIG, type LogConfig } from "./config.ts";
import { ConsoleSink } from "./console_sink.ts";
import { resolveFieldKeys } from "./field_keys.ts";
import { FileSink } from "./file_sink.ts";
import { JsonEncoder } from "./json_encoder.ts";
import { severityOf } from "./level.ts";
import type { Logger } from "./logger.ts";
import { PlainEncoder } from "./plain_encoder.ts";
import type { LogEncoder, LogSink } from "./record.ts";
import { dailyRotation, type RotationRule, sizeRotation } from "./rotation.ts";
import { LineLimiter } from "./sampler.ts";
import { StructuredLogger } from "./structured_logger.ts";
import { type TimeFormatter, timeFormatter } from "./time_format.ts";
import { ValueRenderer } from "./value_renderer.ts";

/** Options for {@link createLogger}: what a config file cannot say. */
export interface LoggerOptions {
  /** Where lines go, whatever `Mode` says. The logger closes it when disposed. */
  sink?: LogSink | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Stands in for `ServiceName`. */
  serviceName?: string | undefined;
  /** Prints times, whatever `TimeFormat` says. */
  timeFormat?: TimeFormatter | undefined;
}

/**
 * Makes a logger. What the config leaves out has its default, `undefined` included.
 *
 * Lines are buffered for up to 50 ms. Dispose the logger, or `await flush()`, to be sure that they
 * are out; the exit of the process also writes them.
 *
 * @throws {TypeError} If the config is wrong.
 * @throws {Error} If a log file cannot be opened.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryLog } from "@zeno/zeno/core/testing";
 * const sink = new MemoryLog();
 * await using log = createLogger({ Level: "info" }, { sink });
 * log.with({ user: 7 }).info("signed in", { password: "secret" });
 * assertEquals(sink.records[0]?.fields, { user: 7, password: "***" });
 * ```
 */
export function createLogger(
  config: Partial<LogConfig> = {},
  options: LoggerOptions = {},
): Logger {
  const full = withDefaults(config);
  const { clock = systemClock } = options;
  const cooldownMs = full.Mode === "console" ? 0 : full.StackCooldownMillis;
  return new StructuredLogger({
    threshold: severityOf(full.Level),
    sink: options.sink ?? sinkFor(full, options),
    clock,
    keys: resolveFieldKeys(full.FieldKeys),
    renderer: new ValueRenderer(full.SensitiveKeys),
    maxContentBytes: full.MaxContentLength,
    statEnabled: full.Stat,
    callerEnabled: full.Caller,
    stackLimiter: new LineLimiter(cooldownMs, clock),
    onError: complain,
  });
}

/**
 * Writes JSON to the standard streams, each line at once. It holds no timer and nothing back, so code
 * that was given no logger can use it; a service makes its own, which costs a fraction.
 */
export const consoleLogger: Logger = createLogger({}, { sink: new ConsoleSink({ flushMs: 0 }) });

function withDefaults(config: Partial<LogConfig>): LogConfig {
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_LOG_CONFIG, ...Object.fromEntries(given) };
}

function sinkFor(config: LogConfig, options: LoggerOptions): LogSink {
  const { clock } = options;
  const encoder = encoderFor(config, options.timeFormat);
  if (config.Mode === "console") return new ConsoleSink({ encoder, clock });
  const folder = folderFor(config, options.serviceName);
  return new FileSink(folder, {
    encoder,
    clock,
    compress: config.Compress,
    rotation: rotationFor(config),
  });
}

function encoderFor(config: LogConfig, given: TimeFormatter | undefined): LogEncoder {
  const timeFormat = given ?? timeFormatter(config.TimeFormat);
  if (config.Encoding === "json") return new JsonEncoder({ keys: config.FieldKeys, timeFormat });
  if (config.Encoding !== "plain") {
    throw new TypeError(`Cannot create logger: Encoding "${config.Encoding}" is not json or plain`);
  }
  const color = config.Mode === "console" && !Deno.noColor && Deno.stdout.isTerminal();
  return new PlainEncoder({ timeFormat, color });
}

function folderFor(config: LogConfig, serviceName: string | undefined): string {
  const { Mode, Path } = config;
  if (Mode !== "file" && Mode !== "volume") {
    throw new TypeError(`Cannot create logger: Mode "${Mode}" is not console, file or volume`);
  }
  if (Path === "") throw new TypeError("Cannot create logger: log path must be set");
  if (Mode === "file") return Path;
  const name = config.ServiceName || serviceName;
  if (!name) throw new TypeError("Cannot create logger: log service name must be set");
  return join(Path, name, hostName());
}

function rotationFor(config: LogConfig): RotationRule {
  const { KeepDays: keepDays } = config;
  if (config.Rotation === "daily") return dailyRotation({ keepDays });
  if (config.Rotation !== "size") {
    throw new TypeError(`Cannot create logger: Rotation "${config.Rotation}" is not daily or size`);
  }
  return sizeRotation({
    maxBytes: config.MaxSize * 1024 * 1024,
    maxBackups: config.MaxBackups,
    keepDays,
    fileTimeFormat: config.FileTimeFormat,
  });
}
