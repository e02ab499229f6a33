/**
 * Structured logs: levels, JSON or plain lines, fields that follow a request, secrets masked, buffered
 * console and file sinks with rotation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createLogger, withLogFields } from "@zeno/zeno/core/log";
 * import { MemoryLog } from "@zeno/zeno/core/testing";
 *
 * const sink = new MemoryLog(); // A service leaves this out and logs to the console or to files.
 * await using log = createLogger({ Level: "info", Encoding: "json" }, { sink });
 * await withLogFields({ trace: "4bf92f35" }, async () => {
 *   await Promise.resolve();
 *   log.info("order placed", { order: 42, token: "s3cr3t" });
 * });
 * assertEquals(sink.records[0]?.fields, { order: 42, token: "***", trace: "4bf92f35" });
 * ```
 *
 * @module
 */

export { callerOf, shortCaller } from "./caller.ts";
export { DEFAULT_LOG_CONFIG, type LogConfig, logConfig } from "./config.ts";
export { ConsoleSink, type ConsoleSinkOptions, type SinkOptions } from "./console_sink.ts";
export { consoleLogger, createLogger, type LoggerOptions } from "./create_logger.ts";
export { FanOutSink } from "./fan_out_sink.ts";
export { DEFAULT_FIELD_KEYS, type FieldKeys } from "./field_keys.ts";
export { addGlobalLogFields, contextLogFields, type LogFields, withLogFields } from "./fields.ts";
export { FileSink, type FileSinkOptions } from "./file_sink.ts";
export { type EncoderOptions, JsonEncoder } from "./json_encoder.ts";
export { LOG_LEVELS, type LogLevel, type LogThreshold } from "./level.ts";
export { type LogContent, type Logger, noopLogger } from "./logger.ts";
export { type ConsoleMethods, patchConsole } from "./patch_console.ts";
export { PlainEncoder, type PlainEncoderOptions } from "./plain_encoder.ts";
export type { JsonValue, LogChannel, LogEncoder, LogLabel, LogRecord, LogSink } from "./record.ts";
export { MASK, type MaskSensitive, maskSensitive, SENSITIVE_KEYS } from "./redact.ts";
export {
  type CurrentFile,
  dailyRotation,
  type DailyRotationOptions,
  type RotationRule,
  sizeRotation,
  type SizeRotationOptions,
} from "./rotation.ts";
export { LessLogger, type LessLoggerOptions } from "./sampler.ts";
export { StreamSink } from "./stream_sink.ts";
export { TIME_FORMATS, type TimeFormatter, timeFormatter } from "./time_format.ts";
export { ValueRenderer } from "./value_renderer.ts";
export type { ByteWriter } from "./write_all.ts";
