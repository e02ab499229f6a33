import { assertEquals } from "@std/assert";
import { joinPath, parametersOf, pathEnd, pathProblem, pathShape } from "./path.ts";

const paths: { path: string; index?: number }[] = [
  ...("/ /a /a/ /a_b /a-b-c /a.b /a.b-c /1 /1a /:id /:a-b /:a.b /:1 /A/B /_a /get /3s /v1.0 /a-1 /-/x " +
    "/-a /.well-known /returns /~me /a~b /:a-1 /:id/ a v1/:id a-b/c /- /5min /2nd").split(" ")
    .map((path) => ({ path })),
  { path: "/a-", index: 3 },
  { path: "/a.", index: 3 },
  { path: "/a--b", index: 3 },
  { path: "/a..b", index: 3 },
  { path: "/a.-b", index: 3 },
  { path: "/a-/b", index: 3 },
  { path: "/--", index: 2 },
  { path: "/.", index: 1 },
  { path: "/..", index: 1 },
  { path: "/...", index: 1 },
  { path: "/a/../b", index: 3 },
  { path: "/:", index: 2 },
  { path: "/:/a", index: 2 },
  { path: "/:-a", index: 2 },
  { path: "/:.a", index: 2 },
  { path: "/:a:b", index: 3 },
  { path: "/a:b", index: 2 },
];

for (const { path, index } of paths) {
  Deno.test(`pathProblem() ${index === undefined ? "accepts" : "refuses"} ${path}`, () => {
    assertEquals(pathProblem(path)?.index, index);
  });
}

const ends = [
  { text: "/a b", end: 2 },
  { text: "/a//b", end: 2 },
  { text: "/a/*b*/", end: 2 },
  { text: "/a/ /b", end: 3 },
  { text: "//", end: 0 },
  { text: "/a(Req)", end: 2 },
  { text: "/{id}", end: 1 },
];

for (const { text, end } of ends) {
  Deno.test(`pathEnd() finds the end of ${text}`, () => assertEquals(pathEnd(text, 0), end));
}

const joined = [
  { parts: ["", "/p"], path: "/p" },
  { parts: ["v1", "/p/"], path: "/v1/p" },
  { parts: ["/v1/", "/"], path: "/v1" },
  { parts: ["/", "/"], path: "/" },
  { parts: ["//a//", "b"], path: "/a/b" },
];

for (const { parts, path } of joined) {
  Deno.test(`joinPath() makes ${path} of ${parts.join(" and ")}`, () => {
    assertEquals(joinPath(...parts), path);
  });
}

Deno.test("parametersOf() and pathShape() know the parameters", () => {
  assertEquals(parametersOf("/a/:b/c/:d-e"), ["b", "d-e"]);
  assertEquals(pathShape("/a/:b/c/:d-e/"), "/a/:/c/:");
});
