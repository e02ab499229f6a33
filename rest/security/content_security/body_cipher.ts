/**
 * Encrypted bodies.
 *
 * | type | request | answer |
 * |---|---|---|
 * | 0 | plain | plain |
 * | 1 | base64 of AES-ECB with PKCS #7 | the same, if the request had a body |
 * | 2 | AES-GCM: nonce (12 bytes), ciphertext, tag (16 bytes) | the same, and `X-Content-Security: type=2` |
 *
 * Type 1 is for clients that know nothing better: it shows which blocks are equal. Type 2 binds each message to its
 * place by additional data, in lines: `request` and the time that was signed, or `response`, that time, the signature of
 * the request in base64 and the status of the answer. So an answer is that to this request and no other.
 *
 * @module
 */

import { legacyAesEcbDecrypt, legacyAesEcbEncrypt } from "../../../core/codec/aes_ecb.ts";
import { AesGcm } from "../../../core/codec/aes_gcm.ts";
import { decodeBase64 } from "../../../core/codec/base64.ts";
import { CodecError } from "../../../core/codec/errors.ts";

/** Whether and how bodies are encrypted: 0 not, 1 by AES-ECB for old clients, 2 by AES-GCM. */
export type BodyType = 0 | 1 | 2;

/** What a body is encrypted with. */
export interface CipherContext {
  /** How it is encrypted. */
  readonly type: BodyType;
  /** 16, 24 or 32 bytes. */
  readonly key: Uint8Array;
  /** The time that was signed, as text. */
  readonly time: string;
}

/** The side that a body comes from. For an answer, with the signature of the request in base64 and its own status. */
export type BodySide = "request" | { readonly answerTo: string; readonly status: number };

/**
 * Encrypts a body.
 *
 * @throws {RangeError} If the key has another length. Rejects with it.
 */
export async function encryptBody(
  body: Uint8Array<ArrayBuffer>,
  context: CipherContext,
  side: BodySide,
): Promise<Uint8Array<ArrayBuffer>> {
  if (context.type === 0) return body;
  if (context.type === 1) {
    return new TextEncoder().encode(legacyAesEcbEncrypt(context.key, body).toBase64());
  }
  const aes = await AesGcm.import(new Uint8Array(context.key));
  return aes.encrypt(body, { additionalData: additionalData(context, side) });
}

/**
 * Decrypts a body.
 *
 * @throws {CodecError} If it was changed, is of another side, or of another key. Rejects with it; the message says no
 * more than that, whatever it is.
 */
export async function decryptBody(
  body: Uint8Array<ArrayBuffer>,
  context: CipherContext,
  side: BodySide,
): Promise<Uint8Array<ArrayBuffer>> {
  if (context.type === 0) return body;
  try {
    if (context.type === 1) {
      const encrypted = decodeBase64(new TextDecoder().decode(body));
      return new Uint8Array(legacyAesEcbDecrypt(context.key, encrypted));
    }
    const aes = await AesGcm.import(new Uint8Array(context.key));
    return await aes.decrypt(body, { additionalData: additionalData(context, side) });
  } catch {
    // Which of the steps failed would help to guess the plain text.
    throw new CodecError("Cannot decrypt body: it was not encrypted for this request");
  }
}

function additionalData(context: CipherContext, side: BodySide): Uint8Array<ArrayBuffer> {
  const lines = side === "request"
    ? ["request", context.time]
    : ["response", context.time, side.answerTo, String(side.status)];
  return new TextEncoder().encode(lines.join("\n"));
}
