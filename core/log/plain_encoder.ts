import { escapeControls } from "./control_characters.ts";
import type { EncoderOptions } from "./json_encoder.ts";
import type { JsonValue, LogEncoder, LogLabel, LogRecord } from "./record.ts";
import { type TimeFormatter, timeFormatter } from "./time_format.ts";

/** Options for {@link PlainEncoder}. */
export interface PlainEncoderOptions extends EncoderOptions {
  /** Whether levels are coloured. @default {false} */
  color?: boolean | undefined;
}

// SGR foreground codes. Whether to colour was decided by whoever set `color`, so the library functions,
// which look at NO_COLOR once more, are of no use here.
const RED = 31;
const GREEN = 32;
const YELLOW = 33;
const BLUE = 34;

const COLORS: Readonly<Record<LogLabel, number>> = {
  alert: RED,
  error: RED,
  fatal: RED,
  info: BLUE,
  slow: YELLOW,
  debug: YELLOW,
  stat: GREEN,
};

/**
 * Time, level, content and `key=value` fields in the order they were given, with tabs between them.
 * Control characters are shown as escapes, so a message can neither start a line of its own nor a
 * field, nor steer the terminal it is read on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { timeFormatter } from "@zeno/zeno/core/log";
 * const encoder = new PlainEncoder({ timeFormat: timeFormatter("utc") });
 * assertEquals(
 *   encoder.encode({ time: 0, level: "info", channel: "access", content: "hi", fields: { n: 1 } }),
 *   "1970-01-01T00:00:00.000Z\t info \thi\tn=1\n",
 * );
 * ```
 */
export class PlainEncoder implements LogEncoder {
  readonly #timeFormat: TimeFormatter;
  readonly #color: boolean;

  /** Makes an encoder. */
  constructor(options: PlainEncoderOptions = {}) {
    this.#timeFormat = options.timeFormat ?? timeFormatter("rfc3339ms");
    this.#color = options.color ?? false;
  }

  /** The line, `\n` included. */
  encode({ time, level, content, fields }: LogRecord): string {
    const label = this.#color ? `\x1b[${COLORS[level]}m ${level} \x1b[39m` : ` ${level} `;
    let line = `${this.#timeFormat(time)}\t${label}\t${text(content)}`;
    for (const key of Object.keys(fields)) line += `\t${escapeControls(key)}=${text(fields[key]!)}`;
    return line + "\n";
  }
}

function text(value: JsonValue): string {
  return escapeControls(typeof value === "string" ? value : JSON.stringify(value));
}
