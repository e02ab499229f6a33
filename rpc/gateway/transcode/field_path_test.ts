import { assertEquals } from "@std/assert";
import { field } from "../../proto/field.ts";
import type { JsonValue } from "../../proto/json_value.ts";
import { dynamicType } from "../dynamic/dynamic_type.ts";
import { findPlace, setPlace } from "./field_path.ts";

const inner = dynamicType("demo.Inner", () => [{ info: field(1, "full_name", "string") }]);
const outer = dynamicType("demo.Outer", () => [
  { info: field(1, "inner_box", inner) },
  { info: field(2, "many_boxes", inner, { repeated: true }) },
  { info: field(3, "boxes_by_name", inner, { map: "string" }) },
  { info: field(4, "word_list", "string", { repeated: true }) },
  { info: field(5, "count_by_name", "int32", { map: "string" }) },
]);

const rows: readonly (readonly [path: string, json: JsonValue, set: JsonValue])[] = [
  ["inner_box.full_name", {}, { innerBox: { fullName: "v2" } }],
  ["innerBox.fullName", { inner_box: { full_name: "a" } }, { innerBox: { fullName: "v2" } }],
  ["innerBox.fullName", { innerBox: [{}, { x: 1 }] }, { innerBox: { x: 1, fullName: "v2" } }],
  ["innerBox.fullName", { innerBox: [] }, { innerBox: { fullName: "v2" } }],
  ["innerBox.fullName", { innerBox: 7 }, { innerBox: { fullName: "v2" } }],
  ["word_list", { wordList: ["a"] }, { wordList: ["v1", "v2"] }],
  ["word_list", { word_list: ["a"] }, { wordList: ["v1", "v2"] }],
  ["count_by_name[a.b]", { count_by_name: { c: 1 } }, { countByName: { c: 1, "a.b": "v2" } }],
  ["countByName[__proto__]", {}, { countByName: JSON.parse('{"__proto__":"v2"}') }],
];

for (const [path, json, expected] of rows) {
  Deno.test(`setPlace() puts ${path} into ${JSON.stringify(json)}`, () => {
    const draft = structuredClone(json) as { [name: string]: JsonValue };
    setPlace(draft, findPlace(outer, path.split(/\.(?![^[]*\])/))!, ["v1", "v2"]);
    assertEquals(JSON.parse(JSON.stringify(draft)), expected);
  });
}

for (
  const path of [
    "none",
    "innerBox.none",
    "many_boxes.fullName",
    "boxesByName",
    "boxesByName[a].fullName",
    "innerBox[a]",
    "word_list.x",
    "",
  ]
) {
  Deno.test(`findPlace() finds nothing at ${JSON.stringify(path)}`, () => {
    assertEquals(findPlace(outer, path.split(".")), undefined);
  });
}
