import { assert, assertEquals } from "@std/assert";
import { canonicalPath, joinPattern, segmentValue } from "./path.ts";

const cases: [target: string, path: string | undefined][] = [
  ["", "/"],
  ["/", "/"],
  ["/?x=/../a", "/"],
  ["/a/b", "/a/b"],
  ["/a/b/", "/a/b"],
  ["/a/b?x=1", "/a/b"],
  ["/a/b#f?x", "/a/b"],
  ["/a//b", "/a/b"],
  ["//a/b", "/a/b"],
  ["/a/./b", "/a/b"],
  ["/a/../b", "/b"],
  ["/a/%2e%2E/b", "/b"],
  ["/../../etc", "/etc"],
  ["//..//..//etc/passwd", "/etc/passwd"],
  ["/a.b/c..d/...", "/a.b/c..d/..."],
  ["/.well-known/x", "/.well-known/x"],
  ["/a%20b/%E4%BD%A0", "/a b/你"],
  ["/a+b/c;d", "/a+b/c;d"],
  ["/a%2fb", "/a%2Fb"],
  ["/a%252Fb", "/a%252Fb"],
  ["/a%25zz", "/a%25zz"],
  ["/x/..%2f..%2fusers", "/x/..%2F..%2Fusers"],
  ["/%zz", undefined],
  ["/%", undefined],
  ["/%E4%BD", undefined],
  ["/%00", undefined],
  ["/a%0d%0ab", undefined],
  ["/..\\..\\etc", undefined],
  ["/%5Cetc", undefined],
  ["/\u0000", undefined],
];

for (const [target, path] of cases) {
  Deno.test(`canonicalPath() maps ${JSON.stringify(target)} to ${path}`, () => {
    assertEquals(canonicalPath(`http://host:80${target}`), path);
    assertEquals(canonicalPath(`https://h${target}`), path);
    assertEquals(canonicalPath(`http+unix://%2Ftmp%2Fs${target}`), path);
  });
}

Deno.test("canonicalPath() is idempotent and leaves no dot or empty segment", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => (state = (state * 1664525 + 1013904223) >>> 0) % n;
  const pieces = [
    "a",
    "/",
    "/",
    ".",
    "..",
    "%2e",
    "%2F",
    "%25",
    "%41",
    "é",
    " ",
    "b.c",
    "%5c",
    "%",
  ];
  for (let i = 0; i < 20_000; i++) {
    let target = "/";
    for (let n = next(10); n > 0; n--) target += pieces[next(pieces.length)];
    const path = canonicalPath("http://host" + target);
    if (path === undefined) continue;
    assert(path.startsWith("/"), target);
    const segments = path.split("/").slice(1);
    if (path !== "/") assert(!segments.some((s) => s === "" || s === "." || s === ".."), target);
    const again = "/" + segments.map((s) => encodeURIComponent(segmentValue(s))).join("/");
    assertEquals(canonicalPath("http://host" + again), path, target);
  }
});

Deno.test("joinPattern() cleans what it joins", () => {
  assertEquals(joinPattern("", "/"), "/");
  assertEquals(joinPattern("/api", "/hello"), "/api/hello");
  assertEquals(joinPattern("api//v1/", "x/../y/"), "/api/v1/y");
});
