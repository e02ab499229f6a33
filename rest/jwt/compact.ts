/**
 * The compact form of a token: three parts of base64url, joined by dots.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 * @module
 */

import { Buffer } from "node:buffer";
import { hasDuplicateMember } from "./_member_names.ts";
import { type ClaimRules, type Claims, refused } from "./claims.ts";

/** Longest token in characters, unless said otherwise. */
const MAX_LENGTH = 16 * 1024;

/** The header of a token, as far as it is trusted before its signature is. */
export interface TokenHeader {
  /** The algorithm it claims to be signed with. */
  readonly alg: string;
  /** The key it claims to be signed with. */
  readonly kid: string | undefined;
}

/** A token taken apart. Its signature is still to be checked. */
export interface CompactToken {
  /** The header. What else it holds (`jku`, `jwk`, `x5u`, `x5c`) is never looked at: a token does not choose its keys. */
  readonly header: TokenHeader;
  /** What is signed. */
  readonly signed: string;
  /** The signature, as it is written. */
  readonly signature: string;
  /** The claims, encoded. */
  readonly payload: string;
}

/**
 * Takes a token apart and refuses what no verifier should go on with: a wrong number of parts, a header that is
 * malformed or names a member twice, an extension (`crit`), another `typ` than the rules ask for.
 *
 * @throws {UnauthorizedError} Saying what is wrong, and nothing of the token.
 */
export function splitToken(token: string, rules: ClaimRules): CompactToken {
  const parts = token.length <= (rules.maxLength ?? MAX_LENGTH) ? token.split(".", 4) : [];
  if (parts.length !== 3) throw refused("it does not have three parts");
  const [head, payload, signature] = parts as [string, string, string];
  const header = decodePart(head);
  if (header.crit !== undefined) throw refused("it asks for an extension that is not known");
  const { alg, kid, typ } = header;
  if (typeof alg !== "string") throw refused("its algorithm is not accepted");
  if (kid !== undefined && typeof kid !== "string") throw refused("it is malformed");
  if (rules.type !== undefined && mediaType(typ) !== mediaType(rules.type)) {
    throw refused("it is of another type");
  }
  return { header: { alg, kid }, signed: `${head}.${payload}`, signature, payload };
}

/**
 * Reads a part of a token.
 *
 * @throws {UnauthorizedError} If it is no object in JSON, or names a member twice.
 */
export function decodePart(part: string): Claims {
  try {
    const text = Buffer.from(part, "base64url").toString("utf8");
    const value: unknown = /\d{16}/.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      if (!hasDuplicateMember(text)) return value as Claims;
    }
  } catch {
    // Said below.
  }
  throw refused("it is malformed");
}

/** Writes a part of a token. A `bigint` is written with all its digits. */
export function encodePart(value: Claims): string {
  return Buffer.from(JSON.stringify(value, writeInteger)).toString("base64url");
}

interface RawJson {
  rawJSON(text: string): unknown;
}

function writeInteger(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? (JSON as JSON & RawJson).rawJSON(String(value)) : value;
}

function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) {
    return value;
  }
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** `application/` may be left out, and case says nothing. */
function mediaType(type: unknown): string | undefined {
  return typeof type === "string"
    ? type.toLowerCase().replace(/^application\/(?=[^/]*$)/, "")
    : undefined;
}
