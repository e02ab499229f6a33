import { assertEquals, assertThrows } from "@std/assert";
import { packAny, unpackAny } from "./any.ts";
import { DecodeError } from "./errors.ts";
import { Any } from "./google/protobuf/any.gen.ts";
import { Duration } from "./google/protobuf/duration.gen.ts";
import { Timestamp } from "./google/protobuf/timestamp.gen.ts";
import { dateOf, durationOf, msOf, timestampOf } from "./time.ts";

const instants = [
  { ms: 0, json: "1970-01-01T00:00:00Z" },
  { ms: 1, json: "1970-01-01T00:00:00.001Z" },
  { ms: -1, json: "1969-12-31T23:59:59.999Z" },
  { ms: -62_135_596_800_000, json: "0001-01-01T00:00:00Z" },
  { ms: 253_402_300_799_999, json: "9999-12-31T23:59:59.999Z" },
];
for (const { ms, json } of instants) {
  Deno.test(`timestampOf() and dateOf() take ${ms} ms`, () => {
    assertEquals(Timestamp.toJson(timestampOf(ms)), json);
    assertEquals(timestampOf(new Date(ms)), timestampOf(ms));
    assertEquals(dateOf(timestampOf(ms)).getTime(), ms);
  });
}

for (const ms of [NaN, Infinity, -62_135_596_800_001, 253_402_300_800_000]) {
  Deno.test(`timestampOf() refuses ${ms}`, () => {
    assertThrows(() => timestampOf(ms), RangeError, "Cannot make timestamp");
  });
}

const durations = [
  { ms: 0, json: "0s" },
  { ms: -0, json: "0s" },
  { ms: 0.5, json: "0.000500s" },
  { ms: -0.000001, json: "-0.000000001s" },
  { ms: -1500, json: "-1.500s" },
  { ms: 315_576_000_000_000, json: "315576000000s" },
];
for (const { ms, json } of durations) {
  Deno.test(`durationOf() and msOf() take ${ms} ms`, () => {
    assertEquals(Duration.toJson(durationOf(ms)), json);
    assertEquals(msOf(durationOf(ms)), ms + 0);
  });
}

for (const ms of [NaN, -Infinity, 315_576_000_001_000]) {
  Deno.test(`durationOf() refuses ${ms}`, () => {
    assertThrows(() => durationOf(ms), RangeError, "Cannot make duration");
  });
}

Deno.test("unpackAny() gives nothing for another type, and refuses broken bytes", () => {
  const any = packAny(Duration, durationOf(5));
  assertEquals(unpackAny(any, Timestamp), undefined);
  assertEquals(unpackAny(Any.decode(Any.encode(any)), Duration), durationOf(5));
  const broken = { ...any, value: Uint8Array.of(8) };
  assertThrows(() => unpackAny(broken, Duration), DecodeError);
});

for (
  const { ms, duration } of [
    { ms: 999.999_999_9, duration: { seconds: 1n, nanos: 0 } },
    { ms: -999.999_999_9, duration: { seconds: -1n, nanos: 0 } },
    { ms: 59_999.999_999_9, duration: { seconds: 60n, nanos: 0 } },
  ]
) {
  Deno.test(`durationOf() carries the nanoseconds of ${ms} ms`, () => {
    assertEquals(durationOf(ms), duration);
  });
}

Deno.test("timestampOf() of an instant next to a second has no whole second of nanoseconds", () => {
  assertEquals(timestampOf(-1e-20), { seconds: -1n, nanos: 999_999_999 });
});
