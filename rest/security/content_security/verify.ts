/**
 * Whether a request is signed as it must be.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import type { RsaDecrypter } from "../../../core/codec/rsa.ts";
import type { ReplayGuard } from "../replay_cache.ts";
import {
  CONTENT_SECURITY_HEADER,
  type ContentSecurityHeader,
  parseContentSecurity,
} from "./header.ts";
import type { ContentSecurityCode } from "./errors.ts";
import { signatureOf, type SignedParts, signedTarget } from "./signed_text.ts";

/** What requests are checked with. */
export interface VerifyRules {
  /** The private keys by fingerprint. */
  readonly keys: ReadonlyMap<string, RsaDecrypter>;
  /** How far the time of a request may be off, in whole seconds. */
  readonly toleranceSeconds: number;
  /** Whether the header `X-Request-Uri` says what was signed. */
  readonly trustRequestUri: boolean;
  /** Remembers signatures; `undefined` if a request may come again. */
  readonly replay: ReplayGuard | undefined;
}

/** What a request claims: that who sent it holds a key and signed this. */
export interface Claim {
  /** The header. */
  readonly header: ContentSecurityHeader;
  /** What was signed of the request, but for its body. */
  readonly parts: Omit<SignedParts, "body">;
}

/** Reads what a request claims; `undefined` if anyone can see that it claims nothing. */
export function readClaim(request: Request, rules: VerifyRules): Claim | undefined {
  const target = targetOf(request, rules.trustRequestUri);
  const header = parseContentSecurity(request.headers.get(CONTENT_SECURITY_HEADER), rules.keys);
  if (!target || !header) return undefined;
  return { header, parts: { time: header.time, method: request.method, ...target } };
}

/**
 * Checks a claim, and answers what is wrong with it, if anything. Whatever came of decrypting the secret, the same is done
 * for every request: the body is hashed, the signature made and compared, and only then is it said what was wrong.
 */
export async function verifyClaim(
  { header, parts }: Claim,
  body: Uint8Array,
  rules: VerifyRules,
  nowMs: number,
): Promise<ContentSecurityCode | undefined> {
  const expected = signatureOf(header.key, { ...parts, body });
  const isSigned = isSameText(header.signature, expected.toString("base64"));
  const seconds = Math.floor(nowMs / 1000);
  const isInTime = Math.abs(seconds - Number(header.time)) <= rules.toleranceSeconds;
  if (header.isBroken) return 1;
  if (!isInTime) return 2;
  if (!isSigned) return 3;
  if (rules.replay) {
    // It would be accepted for this whole second.
    const expiresAtMs = (Number(header.time) + rules.toleranceSeconds + 1) * 1000;
    const id = `${header.fingerprint} ${header.signature}`;
    if (!await rules.replay.remember(id, expiresAtMs)) return 4;
  }
  return undefined;
}

/** Whether two texts are the same, in a time that does not depend on where they differ. */
function isSameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function targetOf(request: Request, trustRequestUri: boolean) {
  const original = trustRequestUri ? request.headers.get("x-request-uri") : null;
  if (!original) return signedTarget(request.url);
  return signedTarget(original.startsWith("/") ? `http://proxy${original}` : original);
}
