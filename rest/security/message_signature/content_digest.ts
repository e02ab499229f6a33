/**
 * Digests of bodies.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9530
 * @module
 */

import { createHash } from "node:crypto";
import { parseDictionary } from "../structured_field/parse.ts";
import { isInnerList } from "../structured_field/types.ts";

/** The digests that protect anything. */
export type DigestAlgorithm = "sha-256" | "sha-512";

const HASHES: Readonly<Record<DigestAlgorithm, string>> = {
  "sha-256": "sha256",
  "sha-512": "sha512",
};

/**
 * The value of a `Content-Digest` header for a body.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const body = new TextEncoder().encode('{"hello": "world"}');
 * assertEquals(contentDigest(body), "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
 * ```
 */
export function contentDigest(body: Uint8Array, algorithm: DigestAlgorithm = "sha-256"): string {
  return `${algorithm}=:${digest(body, algorithm).toBase64()}:`;
}

/** Whether a `Content-Digest` header names a digest that protects, and all such digests in it are those of the body. */
export function isDigestOf(header: string, body: Uint8Array): boolean {
  let known = 0;
  try {
    for (const [name, member] of parseDictionary(header)) {
      if (!Object.hasOwn(HASHES, name)) continue;
      if (isInnerList(member) || !(member.value instanceof Uint8Array)) return false;
      if (member.value.toBase64() !== digest(body, name as DigestAlgorithm).toBase64()) {
        return false;
      }
      known++;
    }
  } catch {
    return false;
  }
  return known > 0;
}

function digest(body: Uint8Array, algorithm: DigestAlgorithm): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash(HASHES[algorithm]).update(body).digest());
}
