import { assertEquals } from "@std/assert";
import { generateKeyPairSync } from "node:crypto";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { Server } from "../server.ts";
import { contentSecurity } from "./content_security/middleware.ts";
import { signRequest } from "./content_security/sign_request.ts";
import { MessageSigningKey, MessageVerifyingKey } from "./message_signature/algorithm.ts";
import { messageSignature } from "./message_signature/middleware.ts";
import { signMessage } from "./message_signature/sign.ts";
import { byAddress } from "./rate_limit_key.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 1024 });
const privateKeyPem = String(pair.privateKey.export({ type: "pkcs1", format: "pem" }));
const publicKeyPem = String(pair.publicKey.export({ type: "spki", format: "pem" }));
const shared = { id: "k", algorithm: "hmac-sha256", secret: new Uint8Array(32) } as const;
const PATHS = [
  "/files/a",
  "/files/a%20b?x=%2F&y=a+b",
  "/files/%C3%A7%2Fd?",
  "/files/a:b@c!$&'()*+,=~",
];

async function withServer(use: (base: string) => Promise<void>): Promise<void> {
  await using server = new Server({ Name: "t", Host: "127.0.0.1", Port: 0 }, {
    log: new MemoryLog(),
  });
  const keys = [{ fingerprint: "f", privateKeyPem }];
  const verifying = [new MessageVerifyingKey(shared)];
  for (
    const [prefix, middleware] of [
      ["/old", contentSecurity({ keys, strict: true })],
      ["/new", messageSignature({ keys: verifying })],
    ] as const
  ) {
    const routes = ["GET", "POST", "DELETE"].map((method) => ({
      method,
      path: "/files/:name",
      handler: async (request: Request) => new Response(`got ${await request.text()}`),
    }));
    server.addRoutes(routes, { prefix, middleware: [middleware] });
  }
  const key = byAddress();
  server.get("/who", (request, context) => new Response(key(request, context)));
  await server.start();
  await use(`http://127.0.0.1:${server.address.port}`);
}

for (
  const [method, body] of [["GET", undefined], ["POST", "hello é"], ["DELETE", undefined]] as const
) {
  Deno.test(`signRequest() and signMessage() are understood over the wire, ${method}`, async () => {
    await withServer(async (base) => {
      for (const path of PATHS) {
        const init = { method, ...body !== undefined && { body } };
        for (const type of [0, 1, 2] as const) {
          const { request, readAnswer } = await signRequest(
            new Request(`${base}/old${path}`, init),
            {
              fingerprint: "f",
              publicKeyPem,
              type,
            },
          );
          const answer = await readAnswer(await fetch(request));
          assertEquals([answer.status, await answer.text()], [200, `got ${body ?? ""}`], path);
        }
        const signed = await signMessage(new Request(`${base}/new${path}`, init), {
          key: new MessageSigningKey(shared),
        });
        const answer = await fetch(signed);
        assertEquals([answer.status, await answer.text()], [200, `got ${body ?? ""}`], path);
      }
    });
  });
}

Deno.test("byAddress() knows the peer of a connection", async () => {
  await withServer(async (base) => {
    assertEquals(await (await fetch(`${base}/who`)).text(), "ip:127.0.0.1");
  });
});
