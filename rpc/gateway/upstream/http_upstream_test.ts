import { assert, assertEquals, assertThrows } from "@std/assert";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { Server } from "../../../rest/server.ts";
import { httpUpstream } from "./http_upstream.ts";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function withUpstream(
  test: (
    ask: (path: string, init?: RequestInit) => Promise<Response>,
    lines: MemoryLog,
  ) => Promise<void>,
  { Prefix = "", Timeout = 3_000, target = "" } = {},
): Promise<void> {
  const upstream = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      if (pathname === "/redirect") {
        return new Response(null, { status: 302, headers: { location: "/other" } });
      }
      if (pathname === "/none") return new Response(null, { status: 204 });
      if (pathname === "/slow") await new Promise((resolve) => setTimeout(resolve, 300));
      if (pathname === "/gzip") {
        const body = new Blob(["hello ".repeat(100)]).stream().pipeThrough(
          new CompressionStream("gzip"),
        );
        return new Response(body, { headers: { "content-encoding": "gzip" } });
      }
      const seen: Seen = {
        method: request.method,
        url: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      return Response.json(seen, {
        status: pathname === "/bad" ? 418 : 200,
        headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"], ["connection", "x-hop"], [
          "x-hop",
          "1",
        ], [
          "content-type",
          "application/x-own",
        ]],
      });
    },
  );
  const lines = new MemoryLog();
  const server = new Server({ Name: "g", Port: 0, Host: "127.0.0.1" }, { log: lines });
  const Target = target || `127.0.0.1:${upstream.addr.port}`;
  server.handle("/", httpUpstream({ Target, Prefix, Timeout }, "up"));
  await server.start();
  try {
    await test(
      (path, init) =>
        fetch(`http://127.0.0.1:${server.address.port}${path}`, { redirect: "manual", ...init }),
      lines,
    );
  } finally {
    await server.stop();
    await upstream.shutdown();
  }
}

Deno.test("httpUpstream() passes on method, path, query, headers and body", () =>
  withUpstream(async (ask) => {
    const response = await ask("/a%20b/c%2Fd/?x=1&y=%2F", {
      method: "PUT",
      body: "text",
      headers: {
        "content-type": "text/own",
        "x-own": "1",
        authorization: "secret",
        "te": "trailers",
        "proxy-authorization": "no",
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      },
    });
    const { method, url, headers, body }: Seen = await response.json();
    assertEquals([method, url, body], ["PUT", "/a%20b/c%2Fd/?x=1&y=%2F", "text"]);
    assertEquals(headers["content-type"], "text/own");
    assertEquals([headers["x-own"], headers["authorization"]], ["1", "secret"]);
    assertEquals([headers["te"], headers["proxy-authorization"]], [undefined, undefined]);
    assert(headers["traceparent"]!.startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    assert(Number(headers["zeno-timeout-ms"]) > 2_000);
    assertEquals(response.headers.get("content-type"), "application/x-own");
    assertEquals(response.headers.getSetCookie(), ["a=1", "b=2"]);
    assertEquals(response.headers.get("x-hop"), null);
  }));

Deno.test("httpUpstream() puts its prefix before paths, and passes on what the chain has seen", () =>
  withUpstream(async (ask) => {
    const { url }: Seen = await (await ask("/x/%2e%2e/y//z")).json();
    assertEquals(url, "/api/v1/y/z");
  }, { Prefix: "api/v1/" }));

for (const [path, status] of [["/bad", 418], ["/redirect", 302], ["/none", 204]] as const) {
  Deno.test(`httpUpstream() passes on the status ${status}`, () =>
    withUpstream(async (ask) => {
      const response = await ask(path);
      await response.body?.cancel();
      assertEquals(response.status, status);
    }));
}

Deno.test("httpUpstream() passes on what was compressed so that it can be read", () =>
  withUpstream(async (ask) => {
    assertEquals(await (await ask("/gzip")).text(), "hello ".repeat(100));
  }));

Deno.test("httpUpstream() answers 504 when time is up", () =>
  withUpstream(async (ask, lines) => {
    const response = await ask("/slow?secret=1");
    assertEquals([response.status, (await response.json()).code], [504, "deadline_exceeded"]);
    assert(lines.lines.some((line) => line.includes("[HTTP] GET http://127.0.0.1:")));
    assert(!lines.lines.some((line) => line.includes("secret=1")));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }, { Timeout: 50 }));

Deno.test("httpUpstream() answers 502 when nobody listens", () =>
  withUpstream(async (ask) => {
    const response = await ask("/x");
    const { code, detail } = await response.json();
    assertEquals([response.status, code], [502, "unavailable"]);
    assertEquals(detail, 'Cannot GET "/*" of up: the connection was refused');
  }, { target: closedPort() }));

/** An address where nobody listens. */
function closedPort(): string {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return `127.0.0.1:${listener.addr.port}`;
}

for (const Target of ["http://a:1", "a:1/b", "a b", "", "user@host:1", "a:x"]) {
  Deno.test(`httpUpstream() refuses the target ${JSON.stringify(Target)}`, () => {
    assertThrows(
      () => httpUpstream({ Target, Prefix: "", Timeout: 0 }),
      TypeError,
      "need host:port",
    );
  });
}

for (const Prefix of ["/a?b", "/a#b", "/../a", "/a b"]) {
  Deno.test(`httpUpstream() refuses the prefix ${Prefix}`, () => {
    assertThrows(
      () => httpUpstream({ Target: "a:1", Prefix, Timeout: 0 }),
      TypeError,
      "need a path",
    );
  });
}
