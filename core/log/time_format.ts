/** Turns milliseconds since the Unix epoch into text. */
export type TimeFormatter = (epochMs: number) => string;

/**
 * Formats by name, all in local time but `utc`. The two layouts that go-zero config files spell out
 * in full are accepted under that spelling too.
 */
const FORMATS: Readonly<Record<string, () => TimeFormatter>> = {
  rfc3339ms: () => perSecond(true),
  rfc3339: () => perSecond(false),
  utc: () => (epochMs) => new Date(epochMs).toISOString(),
  unixms: () => (epochMs) => String(Math.trunc(epochMs)),
  "2006-01-02T15:04:05.000Z07:00": () => perSecond(true),
  "2006-01-02T15:04:05Z07:00": () => perSecond(false),
};

/** Names {@link timeFormatter} takes. */
export const TIME_FORMATS: readonly string[] = Object.keys(FORMATS);

/**
 * A formatter by name: `rfc3339ms` (`2026-11-23T06:11:19.464+08:00`, local), `rfc3339` (the same in
 * whole seconds), `utc` (as `rfc3339ms`, always `Z`), `unixms`.
 *
 * @throws {SyntaxError} If there is no format of that name.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(timeFormatter("utc")(1795414279464), "2026-11-23T06:11:19.464Z");
 * ```
 */
export function timeFormatter(name: string): TimeFormatter {
  const make = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (!make) {
    throw new SyntaxError(
      `Cannot format time: "${name}" is not one of ${TIME_FORMATS.join(", ")}`,
    );
  }
  return make();
}

/** The local calendar date, `yyyy-mm-dd`. */
export function localDate(epochMs: number): string {
  const date = new Date(epochMs);
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** All but the milliseconds changes once a second, so a busy logger formats it once a second. */
function perSecond(withMs: boolean): TimeFormatter {
  let second = NaN;
  let head = "";
  let zone = "";
  return (epochMs) => {
    const current = Math.floor(epochMs / 1000);
    if (current !== second) {
      second = current;
      const date = new Date(current * 1000);
      head = `${localDate(epochMs)}T${pad(date.getHours())}:${pad(date.getMinutes())}:${
        pad(date.getSeconds())
      }`;
      zone = zoneOf(date);
    }
    return withMs ? `${head}.${pad(Math.floor(epochMs) - current * 1000, 3)}${zone}` : head + zone;
  };
}

function zoneOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return "Z";
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.trunc(size / 60))}:${pad(size % 60)}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
