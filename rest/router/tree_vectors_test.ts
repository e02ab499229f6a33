import { assertEquals, assertThrows } from "@std/assert";
import { RadixRouter } from "./radix_router.ts";

function routerOf(...patterns: string[]): RadixRouter<string> {
  const router = new RadixRouter<string>();
  for (const pattern of patterns) router.add("GET", pattern, pattern);
  return router;
}

const LAYERS = [
  "/",
  "/api",
  "/img",
  "/:layer1",
  "/api/users",
  "/img/jpgs",
  "/api/:layer2",
  "/:layer1/:layer2",
  "/:layer1/:layer2/users",
];

for (
  const [path, pattern, params] of [
    ["/", "/", {}],
    ["/wildcard", "/:layer1", { layer1: "wildcard" }],
    ["/a/b", "/:layer1/:layer2", { layer1: "a", layer2: "b" }],
    ["/a/b/users", "/:layer1/:layer2/users", { layer1: "a", layer2: "b" }],
    ["/img/jpgs", "/img/jpgs", {}],
    ["/api/x", "/api/:layer2", { layer2: "x" }],
    ["/a/b/c", undefined, undefined],
  ] as const
) {
  Deno.test(`RadixRouter of nested layers answers ${path} with ${pattern}`, () => {
    const match = routerOf(...LAYERS).match("GET", path);
    assertEquals(match?.value, pattern);
    assertEquals(match && { ...match.params }, params);
  });
}

for (
  const [patterns, path, pattern] of [
    [
      ["/api/:user/profile/name", "/api/:user/profile", "/api/:user/name", "/api/:layer"],
      "/api/123/name",
      "/api/:user/name",
    ],
    [["/a/b", "/a/c"], "/a/d", undefined],
    [["/api/users", "/api/:layer"], "/api/users", "/api/users"],
  ] as const
) {
  Deno.test(`RadixRouter of ${patterns} answers ${path} with ${pattern}`, () => {
    assertEquals(routerOf(...patterns).match("GET", path)?.value, pattern);
  });
}

Deno.test("RadixRouter.add() refuses what is there already, cleaned of empty segments, and what is no path", () => {
  const router = routerOf("/a", "/api/users");
  for (const pattern of ["/a", "//a", "/a/", "/api/users/", "/api//users", "/x/../a"]) {
    assertThrows(() => router.add("GET", pattern, ""), TypeError, "it is there already");
  }
  for (const pattern of ["", "bad"]) {
    assertThrows(() => router.add("GET", pattern, ""), SyntaxError, 'must begin with "/"');
  }
});
