import { assertEquals, assertThrows } from "@std/assert";
import { addGlobalLogFields, contextLogFields, globalLogFields, withLogFields } from "./fields.ts";

Deno.test("withLogFields() follows awaits and ends with the function", async () => {
  const seen = await withLogFields({ a: 1 }, async () => {
    await Promise.resolve();
    return contextLogFields();
  });
  assertEquals(seen, { a: 1 });
  assertEquals(contextLogFields(), undefined);
});

Deno.test("withLogFields() adds to outer fields and leaves them as they were", () => {
  withLogFields({ a: 1, b: 1 }, () => {
    withLogFields({ b: 2, c: 3 }, () => {
      assertEquals(contextLogFields(), { a: 1, b: 2, c: 3 });
    });
    assertEquals(contextLogFields(), { a: 1, b: 1 });
  });
});

Deno.test("withLogFields() keeps concurrent requests apart", async () => {
  const seen = await Promise.all([1, 2, 3].map((id) =>
    withLogFields({ id }, async () => {
      for (let i = 0; i < id; i++) await Promise.resolve();
      return contextLogFields()?.id;
    })
  ));
  assertEquals(seen, [1, 2, 3]);
});

Deno.test("withLogFields() passes on what the function throws", () => {
  assertThrows(
    () =>
      withLogFields({ a: 1 }, () => {
        throw new Error("inner");
      }),
    Error,
    "inner",
  );
  assertEquals(contextLogFields(), undefined);
});

Deno.test("addGlobalLogFields() adds until disposed", () => {
  const before = globalLogFields();
  const outer = addGlobalLogFields({ version: "1", zone: "a" });
  const inner = addGlobalLogFields({ version: "2" });
  assertEquals(globalLogFields(), { ...before, version: "2", zone: "a" });
  inner[Symbol.dispose]();
  inner[Symbol.dispose]();
  assertEquals(globalLogFields(), { ...before, version: "1", zone: "a" });
  outer[Symbol.dispose]();
  assertEquals(globalLogFields(), before);
});
