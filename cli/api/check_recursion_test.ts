import { checkCases, SERVICE, structProgram as struct } from "./testing/program.ts";

checkCases("recursion", [
  {
    name: "through a slice, a map and a pointer",
    text: struct("A []T\nB map[string]T\nC *T\nD []*T"),
    found: [],
  },
  { name: "through a fixed array", text: struct("A [2]T"), found: ["2:1 E-recursive-type"] },
  {
    name: "through a nested structure",
    text: struct("A {\nB T\n}"),
    found: ["3:1 E-recursive-type"],
  },
  { name: "through an optional member", text: struct('A T `json:"a,optional"`'), found: [] },
  {
    name: "through three types",
    text: `type A {\nB B\n}\ntype B {\nC C\n}\ntype C {\nA A\n}\n${SERVICE}`,
    found: ["2:1 E-recursive-type"],
  },
  {
    name: "two cycles",
    text: `type A {\nA A\n}\ntype B {\nB B\n}\n${SERVICE}`,
    found: ["2:1 E-recursive-type", "5:1 E-recursive-type"],
  },
  {
    name: "through an embedded structure and a member",
    text: `type A {\nB\n}\ntype B {\nX A\n}\n${SERVICE}`,
    found: ["5:1 E-recursive-type"],
  },
  { name: "embedding itself", text: struct("T"), found: ["2:1 W-embedded-cycle"] },
  {
    name: "through an embedded pointer and a member",
    text: `type A {\n*B\n}\ntype B {\nX A\n}\n${SERVICE}`,
    found: [],
  },
]);
