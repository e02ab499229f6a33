import { assert, assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../../../core/testing/fake_clock.ts";
import { parseDictionary } from "../structured_field/parse.ts";
import { isInnerList } from "../structured_field/types.ts";
import { MessageSigningKey, MessageVerifyingKey } from "./algorithm.ts";
import { MessageSignatureError } from "./errors.ts";
import { createSignature } from "./sign.ts";
import { signatureBase } from "./signature_base.ts";
import { verifyMessage } from "./verify.ts";
import vectors from "./testdata/rfc9421.json" with { type: "json" };

interface Vector {
  name: string;
  label: string;
  message: string;
  request?: string;
  base?: string;
  valid: boolean;
}
type KeyPair = { publicKeyPem: string; privateKeyPem: string };
type Algorithm = "ed25519" | "ecdsa-p256-sha256" | "rsa-pss-sha512" | "rsa-v1_5-sha256";

const secret = Uint8Array.fromBase64(vectors.sharedSecret);
const pairs = Object.entries(vectors.keys as Record<string, KeyPair>);
const algorithms = vectors.algorithms as Record<string, Algorithm>;
const verifyingKeys = [
  new MessageVerifyingKey({ id: "test-shared-secret", algorithm: "hmac-sha256", secret }),
  ...pairs.map(([id, { publicKeyPem }]) =>
    new MessageVerifyingKey({ id, algorithm: algorithms[id]!, publicKeyPem })
  ),
];
const signingKeys = [
  new MessageSigningKey({ id: "test-shared-secret", algorithm: "hmac-sha256", secret }),
  ...pairs.map(([id, { privateKeyPem }]) =>
    new MessageSigningKey({ id, algorithm: algorithms[id]!, privateKeyPem })
  ),
];
const clock = new FakeClock({ wallTime: 1_618_884_500_000 });

function messageOf(text: string): Request | Response {
  const [head = "", body] = text.split("\n\n");
  const [start = "", ...lines] = head.split("\n");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const [first = "", second = ""] = start.split(" ");
  if (first.startsWith("HTTP/")) return new Response(body, { status: Number(second), headers });
  const url = `https://${headers.get("host")}${second}`;
  return new Request(url, { method: first, headers, ...first === "POST" && { body } });
}

/** What a verifier knows that trusts the label. */
function optionsFor(vector: Vector) {
  const request = vector.request ? messageOf(vector.request) as Request : undefined;
  return { keys: verifyingKeys, requiredComponents: [], maxAgeSeconds: 60, clock, request };
}

/** The message with only the signature of this label. */
function messageFor({ message, label }: Vector): Request | Response {
  const whole = messageOf(message);
  for (const name of ["signature-input", "signature"]) {
    const value = whole.headers.get(name)!;
    const members = value.split(/, (?=[a-z0-9_-]+=)/);
    whole.headers.set(name, members.find((member) => member.startsWith(`${label}=`))!);
  }
  return whole;
}

for (const vector of vectors.cases as Vector[]) {
  Deno.test(`verifyMessage() ${vector.valid ? "accepts" : "refuses"} ${vector.name}`, async () => {
    // The signature of the proxy covers that of the client, so both stay.
    const message = vector.label === "proxy_sig" ? messageOf(vector.message) : messageFor(vector);
    const verify = () => verifyMessage(message, optionsFor(vector));
    if (vector.valid) assertEquals((await verify()).label, vector.label);
    else await assertRejects(verify, MessageSignatureError, "does not match");
  });

  if (vector.base === undefined) continue;
  Deno.test(`signatureBase() makes that of ${vector.name}`, () => {
    const message = messageFor(vector);
    const input = parseDictionary(message.headers.get("signature-input")!).get(vector.label)!;
    assert(isInnerList(input));
    const { request } = optionsFor(vector);
    assertEquals(signatureBase(input, { message, request }), vector.base);
  });
}

for (const name of ["B.2.5", "B.2.6"]) {
  Deno.test(`createSignature() makes that of ${name} to the last bit`, () => {
    const vector = (vectors.cases as Vector[]).find((it) => it.name === name)!;
    const message = messageOf(vector.message);
    const components = name === "B.2.5"
      ? ["date", "@authority", "content-type"]
      : ["date", "@method", "@path", "@authority", "content-type", "content-length"];
    const id = name === "B.2.5" ? "test-shared-secret" : "test-key-ed25519";
    const key = signingKeys.find((it) => it.id === id)!;
    const created = 1_618_884_473;
    const made = createSignature(message, {
      key,
      components,
      created,
      label: vector.label,
      nonce: false,
    });
    assertEquals(made.signatureInput, message.headers.get("signature-input"));
    assertEquals(made.signature, message.headers.get("signature"));
  });
}
