import { assert, assertEquals, assertThrows } from "@std/assert";
import { generateKeyPairSync } from "node:crypto";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { restConfig } from "../../config.ts";
import { Server } from "../../server.ts";
import { signatureFromConfig } from "./config.ts";
import { signRequest } from "./sign_request.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 1024 });
const privateKeyPem = String(pair.privateKey.export({ type: "pkcs1", format: "pem" }));
const publicKeyPem = String(pair.publicKey.export({ type: "spki", format: "pem" }));

function sectionOf(keyFile: string, more: Record<string, unknown> = {}) {
  const keys = [{ Fingerprint: "2026", KeyFile: keyFile }];
  return restConfig.parse({ Name: "a", Port: 0, Signature: { PrivateKeys: keys, ...more } })
    .Signature;
}

Deno.test("signatureFromConfig() checks signatures with the keys of the files", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, privateKeyPem);
    const middleware = [signatureFromConfig(sectionOf(path, { Strict: true, Expiry: "1m" }))];
    await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
    server.get("/", () => new Response("in"), { middleware });
    const plain = new Request("http://localhost/");
    assertEquals((await server.fetch(plain)).status, 403);
    const { request } = await signRequest(plain, { fingerprint: "2026", publicKeyPem });
    assertEquals(await (await server.fetch(request)).text(), "in");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("signatureFromConfig() checks nothing by a section without keys that is not strict", async () => {
  const middleware = [signatureFromConfig({ Strict: false, Expiry: 1, PrivateKeys: [] })];
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
  server.get("/", () => new Response("in"), { middleware });
  assertEquals((await server.fetch(new Request("http://localhost/"))).status, 200);
});

Deno.test("signatureFromConfig() refuses to go without a section", () => {
  assertThrows(() => signatureFromConfig(undefined), TypeError, "no section Signature");
});

Deno.test("signatureFromConfig() refuses a strict section without keys", () => {
  const section = { Strict: true, Expiry: 1, PrivateKeys: [] };
  assertThrows(() => signatureFromConfig(section), TypeError, "there are no keys");
});

Deno.test("signatureFromConfig() names the file that is missing or bad, and nothing in it", async () => {
  assertThrows(() => signatureFromConfig(sectionOf("/no/such.pem")), TypeError, "/no/such.pem");
  const path = await Deno.makeTempFile();
  try {
    for (const text of ["", "secret material", privateKeyPem.slice(0, 200), publicKeyPem]) {
      await Deno.writeTextFile(path, text);
      const error = assertThrows(() => signatureFromConfig(sectionOf(path)), TypeError, path);
      assertEquals(error.cause, undefined);
      assert(text === "" || !error.message.includes(text.slice(5, 25)));
    }
  } finally {
    await Deno.remove(path);
  }
});
