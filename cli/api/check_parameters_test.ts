import { checkCases } from "./testing/program.ts";

const request = (members: string, path: string) =>
  `type T {\n${members}\n}\ntype U {\nX int \`path:"x"\`\n}\nservice s {\n@handler h\nget ${path} (T)\n}\n`;

checkCases("path parameters", [
  { name: "that a member takes", text: request('A int `path:"a"`', "/:a"), found: [] },
  { name: "that an embedded member takes", text: request("U", "/:x"), found: [] },
  {
    name: "that no member takes",
    text: request('A int `form:"a"`', "/:a"),
    found: ["9:5 W-path-parameter"],
  },
  {
    name: "that are not in the path",
    text: request('A int `path:"a"`', "/a"),
    found: ["9:5 W-path-parameter"],
  },
  { name: "of the member's own name", text: request('A int `path:",optional"`', "/:A"), found: [] },
  { name: "without a request", text: "service s {\n@handler h\nget /:id\n}", found: [] },
]);
