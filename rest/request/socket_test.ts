/** Tests of bodies that come over a real socket, or do not. */
import { assertEquals, assertMatch } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { object } from "../../core/schema/object.ts";
import { string } from "../../core/schema/builders.ts";
import type { Handler } from "../handler.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";
import { multipart } from "./multipart.ts";

const named = object({ name: string() });
const bindName: Handler = async (_request, context) => json(await context.bind(named));
const countParts: Handler = async (_request, context) => {
  let count = 0;
  for await (const part of multipart(context)) {
    await part.text();
    count++;
  }
  return json(count);
};

async function listening(handler: Handler, clock: FakeClock): Promise<Server> {
  const config = { Name: "test", Host: "127.0.0.1", Port: 0 };
  const server = new Server(config, { log: new MemoryLog(), clock });
  server.post("/", handler);
  await server.start();
  return server;
}

function head(type: string, length: number | "chunked"): string {
  const framing = length === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  return `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${type}\r\n${framing}\r\n\r\n`;
}

async function answerTo(connection: Deno.Conn): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(65536);
  while (!text.endsWith("}") && !text.endsWith("\r\n\r\n1")) {
    const count = await connection.read(buffer);
    if (count === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return text;
}

const FORM = "multipart/form-data; boundary=XX";
const PART = '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XX--\r\n';

Deno.test("a form and a JSON body are read as they come, byte by byte and chunk by chunk", async () => {
  await using forms = await listening(countParts, new FakeClock());
  using slow = await Deno.connect(forms.address);
  await slow.write(new TextEncoder().encode(head(FORM, PART.length)));
  for (const byte of new TextEncoder().encode(PART)) await slow.write(Uint8Array.of(byte));
  assertMatch(await answerTo(slow), /^HTTP\/1.1 200 OK[^]*\r\n\r\n1$/);
  await using names = await listening(bindName, new FakeClock());
  using chunked = await Deno.connect(names.address);
  const chunks = '8\r\n{"name":\r\n4\r\n"a"}\r\n0\r\n\r\n';
  await chunked.write(new TextEncoder().encode(head("application/json", "chunked") + chunks));
  assertMatch(await answerTo(chunked), /^HTTP\/1.1 200 OK[^]*\r\n\r\n\{"name":"a"\}$/);
});

for (
  const [what, handler, type] of [["JSON", bindName, "application/json"], [
    "form",
    countParts,
    FORM,
  ]] as const
) {
  Deno.test({
    name: `a ${what} body that stalls is answered with 408`,
    // The runtime never ends the read of a body that does not come.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const clock = new FakeClock();
      const entered = Promise.withResolvers<void>();
      await using server = await listening((request, context) => {
        entered.resolve();
        return handler(request, context);
      }, clock);
      using connection = await Deno.connect(server.address);
      await connection.write(new TextEncoder().encode(head(type, 1000) + PART.slice(0, 20)));
      await entered.promise;
      await clock.advance(3_020);
      assertMatch(await answerTo(connection), /^HTTP\/1.1 408 /);
    },
  });

  Deno.test(`a ${what} body that breaks off harms nobody`, async () => {
    await using server = await listening(handler, new FakeClock());
    const connection = await Deno.connect(server.address);
    await connection.write(new TextEncoder().encode(head(type, 1000) + PART.slice(0, 20)));
    connection.close();
    const url = `http://127.0.0.1:${server.address.port}/`;
    const response = await fetch(url, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "a/b" },
    });
    assertEquals([400, 415].includes(response.status), true);
    await response.body?.cancel();
  });
}
