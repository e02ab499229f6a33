import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { localDate, TIME_FORMATS, timeFormatter } from "./time_format.ts";

const TIME = Date.UTC(2026, 10, 23, 6, 11, 19, 464);

Deno.test("timeFormatter() prints UTC", () => {
  assertEquals(timeFormatter("utc")(TIME), "2026-11-23T06:11:19.464Z");
});

Deno.test("timeFormatter() prints epoch milliseconds", () => {
  assertEquals(timeFormatter("unixms")(TIME + 0.7), String(TIME));
});

for (const name of ["rfc3339ms", "2006-01-02T15:04:05.000Z07:00"]) {
  Deno.test(`timeFormatter() prints local time to the millisecond as ${name}`, () => {
    const format = timeFormatter(name);
    // Both sides of a day, of daylight saving somewhere, and back: the cached second must not stick.
    for (const time of [0, 7, 999, 1000, TIME, TIME + 1, TIME + 999, 1774746000000, 5, TIME]) {
      const text = format(time);
      assertMatch(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/);
      assertEquals(Date.parse(text), time);
    }
  });
}

for (const name of ["rfc3339", "2006-01-02T15:04:05Z07:00"]) {
  Deno.test(`timeFormatter() prints local time to the second as ${name}`, () => {
    const text = timeFormatter(name)(TIME);
    assertMatch(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/);
    assertEquals(Date.parse(text), TIME - 464);
  });
}

Deno.test("timeFormatter() refuses names it does not know", () => {
  assertThrows(() => timeFormatter("2006"), SyntaxError, '"2006" is not one of rfc3339ms');
  assertThrows(() => timeFormatter("toString"), SyntaxError);
  assertEquals(TIME_FORMATS.length, 6);
});

Deno.test("localDate() is the local calendar date", () => {
  assertEquals(localDate(new Date(2026, 0, 5, 23, 59).getTime()), "2026-01-05");
  assertEquals(localDate(new Date(2026, 0, 6, 0, 0).getTime()), "2026-01-06");
});
