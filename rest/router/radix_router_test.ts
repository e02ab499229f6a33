import { assertEquals, assertThrows } from "@std/assert";
import { canonicalPath } from "./path.ts";
import { RadixRouter } from "./radix_router.ts";

const GET_ROUTES = [
  "/a/:b",
  "/a/b/c",
  "/b/c",
  "/users/:id",
  "/users/me",
  "/users/:id/posts",
  "/users/me/settings",
  "/files/:dir/:name",
  "/x/:p/:p",
  "/v/:id.json",
];

function routerOf(routes: [method: string, pattern: string][]): RadixRouter<string> {
  const router = new RadixRouter<string>();
  for (const [method, pattern] of routes) router.add(method, pattern, pattern);
  return router;
}

const router = routerOf([
  ...GET_ROUTES.map((pattern): [string, string] => ["GET", pattern]),
  ["POST", "/users/me"],
  ["DELETE", "/users/:id"],
]);

type Row = [target: string, pattern: string | undefined, params?: Record<string, string>];

const matches: Row[] = [
  ["/a/b", "/a/:b", { b: "b" }],
  ["/a/b/", "/a/:b", { b: "b" }],
  ["/a/b?x=1", "/a/:b", { b: "b" }],
  ["/a//b", "/a/:b", { b: "b" }],
  ["//a/b", "/a/:b", { b: "b" }],
  ["/a/./b", "/a/:b", { b: "b" }],
  ["/a/b/c", "/a/b/c", {}],
  ["/b/d", undefined],
  ["/a", undefined],
  ["/a/", undefined],
  ["/", undefined],
  ["/users/me", "/users/me", {}],
  ["/users/42", "/users/:id", { id: "42" }],
  ["/users/me/posts", "/users/:id/posts", { id: "me" }],
  ["/users/me/settings", "/users/me/settings", {}],
  ["/users/42/settings", undefined],
  ["/USERS/me", undefined],
  ["/files/a%20b/%E4%BD%A0", "/files/:dir/:name", { dir: "a b", name: "你" }],
  ["/files/a+b/c;d", "/files/:dir/:name", { dir: "a+b", name: "c;d" }],
  // Safer than decoding first: an escaped slash is data and never a separator.
  ["/files/a%2Fb/c", "/files/:dir/:name", { dir: "a/b", name: "c" }],
  ["/files/100%25/c", "/files/:dir/:name", { dir: "100%", name: "c" }],
  ["/files/../users/me", "/users/me", {}],
  ["/files/x/..%2f..%2fusers/me", undefined],
  ["/x/1/2", "/x/:p/:p", { p: "1" }],
  ["/v/7", "/v/:id.json", { "id.json": "7" }],
];

for (const [target, pattern, params] of matches) {
  Deno.test(`RadixRouter.match() finds ${pattern} for GET ${target}`, () => {
    const match = router.match("GET", canonicalPath("http://host" + target)!);
    assertEquals(match?.value, pattern);
    assertEquals(match && { ...match.params }, params);
  });
}

const allowed: [path: string, methods: string[]][] = [
  ["/users/me", ["GET", "POST", "DELETE"]],
  ["/users/42", ["GET", "DELETE"]],
  ["/nowhere", []],
];

for (const [path, methods] of allowed) {
  Deno.test(`RadixRouter.allowed() lists ${methods} for ${path}`, () => {
    assertEquals(router.allowed(path), methods);
  });
}

const refused: [method: string, pattern: string, message: string][] = [
  ["FAKE", "/", "the method must be one of"],
  ["CONNECT", "/", "the method must be one of"],
  ["TRACE", "/", "the method must be one of"],
  ["get", "/", "the method must be one of"],
  ["GET", "", 'the path must begin with "/"'],
  ["GET", "x", 'the path must begin with "/"'],
  ["GET", "/a/:", "names no parameter"],
  ["GET", "/:__proto__", "names no parameter"],
];

for (const [method, pattern, message] of refused) {
  Deno.test(`RadixRouter.add() refuses ${method} ${JSON.stringify(pattern)}`, () => {
    assertThrows(() => new RadixRouter().add(method, pattern, 0), SyntaxError, message);
  });
}

for (const [first, second] of [["/x/../y", "/y"], ["/z/", "/z"], ["/a/:b", "/a/:b/"]]) {
  Deno.test(`RadixRouter.add() refuses ${second} after ${first}`, () => {
    const twice = routerOf([["GET", first!]]);
    assertThrows(() => twice.add("GET", second!, ""), TypeError, "it is there already");
  });
}

Deno.test("RadixRouter.add() lets the first of two names for one shape win", () => {
  const both = routerOf([["GET", "/:x"], ["GET", "/:y"]]);
  assertEquals(both.match("GET", "/7")?.value, "/:x");
  assertEquals({ ...both.match("GET", "/7")?.params }, { x: "7" });
});

Deno.test("RadixRouter.match() never fills a parameter with nothing, at the root either", () => {
  const root = routerOf([["GET", "/:name"]]);
  assertEquals(root.match("GET", "/"), undefined);
  assertEquals(root.match("GET", "/x")?.params.name, "x");
});

const layered = [
  "/",
  "/api",
  "/img",
  "/:layer1",
  "/api/users",
  "/img/jpgs",
  "/api/:layer2",
  "/:layer1/:layer2",
  "/:layer1/:layer2/users",
  "/api/:user/profile/name",
  "/api/:user/profile",
  "/api/:user/name",
];

const layers: Row[] = [
  ["/", "/", {}],
  ["/wildcard", "/:layer1", { layer1: "wildcard" }],
  ["/wildcard/", "/:layer1", { layer1: "wildcard" }],
  ["/a/b", "/:layer1/:layer2", { layer1: "a", layer2: "b" }],
  ["/a/b/c", undefined],
  ["/a/b/users", "/:layer1/:layer2/users", { layer1: "a", layer2: "b" }],
  ["/api/123/name", "/api/:user/name", { user: "123" }],
  ["/api/123/profile/name", "/api/:user/profile/name", { user: "123" }],
  ["/api/users", "/api/users", {}],
  ["/api/other", "/api/:layer2", { layer2: "other" }],
  ["/api/users/users", "/:layer1/:layer2/users", { layer1: "api", layer2: "users" }],
];

for (const [target, pattern, params] of layers) {
  Deno.test(`RadixRouter.match() walks layers to ${pattern} for ${target}`, () => {
    const tree = routerOf(layered.map((route) => ["GET", route]));
    const match = tree.match("GET", canonicalPath("http://host" + target)!);
    assertEquals(match?.value, pattern);
    assertEquals(match && { ...match.params }, params);
  });
}

Deno.test("RadixRouter.match() gives parameters that inherit nothing", () => {
  const { params } = router.match("GET", "/users/42")!;
  assertEquals(
    [params.constructor, params.toString, params.hasOwnProperty],
    Array(3).fill(undefined),
  );
});

Deno.test("RadixRouter.match() agrees with trying every pattern in turn", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => (state = (state * 1664525 + 1013904223) >>> 0) % n;
  const pathOf = (pieces: string[]) =>
    "/" + Array.from({ length: next(4) + 1 }, () => pieces[next(pieces.length)]).join("/");
  for (let round = 0; round < 300; round++) {
    const patterns = new Set(
      Array.from({ length: 12 }, () => pathOf(["a", "ab", "abc", ":p", "b"])),
    );
    const tree = routerOf([...patterns].map((pattern) => ["GET", pattern]));
    for (let i = 0; i < 50; i++) {
      const path = pathOf(["a", "ab", "abc", "abcd", "b", "x"]);
      assertEquals(
        tree.match("GET", path)?.value,
        bestOf([...patterns], path),
        `${path} in ${[...patterns]}`,
      );
    }
  }
});

/** The pattern that should win: at the first segment where two differ, static text beats a parameter. */
function bestOf(patterns: string[], path: string): string | undefined {
  const segments = path.split("/");
  const fitting = patterns.map((pattern) => pattern.split("/")).filter((pattern) =>
    pattern.length === segments.length &&
    pattern.every((segment, i) => segment.startsWith(":") || segment === segments[i])
  );
  const rank = (pattern: string[]) => pattern.map((s) => s.startsWith(":") ? "1" : "0").join("");
  return fitting.sort((a, b) => rank(a) < rank(b) ? -1 : 1)[0]?.join("/");
}

Deno.test("RadixRouter.match() stays linear on a long hostile path", () => {
  const deep = routerOf([["GET", "/a/:b/c/:d/e/:f"], ["GET", "/:a/b/:c/d/:e/f"]]);
  assertEquals(deep.match("GET", "/a".repeat(50_000)), undefined);
});
