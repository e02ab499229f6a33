import { assertEquals, assertThrows } from "@std/assert";
import { HttpRule } from "../../proto/google/api/http.gen.ts";
import type { JsonValue } from "../../proto/json_value.ts";
import { libraryMethod } from "../testdata/library.ts";
import { bindingsOfRule } from "./binding.ts";

const bad: [rule: JsonValue, problem: string][] = [
  [{ get: "v1" }, 'Cannot parse path template "v1": need "/" at character 1'],
  [{ get: "/v1/{none}" }, "library.v1.PutBook has no field none"],
  [{ get: "/v1/{book}" }, "book holds more than a path can say"],
  [{ get: "/v1/{book.tags}" }, "book.tags holds more than a path can say"],
  [{ get: "/v1/{book.counts}" }, "library.v1.PutBook has no field book.counts"],
  [{ get: "/v1/{book.none}" }, "library.v1.PutBook has no field book.none"],
  [{ get: "/v1/{shelf.x}" }, "library.v1.PutBook has no field shelf.x"],
  [{ post: "/v1", body: "none" }, "library.v1.PutBook has no field none"],
  [{ get: "/v1", responseBody: "none" }, "library.v1.PutBook has no field none"],
  [{ custom: { kind: "A B", path: "/v1" } }, '"A B" is no HTTP method'],
  [
    { get: "/v1", additionalBindings: [{ get: "/v2", additionalBindings: [{ get: "/v3" }] }] },
    "additional bindings have additional bindings",
  ],
];

for (const [rule, problem] of bad) {
  Deno.test(`bindingsOfRule() refuses ${JSON.stringify(rule)}`, () => {
    const method = { ...libraryMethod("Create"), rule: HttpRule.fromJson(rule) };
    const message = `Cannot serve /library.v1.Library/Create by HTTP: ${problem}`;
    assertThrows(() => bindingsOfRule(method), SyntaxError, message);
  });
}

Deno.test("bindingsOfRule() takes what text can say", () => {
  for (
    const name of [
      "book.kind",
      "book.big",
      "book.ts",
      "book.votes",
      "book.loan",
      "book.scan",
      "mask",
    ]
  ) {
    const rule = HttpRule.fromJson({ get: `/v1/{${name}}` });
    assertEquals(bindingsOfRule({ ...libraryMethod("Create"), rule }).length, 1);
  }
});

Deno.test("bindingsOfRule() makes nothing of a method without a rule, or of a rule without a pattern", () => {
  const method = libraryMethod("Plain");
  assertEquals(bindingsOfRule(method), []);
  assertEquals(bindingsOfRule({ ...method, rule: HttpRule.fromJson({ body: "*" }) }), []);
});
