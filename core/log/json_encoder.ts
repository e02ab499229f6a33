import { escapeJsonControls } from "./control_characters.ts";
import { type FieldKeys, resolveFieldKeys } from "./field_keys.ts";
import type { LogEncoder, LogRecord } from "./record.ts";
import { type TimeFormatter, timeFormatter } from "./time_format.ts";

/** Options of the encoders. */
export interface EncoderOptions {
  /** Names of the standard members. */
  keys?: Partial<FieldKeys> | undefined;
  /** Prints the time of a line. @default {timeFormatter("rfc3339ms")} */
  timeFormat?: TimeFormatter | undefined;
}

interface Member {
  readonly key: string;
  /** `"key":`, with what comes before it in the line. */
  readonly opening: string;
}

/**
 * One JSON object a line, members sorted by name, time, level and content last in precedence, so a
 * field can never pretend to be one of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { timeFormatter } from "@zeno/zeno/core/log";
 * const encoder = new JsonEncoder({ timeFormat: timeFormatter("utc") });
 * assertEquals(
 *   encoder.encode({ time: 0, level: "info", channel: "access", content: "hi", fields: { n: 1 } }),
 *   '{"@timestamp":"1970-01-01T00:00:00.000Z","content":"hi","level":"info","n":1}\n',
 * );
 * ```
 */
export class JsonEncoder implements LogEncoder {
  readonly #keys: FieldKeys;
  readonly #timeFormat: TimeFormatter;
  #shape: readonly string[] = [];
  #members: readonly Member[];

  /** Makes an encoder. */
  constructor(options: EncoderOptions = {}) {
    this.#keys = resolveFieldKeys(options.keys);
    this.#timeFormat = options.timeFormat ?? timeFormatter("rfc3339ms");
    this.#members = this.#sort([]);
  }

  /** The line, `\n` included. */
  encode(record: LogRecord): string {
    const { fields, time, level, content } = record;
    const { TimestampKey, LevelKey, ContentKey } = this.#keys;
    let line = "";
    for (const { key, opening } of this.#membersOf(Object.keys(fields))) {
      line += opening;
      if (key === TimestampKey) line += JSON.stringify(this.#timeFormat(time));
      else if (key === LevelKey) line += `"${level}"`;
      else line += JSON.stringify(key === ContentKey ? content : fields[key]);
    }
    return escapeJsonControls(line) + "}\n";
  }

  /** Lines of one kind follow each other, so the sorting is done anew only when the keys change. */
  #membersOf(shape: readonly string[]): readonly Member[] {
    const last = this.#shape;
    let same = last.length === shape.length;
    for (let i = 0; same && i < shape.length; i++) same = last[i] === shape[i];
    if (!same) {
      this.#shape = shape;
      this.#members = this.#sort(shape);
    }
    return this.#members;
  }

  #sort(shape: readonly string[]): readonly Member[] {
    const { TimestampKey, LevelKey, ContentKey } = this.#keys;
    const keys = [...new Set([...shape, TimestampKey, LevelKey, ContentKey])].sort();
    return keys.map((key, index) => ({
      key,
      opening: `${index === 0 ? "{" : ","}${JSON.stringify(key)}:`,
    }));
  }
}
