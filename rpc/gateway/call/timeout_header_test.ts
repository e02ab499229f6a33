import { assertEquals } from "@std/assert";
import { parseGrpcTimeout, parseLooseTimeout } from "./timeout_header.ts";

const rows: [text: string | null, strict: number | undefined, loose: number | undefined][] = [
  [null, undefined, undefined],
  ["", undefined, undefined],
  ["1S", 1_000, 1_000],
  ["2H", 7_200_000, 7_200_000],
  ["3M", 180_000, 180_000],
  ["100m", 100, 100],
  ["5000u", 5, 5],
  ["1000000n", 1, 1],
  ["99999999S", 99_999_999_000, 99_999_999_000],
  ["999999999S", undefined, undefined],
  ["0m", 0, 0],
  ["1s", undefined, 1_000],
  ["1.5s", undefined, 1_500],
  ["200ms", undefined, 200],
  ["1h2m", undefined, 3_720_000],
  ["-1s", undefined, undefined],
  ["-1S", undefined, undefined],
  ["1", undefined, undefined],
  ["S", undefined, undefined],
  ["1 S", undefined, undefined],
  ["invalid", undefined, undefined],
];

for (const [text, strict, loose] of rows) {
  Deno.test(`parseGrpcTimeout() reads ${JSON.stringify(text)} as ${strict}`, () => {
    assertEquals([parseGrpcTimeout(text), parseLooseTimeout(text)], [strict, loose]);
  });
}
