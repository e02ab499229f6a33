/** Names of the standard members of a line. The keys are those of the `FieldKeys` config section. */
export interface FieldKeys {
  /** Where the line was logged. @default {"caller"} */
  readonly CallerKey: string;
  /** The message. @default {"content"} */
  readonly ContentKey: string;
  /** What `withDuration` says. @default {"duration"} */
  readonly DurationKey: string;
  /** The level. @default {"level"} */
  readonly LevelKey: string;
  /** The span id. @default {"span"} */
  readonly SpanKey: string;
  /** The time. @default {"@timestamp"} */
  readonly TimestampKey: string;
  /** The trace id. @default {"trace"} */
  readonly TraceKey: string;
  /** Marks content that was cut. @default {"truncated"} */
  readonly TruncatedKey: string;
}

/** The names used when the config renames nothing. */
export const DEFAULT_FIELD_KEYS: FieldKeys = {
  CallerKey: "caller",
  ContentKey: "content",
  DurationKey: "duration",
  LevelKey: "level",
  SpanKey: "span",
  TimestampKey: "@timestamp",
  TraceKey: "trace",
  TruncatedKey: "truncated",
};

/** Fills in the default of every name that is missing or empty. */
export function resolveFieldKeys(keys: Partial<FieldKeys> = {}): FieldKeys {
  const resolved: Record<keyof FieldKeys, string> = { ...DEFAULT_FIELD_KEYS };
  for (const name of Object.keys(DEFAULT_FIELD_KEYS) as (keyof FieldKeys)[]) {
    resolved[name] = keys[name] || DEFAULT_FIELD_KEYS[name];
  }
  return resolved;
}
