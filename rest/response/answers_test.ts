/** Tests of the small helpers: text, html, redirects, cookies and the envelope. */
import { assertEquals, assertThrows } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { parseCookies } from "../request/cookie.ts";
import { Server } from "../server.ts";
import { withCookie, withoutCookie } from "./cookie.ts";
import type { Context } from "../context.ts";
import { empty, json } from "./json.ts";
import { redirect, redirectWithin } from "./redirect.ts";
import { respond } from "./respond.ts";
import { escapeHtml, html, text } from "./text.ts";

Deno.test("text() and html() say their type and keep status and headers", async () => {
  for (
    const [response, type] of [
      [text("<é>", { status: 201, headers: { "x-a": "b" } }), "text/plain;charset=UTF-8"],
      [html("<é>", { status: 201, headers: { "x-a": "b" } }), "text/html; charset=utf-8"],
    ] as const
  ) {
    assertEquals([response.status, response.headers.get("x-a")], [201, "b"]);
    assertEquals(response.headers.get("content-type"), type);
    assertEquals(await response.text(), "<é>");
  }
  const own = html("", { headers: { "content-type": "application/xhtml+xml" } });
  assertEquals(own.headers.get("content-type"), "application/xhtml+xml");
});

Deno.test("escapeHtml() leaves nothing that ends a text or a quoted attribute", () => {
  assertEquals(
    escapeHtml(`<a b="c" d='e'>&amp;`),
    "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;",
  );
});

const locations: [location: string, header: string][] = [
  ["/a?b=c#d", "/a?b=c#d"],
  ["https://example.com/a", "https://example.com/a"],
  ["/é b", "/%C3%A9%20b"],
  ["/a\r\nset-cookie: x=y", "/a%0D%0Aset-cookie:%20x=y"],
  ["/%41", "/%41"],
  ["/\ud800", "/%EF%BF%BD"],
  ["nested/", "nested/"],
];

for (const [location, header] of locations) {
  Deno.test(`redirect() sends to ${header}`, () => {
    const response = redirect(location, 307);
    assertEquals([response.status, response.body], [307, null]);
    assertEquals(response.headers.get("location"), header);
  });
}

Deno.test("redirect() is 302 by default and refuses what is no redirect", () => {
  assertEquals(redirect("/").status, 302);
  assertThrows(() => redirect("/", 304 as 302), RangeError, "got 304");
});

const foreign = [
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "https://evil.example",
  "evil.example",
  "javascript:alert(1)",
  "/\t/evil.example",
  "/\n/evil.example",
  "/a\\..\\b",
  "",
  " /a",
];

for (const path of foreign) {
  Deno.test(`redirectWithin() refuses ${JSON.stringify(path)}`, () => {
    assertThrows(() => redirectWithin(path), Error, "must be a path of this site");
  });
}

Deno.test("redirectWithin() takes paths of this site", () => {
  for (const path of ["/", "/a//b", "/a?next=https://b.example/"]) {
    assertEquals(redirectWithin(path, 303).headers.get("location"), path);
  }
});

const cookies: [what: string, make: (response: Response) => Response, line: string][] = [
  [
    "safe by default",
    (to) => withCookie(to, "a", "b"),
    "a=b; Secure; HttpOnly; SameSite=Lax; Path=/",
  ],
  [
    "all there is",
    (to) =>
      withCookie(to, "a", "b", {
        path: "/x",
        domain: "example.com",
        secure: false,
        httpOnly: false,
        sameSite: "Strict",
        maxAgeSeconds: 60,
      }),
    "a=b; Max-Age=60; Domain=example.com; SameSite=Strict; Path=/x",
  ],
  [
    "one for each embedding site",
    (to) => withCookie(to, "__Host-a", "b", { sameSite: "None", partitioned: true }),
    "__Host-a=b; Secure; HttpOnly; Partitioned; SameSite=None; Path=/",
  ],
  [
    "none, to forget it",
    (to) => withoutCookie(to, "a", { path: "/x" }),
    "a=; Secure; HttpOnly; Max-Age=0; SameSite=Lax; Path=/x",
  ],
];

for (const [what, make, line] of cookies) {
  Deno.test(`withCookie() sets ${what}`, () => {
    assertEquals(make(empty()).headers.getSetCookie(), [line]);
  });
}

Deno.test("withCookie() adds to those that are there", () => {
  const response = withCookie(withCookie(empty(), "a", "1"), "b", "2");
  assertEquals(response.headers.getSetCookie().map((line) => line.split(";")[0]), ["a=1", "b=2"]);
});

for (const value of ["plain", "a b", 'ü;,"\\', "50%", "%41", "", "a=b", "x\r\ny", '"q"']) {
  Deno.test(`withCookie() and parseCookies() agree on ${JSON.stringify(value)}`, () => {
    const [line] = withCookie(empty(), "a", value).headers.getSetCookie();
    assertEquals(parseCookies(line!.split(";")[0]!).get("a"), value);
  });
}

const badCookies: [what: string, make: () => Response, type: typeof Error][] = [
  ["an empty name", () => withCookie(empty(), "", "b"), SyntaxError],
  ["a name with a line break", () => withCookie(empty(), "a\r\nb", "b"), SyntaxError],
  ["a path with a semicolon", () => withCookie(empty(), "a", "b", { path: "/;x" }), SyntaxError],
  [
    "a domain that ends in a dot",
    () => withCookie(empty(), "a", "b", { domain: "a." }),
    SyntaxError,
  ],
  ["a negative age", () => withCookie(empty(), "a", "b", { maxAgeSeconds: -1 }), RangeError],
  [
    "a fraction of a second",
    () => withCookie(empty(), "a", "b", { maxAgeSeconds: 0.5 }),
    RangeError,
  ],
  [
    "SameSite=None without Secure",
    () => withCookie(empty(), "a", "b", { sameSite: "None", secure: false }),
    TypeError,
  ],
];

for (const [what, make, type] of badCookies) {
  Deno.test(`withCookie() refuses ${what}`, () => {
    assertThrows(make, type);
  });
}

Deno.test("withCookie() copies an answer whose headers are sealed", async () => {
  const response = withCookie(await fetch("data:text/plain,hello"), "a", "b");
  assertEquals([await response.text(), response.headers.getSetCookie().length], ["hello", 1]);
});

async function answered(server: Server, path: string): Promise<string> {
  return await (await server.fetch(new Request("http://localhost" + path))).text();
}

Deno.test("respond() answers the bare value where the server has no envelope, bytes if asked to", async () => {
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
  server.get("/a", (_request, context) => respond(context, { id: 1n }));
  server.get("/b", (_request, context) => respond(context, new Uint8Array([1]), { bytes: true }));
  assertEquals(await answered(server, "/a"), '{"id":1}');
  assertEquals(await answered(server, "/b"), '"AQ=="');
});

Deno.test("respond() answers in the envelope of the server, and only that; json() answers without", async () => {
  const envelope = (data: unknown, context: Context) => ({ code: 0, at: context.route, data });
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog(), envelope });
  server.get("/a", (_request, context) => respond(context, [1n], { status: 201 }));
  server.get("/b", (_request, context) => respond(context, new Uint8Array([1]), { bytes: true }));
  server.get("/c", () => json("bare"));
  assertEquals(await answered(server, "/a"), '{"code":0,"at":"/a","data":[1]}');
  assertEquals(await answered(server, "/b"), '{"code":0,"at":"/b","data":"AQ=="}');
  assertEquals(await answered(server, "/c"), '"bare"');
});
