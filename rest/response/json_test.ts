import { assertEquals, assertThrows } from "@std/assert";
import { empty, json, jsonWithBytes, stringify } from "./json.ts";

const values: [value: unknown, text: string][] = [
  [{ a: [1, "x", null, true] }, '{"a":[1,"x",null,true]}'],
  [null, "null"],
  [undefined, "null"],
  ["<b>&amp;é", '"<b>&amp;é"'],
  [{ id: 9007199254740993n }, '{"id":9007199254740993}'],
  [[-1n], "[-1]"],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
];

for (const [value, text] of values) {
  Deno.test(`json() writes ${text}`, async () => {
    const response = json(value);
    assertEquals([response.status, await response.text()], [200, text]);
    assertEquals(response.headers.get("content-type"), "application/json");
  });
}

Deno.test("json() keeps the status and headers it is given", async () => {
  const headers = { "x-total": "3", "content-type": "application/hal+json" };
  for (
    const response of [json([1], { status: 201, headers }), json([1n], { status: 201, headers })]
  ) {
    assertEquals(response.status, 201);
    assertEquals(response.headers.get("x-total"), "3");
    assertEquals(response.headers.get("content-type"), "application/hal+json");
    assertEquals(await response.text(), "[1]");
  }
});

Deno.test("json() throws for a cycle", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  assertThrows(() => json(cycle), TypeError);
});

Deno.test("jsonWithBytes() writes bytes as base64 at any depth, and bigints", async () => {
  const value = { list: [new Uint8Array([0, 255])], id: 1n, empty: new Uint8Array() };
  assertEquals(await jsonWithBytes(value).text(), '{"list":["AP8="],"id":1,"empty":""}');
  assertEquals(stringify(undefined), "null");
});

Deno.test("empty() has no body and the status it is given", async () => {
  const response = empty({ status: 204 });
  assertEquals([response.status, response.body, await response.text()], [204, null, ""]);
});
