import { assertEquals } from "@std/assert";
import { readTimestamp } from "./timestamp.ts";

const cases: readonly (readonly [text: string, iso: string])[] = [
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000Z"],
  ["2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05.123Z"],
  ["2024-01-02T03:04:05.5+05:30", "2024-01-01T21:34:05.500Z"],
  ["2024-02-29T00:00:00-01:00", "2024-02-29T01:00:00.000Z"],
];
for (const [text, iso] of cases) {
  Deno.test(`readTimestamp() reads ${text}`, () => {
    assertEquals(readTimestamp(text)?.toISOString(), iso);
  });
}

const wrong = [
  "",
  "2024-01-02",
  "2024-01-02 03:04:05Z",
  "2024-01-02T03:04:05",
  "2024-01-02T03:04Z",
  "2024-01-02T03:04:05.Z",
  "2024-01-02T03:04:05+0100",
  "2024-01-02T03:04:05+25:00",
  "2024-13-01T00:00:00Z",
  "2023-02-29T00:00:00Z",
  "2024-04-31T00:00:00Z",
  "2024-01-00T00:00:00Z",
  "2024-01-02T24:00:00Z",
  "2024-01-02T03:60:00Z",
  "2024-01-02T03:04:05Zx",
  "Tue, 02 Jan 2024 03:04:05 GMT",
];
for (const text of wrong) {
  Deno.test(`readTimestamp() refuses ${JSON.stringify(text)}`, () => {
    assertEquals(readTimestamp(text), undefined);
  });
}
