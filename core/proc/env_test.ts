import { assertEquals } from "@std/assert";
import { env, envInt } from "./env.ts";

/** A variable that no other test has read. */
let count = 0;
function set(value: string | undefined): string {
  const name = `ZENO_TEST_ENV_${++count}`;
  if (value !== undefined) Deno.env.set(name, value);
  return name;
}

const rows: readonly { value: string | undefined; text: string; int: number | undefined }[] = [
  { value: undefined, text: "", int: undefined },
  { value: "", text: "", int: undefined },
  { value: "42", text: "42", int: 42 },
  { value: "+42", text: "+42", int: 42 },
  { value: "-7", text: "-7", int: -7 },
  { value: "-0", text: "-0", int: 0 },
  { value: "007", text: "007", int: 7 },
  { value: "4.2", text: "4.2", int: undefined },
  { value: "0x10", text: "0x10", int: undefined },
  { value: "1e3", text: "1e3", int: undefined },
  { value: " 1", text: " 1", int: undefined },
  { value: "foo", text: "foo", int: undefined },
  { value: "9007199254740993", text: "9007199254740993", int: undefined },
];
for (const { value, text, int } of rows) {
  Deno.test(`env() and envInt() of ${JSON.stringify(value)}`, () => {
    const name = set(value);
    assertEquals([env(name), envInt(name)], [text, int]);
  });
}

Deno.test("env() reads a variable once, also one that is not set", () => {
  const [there, absent] = [set("before"), set(undefined)];
  assertEquals([env(there), env(absent)], ["before", ""]);
  Deno.env.set(there, "after");
  Deno.env.set(absent, "after");
  assertEquals([env(there), env(absent)], ["before", ""]);
});
