import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { Server } from "../server.ts";
import { csrf, type CsrfOptions, csrfToken } from "./csrf.ts";

const SECRET = "a secret of at least thirty-two characters";

/** A site with a form, and a user at it. */
class Site implements AsyncDisposable {
  readonly clock = new FakeClock({ wallTime: 1_700_000_000_000 });
  readonly log = new MemoryLog();
  readonly #server = new Server({ Name: "test", Port: 0 }, { log: this.log, clock: this.clock });

  constructor(options: Partial<CsrfOptions> = {}) {
    const middleware = [csrf({ secret: SECRET, ...options })];
    this.#server.get("/form", (_, context) => new Response(csrfToken(context)), { middleware });
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const handler = () => new Response("done");
      this.#server.addRoutes([{ method, path: "/act", handler }], { middleware });
    }
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return this.#server.fetch(new Request(`https://site.example${path}`, init));
  }

  /** Gets the form. */
  async visit(headers: HeadersInit = {}): Promise<{ token: string; cookie: string | null }> {
    const response = await this.fetch("/form", { headers });
    return { token: await response.text(), cookie: response.headers.get("set-cookie") };
  }

  async act(headers: HeadersInit, method = "POST"): Promise<number> {
    const response = await this.fetch("/act", { method, headers });
    await response.body?.cancel();
    return response.status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

Deno.test("csrf() gives a token once, in a cookie that other sites cannot use", async () => {
  await using site = new Site();
  const { token, cookie } = await site.visit();
  assertEquals(
    cookie,
    `__Host-csrf=${token}; Path=/; SameSite=Lax; Max-Age=43200; Secure`,
  );
  const again = await site.visit({ cookie: `__Host-csrf=${token}` });
  assertEquals(again, { token, cookie: null });
  assertNotEquals((await site.visit()).token, token);
});

const senders: [what: string, headers: Record<string, string>, status: number][] = [
  [
    "a page of the site",
    { "sec-fetch-site": "same-origin", "origin": "https://site.example" },
    200,
  ],
  ["the user", { "sec-fetch-site": "none" }, 200],
  ["a page of a neighbour", { "sec-fetch-site": "same-site", "origin": "https://a.example" }, 403],
  [
    "a page of another site",
    { "sec-fetch-site": "cross-site", "origin": "https://evil.example" },
    403,
  ],
  ["a page that hides its origin", { "sec-fetch-site": "cross-site", "origin": "null" }, 403],
  ["an older browser", { origin: "https://site.example" }, 200],
  ["an older browser at another site", { origin: "https://evil.example" }, 403],
  ["an older browser that hides it", { origin: "null" }, 403],
  ["no browser", {}, 200],
  ["a trusted site", { "sec-fetch-site": "cross-site", "origin": "https://friend.example" }, 200],
  ["something of no sense", { "sec-fetch-site": "SAME-ORIGIN" }, 403],
];

for (const [what, headers, status] of senders) {
  Deno.test(`csrf() answers ${status} to ${what} with a good token`, async () => {
    await using site = new Site({ trustedOrigins: ["https://friend.example"] });
    const { token } = await site.visit();
    const good = { ...headers, "cookie": `__Host-csrf=${token}`, "x-csrf-token": token };
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      assertEquals(await site.act(good, method), status);
    }
  });
}

const wrong: [
  what: string,
  cookie: (token: string) => string,
  header: (token: string) => string,
][] = [
  ["no cookie", () => "", (token) => token],
  ["no header", (token) => token, () => ""],
  ["another header", (token) => token, (token) => token.replace(/.$/, "-")],
  ["a token that was made up", () => "a".repeat(60), () => "a".repeat(60)],
  ["another time", (token) => token.replace("1", "2"), (token) => token.replace("1", "2")],
  ["a cut signature", (token) => token.slice(0, -1), (token) => token.slice(0, -1)],
  ["a long token", (token) => token + "a".repeat(200), (token) => token + "a".repeat(200)],
];

for (const [what, cookie, header] of wrong) {
  Deno.test(`csrf() answers 403 to ${what}`, async () => {
    await using site = new Site();
    const { token } = await site.visit();
    const headers = {
      "sec-fetch-site": "same-origin",
      "cookie": `__Host-csrf=${cookie(token)}`,
      "x-csrf-token": header(token),
    };
    assertEquals(await site.act(headers), 403);
    const all = site.log.lines.join("\n");
    assert(!all.includes(token) && !all.includes(SECRET));
  });
}

Deno.test("csrf() takes no token of another user, and none that is too old", async () => {
  const sessionOf = ({ headers }: Request) => headers.get("x-user") ?? "";
  await using site = new Site({ sessionOf, maxAgeSeconds: 60 });
  const { token } = await site.visit({ "x-user": "ann" });
  const headers = (user: string) => ({
    "x-user": user,
    "cookie": `__Host-csrf=${token}`,
    "x-csrf-token": token,
  });
  assertEquals(await site.act(headers("ann")), 200);
  assertEquals(await site.act(headers("bob")), 403);
  site.clock.elapse(60_000);
  assertEquals(await site.act(headers("ann")), 200);
  site.clock.elapse(1_000);
  assertEquals(await site.act(headers("ann")), 403);
});

Deno.test("csrf() leaves requests alone that it does not apply to", async () => {
  await using site = new Site({ appliesTo: ({ headers }) => !headers.has("authorization") });
  assertEquals(await site.act({ authorization: "Bearer x" }), 200);
  assertEquals(await site.act({}), 403);
});

Deno.test("csrf() knows the site behind a proxy", async () => {
  await using site = new Site({ origin: "https://shop.example", cookieName: "csrf" });
  const { token, cookie } = await site.visit();
  assert(!cookie!.includes("Secure"));
  const headers = { "cookie": `csrf=${token}`, "x-csrf-token": token };
  assertEquals(await site.act({ ...headers, origin: "https://shop.example" }), 200);
  assertEquals(await site.act({ ...headers, origin: "https://site.example" }), 403);
});

Deno.test("csrf() refuses options that protect nobody", () => {
  assertThrows(() => csrf({ secret: "short" }), RangeError, "32 characters");
  assertThrows(() => csrf({ secret: SECRET, maxAgeSeconds: 0 }), RangeError, "maxAgeSeconds");
  assertThrows(() => csrf({ secret: SECRET, cookieName: "a;b" }), SyntaxError, "no name");
  assertThrows(() => csrf({ secret: SECRET, trustedOrigins: ["*"] }), SyntaxError, "origin");
});

Deno.test("csrfToken() refuses a route without csrf()", async () => {
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
  server.get("/", (_, context) => new Response(csrfToken(context)));
  assertEquals((await server.fetch(new Request("http://a/"))).status, 500);
});
