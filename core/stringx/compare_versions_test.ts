import { assertEquals } from "@std/assert";
import { compareVersions } from "./compare_versions.ts";

type Operator = "=" | "==" | "<" | ">" | "<=" | ">=";

const holds: Readonly<Record<Operator, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "==": (order) => order === 0,
  "<": (order) => order < 0,
  ">": (order) => order > 0,
  "<=": (order) => order <= 0,
  ">=": (order) => order >= 0,
};

const rows: readonly [a: string, operator: Operator, b: string, expected: boolean][] = [
  ["1", ">", "1.0.1", false],
  ["1.0.1", "<", "1.0", false],
  ["1", ">", "0.9.9", true],
  ["1", "<", "1.0-1", true],
  ["1.0.1", "<", "1-0.1", false],
  ["1.0.1", "==", "1.0.1", true],
  ["1.1-1", "==", "1.0.2", false],
  ["1.0.1", ">=", "1.0.2", false],
  ["1.0.4", "<=", "1.0.6", true],
  ["v1.2.3", "=", "1.2.3", true],
  ["1.a", "=", "1.0", true],
  ["1.0", ">", "1", true],
  ["1.10", ">", "1.9", true],
  ["V2", ">", "v1.9.9", true],
];
for (const [a, operator, b, expected] of rows) {
  Deno.test(`compareVersions(): ${a} ${operator} ${b} is ${expected}`, () => {
    assertEquals(holds[operator](compareVersions(a, b)), expected);
    assertEquals(Math.sign(compareVersions(b, a)), Math.sign(-compareVersions(a, b)) + 0);
  });
}
