import { checkCases, structProgram as struct } from "./testing/program.ts";

checkCases("members", [
  {
    name: "of one name",
    text: struct('A int `json:"a"`\nA int `json:"b"`'),
    found: ["3:1 E-duplicate-field"],
  },
  { name: "of one name in a list", text: struct("A, A int"), found: ["2:4 E-duplicate-field"] },
  {
    name: "of one wire name in different sources",
    text: struct('A int `json:"a"`\nB int `form:"a"`\nC int `path:"a"`'),
    found: [],
  },
  {
    name: "of one form name",
    text: struct('A int `form:"x"`\nB int `form:"x,optional"`'),
    found: ["3:7 E-duplicate-wire-name"],
  },
  {
    name: "of one header name",
    text: struct('A int `header:"X-Id"`\nB int `header:"x-id"`'),
    found: ["3:7 E-duplicate-wire-name"],
  },
  {
    name: "of one name of another encoder",
    text: struct('A int `db:"a"`\nB int `db:"a"`'),
    found: [],
  },
  {
    name: "without a tag",
    text: struct('A int\nB int `json:"A"`'),
    found: ["3:7 E-duplicate-wire-name"],
  },
  {
    name: "with an empty name",
    text: struct('A int `json:",optional"`\nB int `json:"A"`'),
    found: ["3:7 E-duplicate-wire-name"],
  },
  { name: "that are ignored", text: struct('A int `json:"-"`\nB int `json:"-"`'), found: [] },
  {
    name: "of one wire name in different structures",
    text: struct('A int `json:"a"`\nB {\nC int `json:"a"`\n} `json:"b"`'),
    found: [],
  },
  { name: "sharing a wire name", text: struct('A, B int `json:"a"`'), found: ["2:10 E-tag"] },
  { name: "sharing options", text: struct('A, B int `json:",optional"`'), found: [] },
  { name: "with a malformed tag", text: struct("A int `json:a`"), found: ["2:7 E-tag"] },
  {
    name: "with a malformed tag in a nested structure",
    text: struct("A {\nB int `json`\n}"),
    found: ["3:7 E-tag"],
  },
]);
