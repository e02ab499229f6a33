import { assert, assertEquals, assertThrows } from "@std/assert";
import { int, string } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { UnauthorizedError } from "../errors.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";
import { authorize, claimsOf } from "./authorize.ts";
import { signToken } from "./token.ts";

const SECRET = "unit-test-secret-1";
const PREVIOUS = "previous-secret";
const TOKEN = signToken({ userId: 42, exp: 4102444800 }, SECRET);

async function ask(
  options: Parameters<typeof authorize>[0],
  authorization: string | undefined,
): Promise<{ response: Response; log: MemoryLog }> {
  const log = new MemoryLog();
  await using server = new Server({ Name: "test", Port: 0 }, { log });
  server.get("/", (_, context) => json(claimsOf(context)), { middleware: [authorize(options)] });
  const headers: HeadersInit = authorization === undefined ? {} : { authorization };
  return { response: await server.fetch(new Request("http://localhost/", { headers })), log };
}

const headers: [header: string | undefined, status: number, challenge: string | null][] = [
  [`Bearer ${TOKEN}`, 200, null],
  [`bearer ${TOKEN}`, 200, null],
  [`BEARER ${TOKEN}`, 200, null],
  [TOKEN, 200, null],
  [undefined, 401, "Bearer"],
  ["", 401, "Bearer"],
  ["Bearer ", 401, 'Bearer error="invalid_token"'],
  ["a.b", 401, 'Bearer error="invalid_token"'],
  [`Bearer ${TOKEN}, Bearer ${TOKEN}`, 401, 'Bearer error="invalid_token"'],
  [`Basic ${TOKEN}`, 401, 'Bearer error="invalid_token"'],
];

for (const [header, status, challenge] of headers) {
  const what = header?.replaceAll(TOKEN, "T") ?? "no header";
  Deno.test(`authorize() answers ${status} to ${JSON.stringify(what)}`, async () => {
    const { response } = await ask({ secret: SECRET }, header);
    assertEquals(response.status, status);
    assertEquals(response.headers.get("www-authenticate"), challenge);
    const body = await response.json();
    if (status === 200) assertEquals(body.userId, 42);
    else assertEquals(body.code, "unauthenticated");
  });
}

Deno.test("authorize() accepts tokens of both secrets while they are being changed", async () => {
  const old = signToken({ userId: 7 }, PREVIOUS);
  const middleware = authorize({ secret: SECRET, previousSecret: PREVIOUS });
  await using server = new Server({ Name: "test", Port: 0, Log: { Level: "severe" } });
  server.get("/", (_, context) => json(claimsOf(context)), { middleware: [middleware] });
  for (const token of [old, TOKEN, old, old, TOKEN]) {
    const headers = { authorization: `Bearer ${token}` };
    const response = await server.fetch(new Request("http://localhost/", { headers }));
    assertEquals((await response.json()).userId, token === old ? 7 : 42);
  }
});

Deno.test("authorize() lets a callback answer", async () => {
  const onUnauthorized = (error: UnauthorizedError) =>
    new Response(error.message, { status: 418, headers: { "www-authenticate": error.challenge } });
  const { response } = await ask({ secret: SECRET, realm: "x y", onUnauthorized }, "a.b.c");
  assertEquals(response.status, 418);
  assertEquals(
    response.headers.get("www-authenticate"),
    'Bearer realm="x y", error="invalid_token"',
  );
  assertEquals(await response.text(), "Cannot accept token: it is malformed");
});

Deno.test("authorize() does not take an error of the handler for one of the token", async () => {
  let asked = 0;
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
  const onUnauthorized = () => (asked++, new Response());
  server.get("/", () => {
    throw new UnauthorizedError("Cannot answer: of the handler");
  }, { middleware: [authorize({ secret: SECRET, onUnauthorized })] });
  const headers = { authorization: TOKEN };
  const response = await server.fetch(new Request("http://localhost/", { headers }));
  assertEquals([response.status, asked], [401, 0]);
  await response.body?.cancel();
});

Deno.test("authorize() says nothing of a token or a secret, in the log or to the caller", async () => {
  for (
    const token of [TOKEN, TOKEN.slice(0, -3), signToken({ exp: 1, ssn: "078-05-1120" }, SECRET)]
  ) {
    const { response, log } = await ask({ secret: SECRET, previousSecret: PREVIOUS }, token);
    const told = response.ok ? "" : await response.clone().text();
    const all = [...log.lines, told, ...response.headers].join("\n");
    assert(log.lines.length > 0);
    for (const secret of [SECRET, PREVIOUS, token.slice(4, 40), token.slice(-12), "078-05"]) {
      assert(!all.includes(secret), secret);
    }
    await response.body?.cancel();
  }
});

Deno.test("authorize() refuses a realm that would end the header", () => {
  for (const realm of ['"', "\\", "a\r\nb", "é"]) {
    assertThrows(() => authorize({ secret: SECRET, realm }), SyntaxError, "Cannot use realm");
  }
});

Deno.test("claimsOf() reads claims as a schema describes them, or refuses", async () => {
  const claims = object({ userId: int(), role: string().default("guest") });
  await using server = new Server({ Name: "test", Port: 0, Log: { Level: "severe" } });
  server.get("/", (_, context) => {
    const { userId, role } = claimsOf(context, claims);
    return json([userId + 1, role]);
  }, { middleware: [authorize({ secret: SECRET })] });
  const fetch = (token: string) =>
    server.fetch(new Request("http://localhost/", { headers: { authorization: token } }));
  assertEquals(await (await fetch(TOKEN)).json(), [43, "guest"]);
  const response = await fetch(signToken({ userId: "42" }, SECRET));
  assertEquals(response.status, 401);
  await response.body?.cancel();
});
