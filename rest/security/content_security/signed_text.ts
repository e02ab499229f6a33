/**
 * What of a request is signed, and the signature.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { sha256Hex } from "../../../core/codec/digest.ts";

/** What of a request is signed. */
export interface SignedParts {
  /** The time as it is sent, in seconds since the Unix epoch. */
  readonly time: string;
  /** The method, in upper case. */
  readonly method: string;
  /** The path, with all percent-escapes decoded. */
  readonly path: string;
  /** The query as it is sent, without the question mark. */
  readonly query: string;
  /** The body as it is sent. */
  readonly body: Uint8Array;
}

/** The path and the query of a URL, as they are signed; `undefined` if an escape is malformed. */
export function signedTarget(url: string): { path: string; query: string } | undefined {
  // Not by `URL`: it would resolve dot segments, which the signer did not.
  const match = /^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*([^?#]*)\??([^#]*)/i.exec(url);
  if (!match) return undefined;
  const [, path = "", query = ""] = match;
  try {
    return { path: decodeURIComponent(path), query };
  } catch {
    return undefined;
  }
}

/**
 * The signature of a request: HMAC-SHA-256 over five lines, which are time, method, path, query and the SHA-256 of the
 * body in hex.
 *
 * @returns 32 bytes.
 */
export function signatureOf(key: Uint8Array, parts: SignedParts): Buffer {
  const { time, method, path, query, body } = parts;
  const text = [time, method, path, query, sha256Hex(body)].join("\n");
  return createHmac("sha256", key).update(text).digest();
}
