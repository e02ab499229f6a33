import type { FieldKeys } from "./field_keys.ts";
import type { LogLevel } from "./level.ts";

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
  /** `rfc3339` or `rfc3339ms`, in names of files set aside by size. @default {"rfc3339"} */
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
