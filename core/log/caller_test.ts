import { assertEquals, assertMatch } from "@std/assert";
import { callerOf, shortCaller, stackOf } from "./caller.ts";

const cases = [
  { file: "logx_test.go", line: 123, short: "logx_test.go:123" },
  { file: "adhoc/logx_test.go", line: 123, short: "adhoc/logx_test.go:123" },
  { file: "github.com/a/b/core/logx/util_test.go", line: 12, short: "logx/util_test.go:12" },
  { file: "C:\\app\\order\\create.ts", line: 7, short: "order/create.ts:7" },
];

for (const { file, line, short } of cases) {
  Deno.test(`shortCaller() shortens ${file}`, () => assertEquals(shortCaller(file, line), short));
}

Deno.test("callerOf() names the place of the call and leaves the stack limit as it was", () => {
  const before = Error.stackTraceLimit;
  const where = (): string => callerOf(where);
  assertMatch(where(), /^log\/caller_test\.ts:\d+$/);
  assertEquals(Error.stackTraceLimit, before);
});

Deno.test("callerOf() is empty when the function is not on the stack", () => {
  assertEquals(callerOf(() => {}), "");
});

Deno.test("stackOf() begins with the caller", () => {
  const where = (): string => stackOf(where);
  assertMatch(where(), /^ {4}at .*caller_test\.ts/);
});
