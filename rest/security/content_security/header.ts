/**
 * The header that carries a signature, and the secret in it.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { decodeBase64 } from "../../../core/codec/base64.ts";
import type { RsaDecrypter } from "../../../core/codec/rsa.ts";
import { parseAttributes } from "./attribute_list.ts";
import type { BodyType } from "./body_cipher.ts";

/** The header that carries a signature. */
export const CONTENT_SECURITY_HEADER = "x-content-security";

/**
 * Longest header that is looked at, in characters. A secret fits in one block of a key, and each block costs the server
 * some ms and whoever sends it nothing; this is room for two blocks of 4096 bits.
 */
const MAX_HEADER_LENGTH = 1536;

/** What the header of a request says. */
export interface ContentSecurityHeader {
  /** The name of the key that the secret is encrypted for. */
  readonly fingerprint: string;
  /** The key of the signature and of encrypted bodies. */
  readonly key: Uint8Array;
  /** How bodies are encrypted. */
  readonly type: BodyType;
  /** The time as it was sent. */
  readonly time: string;
  /** The signature as it was sent. */
  readonly signature: string;
  /** Whether the secret could not be read. `key` is random then, so that all else goes as ever and fails. */
  readonly isBroken: boolean;
}

/** Nobody can sign with this key: it was never out of this process. */
const NOBODYS_KEY: Uint8Array = new Uint8Array(randomBytes(32));

/**
 * Reads the header of a request, or answers `undefined` if anyone can see that it is wrong: there is none, something is
 * missing, or the key has no name that is known.
 *
 * What is wrong with the encrypted secret is not told apart from a wrong signature, neither by the answer nor by the work
 * that is done: who could tell whether the padding was right could decrypt what others sent.
 *
 * @see https://archiv.infsec.ethz.ch/education/fs08/secsem/bleichenbacher98.pdf
 */
export function parseContentSecurity(
  header: string | null,
  keys: ReadonlyMap<string, RsaDecrypter>,
): ContentSecurityHeader | undefined {
  if (header === null || header.length > MAX_HEADER_LENGTH) return undefined;
  const attributes = parseAttributes(header);
  const fingerprint = attributes.get("key");
  const secret = attributes.get("secret");
  const signature = attributes.get("signature");
  if (!fingerprint || !secret || !signature) return undefined;
  const decrypter = keys.get(fingerprint);
  if (!decrypter) return undefined;
  return { fingerprint, signature, ...readSecret(secret, decrypter) };
}

type Secret = Pick<ContentSecurityHeader, "key" | "type" | "time" | "isBroken">;

function readSecret(secret: string, decrypter: RsaDecrypter): Secret {
  try {
    const text = new TextDecoder().decode(decrypter.decryptBase64(secret));
    const attributes = parseAttributes(text);
    const type = attributes.get("type") ?? "";
    const time = attributes.get("time") ?? "";
    const key = decodeBase64(attributes.get("key") ?? "");
    if (/^[+-]?\d{1,18}$/.test(type) && /^[+-]?\d{1,18}$/.test(time) && key.length > 0) {
      return { key, type: bodyType(Number(type)), time, isBroken: false };
    }
  } catch {
    // As for a secret that reads well and is of no use.
  }
  return { key: NOBODYS_KEY, type: 0, time: "0", isBroken: true };
}

/** Types that have no meaning are plain, as they always were. */
function bodyType(type: number): BodyType {
  return type === 1 || type === 2 ? type : 0;
}
