import { assertEquals, assertThrows } from "@std/assert";
import { DecodeError } from "../../proto/errors.ts";
import { HttpRule } from "../../proto/google/api/http.gen.ts";
import { Writer } from "../../proto/writer.ts";
import { ruleInData, ruleInOptions } from "./http_rule_option.ts";

const HTTP_TAG = (72295728 << 3 | 2) >>> 0;
const OTHER_TAG = (50_000 << 3 | 2) >>> 0;
const piece = (json: Parameters<typeof HttpRule.fromJson>[0]) =>
  HttpRule.encode(HttpRule.fromJson(json)).slice();

Deno.test("ruleInOptions() finds the rule among other options, in one piece or several", () => {
  const options = new Writer();
  options.tag(OTHER_TAG).string("a");
  options.tag(HTTP_TAG).bytes(piece({ post: "/a", additionalBindings: [{ get: "/b" }] }));
  options.tag(OTHER_TAG).string("b");
  options.tag(HTTP_TAG).bytes(piece({ body: "*", additionalBindings: [{ get: "/c" }] }));
  assertEquals(HttpRule.toJson(ruleInOptions(options.finish())!), {
    post: "/a",
    body: "*",
    additionalBindings: [{ get: "/b" }, { get: "/c" }],
  });
});

Deno.test("ruleInOptions() finds nothing where there is nothing", () => {
  assertEquals(ruleInOptions(undefined), undefined);
  const options = new Writer();
  options.tag(OTHER_TAG).string("a");
  assertEquals(ruleInOptions(options.finish()), undefined);
});

Deno.test("ruleInData() reads the options of generated code", () => {
  assertEquals(ruleInData(undefined), undefined);
  assertEquals(ruleInData({}), undefined);
  assertEquals(ruleInData({ "google.api.http": { get: "/a" } })?.pattern.value, "/a");
  assertThrows(() => ruleInData({ "google.api.http": { got: "/a" } }), DecodeError);
});
