/**
 * The client's side: signing requests, and reading encrypted answers.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { type Clock, systemClock } from "../../../core/clock.ts";
import { CodecError } from "../../../core/codec/errors.ts";
import { RsaEncrypter } from "../../../core/codec/rsa.ts";
import { readCapped, withBody } from "../read_body.ts";
import { formatAttributes } from "./attribute_list.ts";
import { type BodyType, type CipherContext, decryptBody, encryptBody } from "./body_cipher.ts";
import { CONTENT_SECURITY_HEADER } from "./header.ts";
import { signatureOf, signedTarget } from "./signed_text.ts";

/** Options for {@link signRequest}. */
export interface SignRequestOptions {
  /** What the server calls its key. */
  fingerprint: string;
  /** The server's public key in PEM (`BEGIN PUBLIC KEY`), RSA. */
  publicKeyPem: string;
  /** Whether and how bodies are encrypted. @default {0} */
  type?: BodyType;
  /** The key of the signature and of bodies: 16, 24 or 32 bytes. @default {32 random bytes for each request} */
  key?: Uint8Array;
  /** Largest body of the request and of its answer in bytes, an integer >= 1. @default {8_388_608} */
  maxBytes?: number;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/** A request that was signed. */
export interface SignedRequest {
  /** The request to be sent. */
  readonly request: Request;
  /**
   * Decrypts the answer to it, if bodies are encrypted. What a proxy or the server says before the request was accepted
   * is never encrypted, so an answer of 400 and above may be plain, and then nobody vouches for it.
   *
   * @throws {CodecError} If the answer was changed, is that to another request, or is plain and should not be. Rejects
   * with it.
   */
  readAnswer(answer: Response): Promise<Response>;
}

/**
 * Signs a request as `contentSecurity` asks for it, and encrypts its body if `type` is not 0.
 *
 * @throws {CodecError} If the public key cannot be read. Rejects with it.
 * @throws {SyntaxError} If the path holds a malformed escape. Rejects with it.
 */
export async function signRequest(
  request: Request,
  options: SignRequestOptions,
): Promise<SignedRequest> {
  const { fingerprint, type = 0, maxBytes = 8_388_608, clock = systemClock } = options;
  const target = signedTarget(request.url);
  if (!target) throw new SyntaxError("Cannot sign request: its path holds a malformed escape");
  const key = options.key ?? new Uint8Array(randomBytes(32));
  const time = String(Math.floor(clock.wallTime() / 1000));
  const cipher: CipherContext = { type, key, time };
  const plain = await readCapped(request, maxBytes);
  const body = plain.length > 0 ? await encryptBody(plain, cipher, "request") : plain;
  const signature = signatureOf(key, { time, method: request.method, ...target, body })
    .toString("base64");
  const signed = new Request(withBody(request, body), { signal: request.signal });
  signed.headers.set(
    CONTENT_SECURITY_HEADER,
    formatAttributes({ key: fingerprint, secret: sealed(cipher, options.publicKeyPem), signature }),
  );
  const isEncrypted = type === 2 || type === 1 && body.length > 0;
  return {
    request: signed,
    readAnswer: (answer) =>
      isEncrypted ? readAnswer(answer, cipher, signature, maxBytes) : Promise.resolve(answer),
  };
}

function sealed({ type, key, time }: CipherContext, publicKeyPem: string): string {
  const text = formatAttributes({ version: "v1", type: String(type), key: key.toBase64(), time });
  return new RsaEncrypter(publicKeyPem, { padding: "pkcs1" })
    .encryptBase64(new TextEncoder().encode(text));
}

async function readAnswer(
  answer: Response,
  cipher: CipherContext,
  signature: string,
  maxBytes: number,
): Promise<Response> {
  const { status } = answer;
  const isMarked = answer.headers.get(CONTENT_SECURITY_HEADER) === "type=2";
  if (!answer.body || cipher.type === 2 && !isMarked && status >= 400) return answer;
  if (cipher.type === 2 && !isMarked) {
    await answer.body.cancel();
    throw new CodecError("Cannot read answer: it is not encrypted");
  }
  const body = await readCapped(answer, maxBytes);
  if (body.length === 0 && cipher.type === 1) return new Response(null, answer);
  const plain = await decryptAnswer(body, cipher, { answerTo: signature, status });
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(plain, { status, headers });
}

async function decryptAnswer(
  body: Uint8Array<ArrayBuffer>,
  cipher: CipherContext,
  side: { answerTo: string; status: number },
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await decryptBody(body, cipher, side);
  } catch (error) {
    // A refusal of an old server is plain, and nothing marks what is not.
    if (cipher.type === 1 && side.status >= 400) return body;
    throw error;
  }
}
