/**
 * A generated service that asks for tokens and signatures, in a process of its own.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { generateKeyPairSync } from "node:crypto";
import { signToken } from "../rest/jwt/token.ts";
import { signRequest } from "../rest/security/content_security/sign_request.ts";
import { main } from "./main.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { startService } from "./testing/running_service.ts";
import { inTempFolder } from "./testing/temp_folder.ts";

const API = `type Req {
	Cents int \`json:"cents,range=[1:]"\`
}

type Resp {
	Text string \`json:"text"\`
}

@server (
	signature: true
)
service pay-api {
	@handler pay
	post /pay (Req) returns (Resp)
}

@server (
	prefix:    /mine
	jwt:       Auth
	signature: true
)
service pay-api {
	@handler payMine
	post /pay (Req) returns (Resp)
}
`;
const SECRET = "the secret of the tokens of this test";

async function generate(dir: string, publicKeyPath: string): Promise<void> {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await Deno.writeTextFile(`${dir}/pay.api`, API);
  assertEquals(await main(["api", "gen", `${dir}/pay.api`], new MemoryTerminal()), 0);
  await Deno.writeTextFile(
    `${dir}/etc/signature.pem`,
    String(pair.privateKey.export({ type: "pkcs1", format: "pem" })),
  );
  await Deno.writeTextFile(
    publicKeyPath,
    String(pair.publicKey.export({ type: "spki", format: "pem" })),
  );
  const yaml = `${dir}/etc/pay.yaml`;
  const text = await Deno.readTextFile(yaml);
  await Deno.writeTextFile(
    yaml,
    text.replace("Port: 8888", "Port: 0") + "DevServer:\n  Port: 0\n",
  );
  const program = await Deno.readTextFile(`${dir}/main.ts`);
  const envelope = "{ configSchema, envelope: (data) => ({ code: 0, data }) }";
  await Deno.writeTextFile(
    `${dir}/main.ts`,
    program.replace("{ configSchema });", `${envelope});`),
  );
  for (const name of ["pay", "pay_mine"]) {
    const logic = `${dir}/internal/logic/${name}_logic.ts`;
    const scaffold = await Deno.readTextFile(logic);
    await Deno.writeTextFile(
      logic,
      scaffold.replace(
        /throw new ServiceError\([\s\S]*?\);/,
        'return Promise.resolve({ text: "paid" });',
      ),
    );
  }
}

const payment = (url: string, headers: HeadersInit = {}) =>
  new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: '{"cents":700}',
  });

Deno.test("a generated service with signature: true takes signed requests and no others, and answers in its envelope", () =>
  inTempFolder(async (dir) => {
    await generate(dir, `${dir}/public.pem`);
    await using service = await startService(dir, { AUTH_ACCESS_SECRET: SECRET });
    const publicKeyPem = await Deno.readTextFile(`${dir}/public.pem`);
    const signed = async (request: Request) =>
      (await signRequest(request, { fingerprint: "main", publicKeyPem })).request;
    const answer = async (request: Request) => {
      const response = await fetch(request);
      return [response.status, (await response.json()).data?.text];
    };
    assertEquals(await answer(payment(`${service.url}/pay`)), [403, undefined]);
    assertEquals(await answer(await signed(payment(`${service.url}/pay`))), [200, "paid"]);
    const authorization = `Bearer ${signToken({ sub: "ada" }, SECRET)}`;
    const mine = `${service.url}/mine/pay`;
    assertEquals(await answer(await signed(payment(mine))), [401, undefined]);
    assertEquals(await answer(payment(mine, { authorization })), [403, undefined]);
    assertEquals(await answer(await signed(payment(mine, { authorization }))), [200, "paid"]);
    const shown = await (await fetch(`${service.devUrl}/debug/config`)).text();
    assertStringIncludes(shown, '"Expiry": 3600000');
    assertEquals(shown.includes(SECRET), false);
    assertEquals(await service.stop(), 0);
  }));

Deno.test("a generated service with signature: true does not start without its key", () =>
  inTempFolder(async (dir) => {
    await generate(dir, `${dir}/public.pem`);
    await Deno.remove(`${dir}/etc/signature.pem`);
    const error = await startService(dir, { AUTH_ACCESS_SECRET: SECRET }).catch(String);
    assertStringIncludes(String(error), "Cannot read Signature.PrivateKeys: etc/signature.pem");
  }));
