/**
 * Routes for those who sign their requests.
 *
 * @module
 */

import { RsaDecrypter } from "../../../core/codec/rsa.ts";
import type { Context } from "../../context.ts";
import { BadRequestError } from "../../errors.ts";
import type { Handler, Middleware } from "../../handler.ts";
import { recover } from "../../middleware/recover.ts";
import { bodyLimit, checkBytes, readRequestBody, withBody } from "../read_body.ts";
import type { ReplayGuard } from "../replay_cache.ts";
import { replayGuardFor } from "../replay_guard.ts";
import { encryptAnswer } from "./answer.ts";
import { decryptBody } from "./body_cipher.ts";
import { type ContentSecurityCode, ContentSecurityError, reasonText } from "./errors.ts";
import type { ContentSecurityHeader } from "./header.ts";
import { readClaim, verifyClaim, type VerifyRules } from "./verify.ts";

/** A key that clients encrypt for. */
export interface ContentSecurityKey {
  /** What clients call the key. */
  readonly fingerprint: string;
  /** The private key in PEM (`BEGIN RSA PRIVATE KEY` or `BEGIN PRIVATE KEY`), RSA. */
  readonly privateKeyPem: string;
}

/** A request that was refused. */
export interface RefusedRequest {
  /** What is wrong. Let the answer not depend on it: see {@link ContentSecurityError}. */
  readonly code: ContentSecurityCode;
  /** Whether requests without a valid signature are to be refused. */
  readonly strict: boolean;
  /** The request, its body still to be read. */
  readonly request: Request;
  /** Its context. */
  readonly context: Context;
  /** Goes on as if the request were valid. Nothing is decrypted. */
  readonly next: Handler;
}

/** Options for {@link contentSecurity}. */
export interface ContentSecurityOptions {
  /** The keys. Without any nothing is checked, which `strict` does not allow. */
  keys: readonly ContentSecurityKey[];
  /** Whether a request without a valid signature is refused. Otherwise it goes on, unverified. @default {false} */
  strict?: boolean;
  /** How far a request's time may be off, in ms, >= 0. @default {3_600_000} */
  toleranceMs?: number;
  /**
   * Methods that are checked; others pass. Give {@link GO_ZERO_METHODS} to do as go-zero does, where PATCH and HEAD pass
   * unsigned. @default {all}
   */
  methods?: readonly string[];
  /**
   * Whether the header `X-Request-Uri` says what was signed. Only for a proxy that rewrites the path and sets or
   * removes this header on every request; anyone else could sign one path and ask for another. @default {false}
   */
  trustRequestUri?: boolean;
  /** Largest body of a request in bytes, an integer >= 1. @default {the limit of the route, or 1_048_576} */
  maxBytes?: number;
  /** Largest body of an encrypted answer in bytes, an integer >= 1. A larger one is answered with 500. @default {8_388_608} */
  maxAnswerBytes?: number;
  /**
   * Remembers signatures, so that none is accepted twice. `false` is for old clients that send the same request with the
   * same key twice in one second. @default {a new ReplayCache}
   */
  replay?: ReplayGuard | false;
  /** Answers a request that was refused. @default {403 if strict, else go on} */
  onRefused?(refused: RefusedRequest): Response | Promise<Response>;
}

/** The methods that go-zero checks. */
export const GO_ZERO_METHODS: readonly string[] = ["DELETE", "GET", "POST", "PUT"];

const pass: Middleware = (next) => next;

/**
 * Checks the signature in `X-Content-Security`, and decrypts and encrypts bodies where the client asks for it.
 *
 * @throws {TypeError} If it is strict and there are no keys, or two have one fingerprint.
 * @throws {CodecError} If a key cannot be read.
 * @throws {RangeError} If an option is out of range.
 */
export function contentSecurity(options: ContentSecurityOptions): Middleware {
  const { strict = false, maxBytes, maxAnswerBytes = 8_388_608 } = options;
  checkBytes("maxBytes", maxBytes);
  checkBytes("maxAnswerBytes", maxAnswerBytes);
  const keys = readKeys(options.keys);
  if (keys.size === 0) {
    if (strict) throw new TypeError("Cannot check signatures strictly: there are no keys");
    return pass;
  }
  const methods = options.methods && new Set(options.methods);
  const guardFor = replayGuardFor(options.replay);
  const settings = rulesOf(keys, options);
  return (next) => {
    // Errors become answers before they are encrypted, or an error would be all that goes in the clear.
    const recovered = recover()(next);
    return async (request, context) => {
      if (methods && !methods.has(request.method)) return next(request, context);
      const rules = { ...settings, replay: guardFor(context) };
      const claim = readClaim(request, rules);
      // Nothing is read for those who do not even claim to hold a key.
      if (!claim) return refuse({ code: 1, strict, request, context, next }, options.onRefused);
      const body = await readRequestBody(request, context, bodyLimit(maxBytes, context));
      const { clock } = context.environment;
      const code = await verifyClaim(claim, body, rules, clock.wallTime());
      if (code !== undefined) {
        const refused = { code, strict, request: withBody(request, body), context, next };
        return refuse(refused, options.onRefused);
      }
      const { header } = claim;
      if (!isEncrypted(header, body)) return next(withBody(request, body), context);
      const plain = await decrypted(body, header);
      const answer = await recovered(withBody(request, plain), context);
      return encryptAnswer(answer, header, { method: request.method, maxBytes: maxAnswerBytes });
    };
  };
}

/** Old clients expect a plain answer to a request without a body. */
function isEncrypted(header: ContentSecurityHeader, body: Uint8Array): boolean {
  return header.type === 2 || header.type === 1 && body.length > 0;
}

async function decrypted(
  body: Uint8Array<ArrayBuffer>,
  header: ContentSecurityHeader,
): Promise<Uint8Array<ArrayBuffer>> {
  if (body.length === 0) return body;
  try {
    return await decryptBody(body, header, "request");
  } catch {
    throw new BadRequestError("Cannot read body: it is not encrypted as it must be");
  }
}

function refuse(
  refused: RefusedRequest,
  onRefused: ContentSecurityOptions["onRefused"],
): Response | Promise<Response> {
  const { code, strict, request, context, next } = refused;
  // Neither the header nor a signature is logged: what was made for one request could be used for another.
  context.log.error("Request is not signed as it must be", { reason: reasonText(code) });
  if (onRefused) return onRefused(refused);
  if (strict) throw new ContentSecurityError(code);
  return next(request, context);
}

function rulesOf(
  keys: ReadonlyMap<string, RsaDecrypter>,
  { toleranceMs = 3_600_000, trustRequestUri = false }: ContentSecurityOptions,
): Omit<VerifyRules, "replay"> {
  if (!(toleranceMs >= 0 && Number.isFinite(toleranceMs))) {
    throw new RangeError(`Cannot check signatures: need toleranceMs >= 0, got ${toleranceMs}`);
  }
  return { keys, toleranceSeconds: Math.floor(toleranceMs / 1000), trustRequestUri };
}

function readKeys(keys: readonly ContentSecurityKey[]): ReadonlyMap<string, RsaDecrypter> {
  const byFingerprint = new Map<string, RsaDecrypter>();
  for (const { fingerprint, privateKeyPem } of keys) {
    if (byFingerprint.has(fingerprint)) {
      throw new TypeError(
        `Cannot use keys: two have the fingerprint ${JSON.stringify(fingerprint)}`,
      );
    }
    byFingerprint.set(fingerprint, new RsaDecrypter(privateKeyPem, { padding: "pkcs1" }));
  }
  return byFingerprint;
}
