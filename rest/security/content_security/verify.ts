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
import { signatureOf, signedTarget } from "./signed_text.ts";

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

/** What came out: the header of a request that is signed as it must be, or why it is not. */
export type Verdict =
  | { readonly ok: true; readonly header: ContentSecurityHeader }
  | { readonly ok: false; readonly code: ContentSecurityCode };

/**
 * Checks a request. Once the secret has been decrypted, whatever comes of that, the same is done for every request: the
 * body is hashed, the signature made and compared, and only then is it said what was wrong.
 */
export async function verifyRequest(
  request: Request,
  body: Uint8Array,
  rules: VerifyRules,
  nowMs: number,
): Promise<Verdict> {
  const text = request.headers.get(CONTENT_SECURITY_HEADER);
  const header = parseContentSecurity(text, rules.keys);
  const target = targetOf(request, rules.trustRequestUri);
  if (!header || !target) return { ok: false, code: 1 };
  const { method } = request;
  const expected = signatureOf(header.key, { time: header.time, method, ...target, body });
  const isSigned = isSameText(header.signature, expected.toString("base64"));
  const seconds = Math.floor(nowMs / 1000);
  const isInTime = Math.abs(seconds - Number(header.time)) <= rules.toleranceSeconds;
  if (header.isBroken) return { ok: false, code: 1 };
  if (!isInTime) return { ok: false, code: 2 };
  if (!isSigned) return { ok: false, code: 3 };
  if (rules.replay) {
    // It would be accepted for this whole second.
    const expiresAtMs = (Number(header.time) + rules.toleranceSeconds + 1) * 1000;
    const id = `${header.fingerprint} ${header.signature}`;
    if (!await rules.replay.remember(id, expiresAtMs)) return { ok: false, code: 4 };
  }
  return { ok: true, header };
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
