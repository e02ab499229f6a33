import { array, boolean, int, string, uint32 } from "../schema/builders.ts";
import { object, type ObjectSchema } from "../schema/object.ts";
import { DEFAULT_FIELD_KEYS, type FieldKeys } from "./field_keys.ts";
import { LOG_LEVELS, type LogLevel } from "./level.ts";
import { FILE_TIME_FORMATS } from "./rotation.ts";
import { TIME_FORMATS } from "./time_format.ts";

/** How a service logs. The keys are those of the `Log` section of a config file. */
export interface LogConfig {
  /** Names the folder in volume mode. @default {the name of the service} */
  readonly ServiceName?: string;
  /** `console`, `file` (in `Path`) or `volume` (in `Path/ServiceName/hostname`). @default {"console"} */
  readonly Mode: "console" | "file" | "volume";
  /** Format of a line. @default {"json"} */
  readonly Encoding: "json" | "plain";
  /** `rfc3339ms`, `rfc3339`, `utc` or `unixms`. @default {"rfc3339ms"} */
  readonly TimeFormat: string;
  /** Folder of the files. @default {"logs"} */
  readonly Path: string;
  /** What is logged: this level and those after it. @default {"info"} */
  readonly Level: LogLevel;
  /** Bytes of text content kept; 0 for all. @default {0} */
  readonly MaxContentLength: number;
  /** Whether files set aside are compressed with gzip. @default {false} */
  readonly Compress: boolean;
  /** Whether stat lines are written. @default {true} */
  readonly Stat: boolean;
  /** Days to keep files set aside; 0 for ever. @default {0} */
  readonly KeepDays: number;
  /** Least time between two lines with stacks, in ms; in file and volume mode. @default {100} */
  readonly StackCooldownMillis: number;
  /** Files set aside to keep, with `Rotation: size`; 0 for all. @default {0} */
  readonly MaxBackups: number;
  /** MiB a file may hold, with `Rotation: size`; 0 for no limit. @default {0} */
  readonly MaxSize: number;
  /** When to begin a new file. @default {"daily"} */
  readonly Rotation: "daily" | "size";
  /** `rfc3339`, `rfc3339ms` or `utc`, in names of files set aside by size. @default {"rfc3339"} */
  readonly FileTimeFormat: string;
  /** Other names for the standard members. */
  readonly FieldKeys?: Partial<FieldKeys>;
  /** Whether lines say where they were logged; costs some microseconds each. @default {false} */
  readonly Caller: boolean;
  /** Field names to hide besides the built-in ones. @default {[]} */
  readonly SensitiveKeys: readonly string[];
}

/** What a config says that says nothing. */
export const DEFAULT_LOG_CONFIG: LogConfig = {
  Mode: "console",
  Encoding: "json",
  TimeFormat: "rfc3339ms",
  Path: "logs",
  Level: "info",
  MaxContentLength: 0,
  Compress: false,
  Stat: true,
  KeepDays: 0,
  StackCooldownMillis: 100,
  MaxBackups: 0,
  MaxSize: 0,
  Rotation: "daily",
  FileTimeFormat: "rfc3339",
  Caller: false,
  SensitiveKeys: [],
};

const keys = DEFAULT_FIELD_KEYS;

const fieldKeys: ObjectSchema<FieldKeys> = object({
  CallerKey: string().default(keys.CallerKey),
  ContentKey: string().default(keys.ContentKey),
  DurationKey: string().default(keys.DurationKey),
  LevelKey: string().default(keys.LevelKey),
  SpanKey: string().default(keys.SpanKey),
  TimestampKey: string().default(keys.TimestampKey),
  TraceKey: string().default(keys.TraceKey),
  TruncatedKey: string().default(keys.TruncatedKey),
});

const { Mode, Encoding, Rotation, ...rest } = DEFAULT_LOG_CONFIG;

/**
 * The schema of the `Log` section. Everything in it may be left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(logConfig.parse({ Level: "error" }), { ...DEFAULT_LOG_CONFIG, Level: "error" });
 * ```
 */
export const logConfig: ObjectSchema<LogConfig> = object({
  ServiceName: string().optional(),
  Mode: string().options(["console", "file", "volume"]).default(Mode),
  Encoding: string().options(["json", "plain"]).default(Encoding),
  TimeFormat: string().options(TIME_FORMATS).default(rest.TimeFormat),
  Path: string().default(rest.Path),
  Level: string().options(LOG_LEVELS).default(rest.Level),
  MaxContentLength: uint32().default(rest.MaxContentLength),
  Compress: boolean().default(rest.Compress),
  Stat: boolean().default(rest.Stat),
  KeepDays: int().default(rest.KeepDays),
  StackCooldownMillis: int().default(rest.StackCooldownMillis),
  MaxBackups: int().default(rest.MaxBackups),
  MaxSize: int().default(rest.MaxSize),
  Rotation: string().options(["daily", "size"]).default(Rotation),
  FileTimeFormat: string().options(FILE_TIME_FORMATS).default(rest.FileTimeFormat),
  FieldKeys: fieldKeys.optional(),
  Caller: boolean().default(rest.Caller),
  SensitiveKeys: array(string()).default([]),
});
