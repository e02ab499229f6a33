import { checkCases, SERVICE, structProgram as struct } from "./testing/program.ts";

checkCases("types", [
  { name: "names differ by case", text: `type T {}\ntype t {}\n${SERVICE}`, found: [] },
  {
    name: "twice in a group",
    text: `type (\nT {}\nT {}\n)\n${SERVICE}`,
    found: ["3:1 E-duplicate-type"],
  },
  {
    name: "three times",
    text: `type T {}\ntype T {}\ntype T {}\n${SERVICE}`,
    found: ["2:6 E-duplicate-type", "3:6 E-duplicate-type"],
  },
  {
    name: "an alias of a map",
    text: `type T = map[string]int\n${SERVICE}`,
    found: ["1:6 E-not-struct"],
  },
  {
    name: "an alias of a pointer",
    text: `type T *U\ntype U {}\n${SERVICE}`,
    found: ["1:6 E-not-struct"],
  },
  { name: "named any", text: `type any {\nA int\n}\n${SERVICE}`, found: ["1:6 E-base-type"] },
  { name: "named error is no base type", text: `type error {\nA int\n}\n${SERVICE}`, found: [] },
  { name: "any in a map", text: struct("A map[string]any"), found: ["2:14 E-any"] },
  { name: "any behind pointers and slices", text: struct("A *[]any"), found: ["2:6 E-any"] },
  { name: "any embedded", text: struct("any"), found: ["2:1 E-embedded"] },
  { name: "a pointer to a base type embedded", text: struct("*int"), found: ["2:2 E-embedded"] },
  {
    name: "interface{} anywhere",
    text: struct("A []*interface{}\nB map[int]interface{}\nC [2]interface{}"),
    found: [],
  },
  {
    name: "a structure deep in lists",
    text: struct("A [][]{ B int }"),
    found: ["2:3 E-inline-struct"],
  },
  {
    name: "a structure deep in maps",
    text: struct("A map[int]map[int]{ B int }"),
    found: ["2:3 E-inline-struct"],
  },
  { name: "an open array in a slice", text: struct("A [][...]int"), found: ["2:5 E-array"] },
  { name: "an array without elements", text: struct("A [0]int"), found: [] },
  {
    name: "an array of too many elements",
    text: struct("A [99999999999999999999]int"),
    found: ["2:3 E-array"],
  },
  {
    name: "a map key of interface{}",
    text: struct("A map[interface{}]int"),
    found: ["2:3 E-map-key"],
  },
  { name: "a map key of a map", text: struct("A []map[map[int]int]int"), found: ["2:5 E-map-key"] },
  {
    name: "map keys of base types",
    text: struct("A map[bool]int\nB map[float64]int\nC map[byte]int"),
    found: [],
  },
  {
    name: "unresolved in a map key",
    text: struct("A map[Z]int"),
    found: ["2:7 E-unresolved", "2:3 E-map-key"],
  },
  {
    name: "unresolved in a nested structure",
    text: struct("A {\nB {\nC *Z\n}\n}"),
    found: ["4:4 E-unresolved"],
  },
  {
    name: "an empty structure in a nested one",
    text: struct("A {\nB {}\n}"),
    found: ["3:3 E-empty-struct"],
  },
  { name: "three pointers", text: struct("A ***int"), found: ["2:3 W-pointer", "2:4 W-pointer"] },
]);
