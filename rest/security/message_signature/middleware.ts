/**
 * Routes for those who sign their requests as RFC 9421 says.
 *
 * @module
 */

import type { Context } from "../../context.ts";
import type { Middleware } from "../../handler.ts";
import { bodyLimit, checkBytes, readRequestBody, withBody } from "../read_body.ts";
import type { ReplayGuard } from "../replay_cache.ts";
import { replayGuardFor } from "../replay_guard.ts";
import { isDigestOf } from "./content_digest.ts";
import { MessageSignatureError } from "./errors.ts";
import { checkMessage, type SignatureRules, type VerifiedSignature } from "./check_message.ts";
import { rememberSignature } from "./verify.ts";

/** Options for {@link messageSignature}. */
export interface MessageSignatureOptions extends Omit<SignatureRules, "request" | "clock"> {
  /** Remembers signatures, so that none is accepted twice; `false` if one may come again. @default {a new ReplayCache} */
  replay?: ReplayGuard | false | undefined;
  /**
   * Whether the digest of a body must be covered. Without it nobody vouches for the body. A digest that is there is
   * always compared. @default {true}
   */
  requireDigest?: boolean | undefined;
  /** Largest body of a request in bytes, an integer >= 1. @default {the limit of the route, or 1_048_576} */
  maxBytes?: number | undefined;
  /** Answers a request that was refused. @default {401} */
  onRefused?(
    error: MessageSignatureError,
    request: Request,
    context: Context,
  ): Response | Promise<Response>;
}

const SIGNATURE = Symbol("message signature");

/**
 * Lets a request pass only with a good signature. Whose it is, is then in {@link verifiedSignature}. Anything else is
 * answered with 401, and the message says what was wrong.
 *
 * @throws {SyntaxError} If a required component is malformed. At the first request.
 * @throws {RangeError} If an option is out of range.
 */
export function messageSignature(options: MessageSignatureOptions): Middleware {
  const { requireDigest = true, maxBytes, maxAgeSeconds = 300 } = options;
  checkBytes("maxBytes", maxBytes);
  if (!(maxAgeSeconds > 0)) {
    throw new RangeError(`Cannot check signatures: need maxAgeSeconds > 0, got ${maxAgeSeconds}`);
  }
  const guardFor = replayGuardFor(options.replay);
  return (next) => {
    return async (request, context) => {
      let passed: Request;
      try {
        const { clock } = context.environment;
        const checked = await checkMessage(request, { ...options, clock });
        const { signature } = checked;
        // The body is read only for those who hold a key, and a signature that came with another body is not used up.
        const body = await readRequestBody(request, context, bodyLimit(maxBytes, context));
        checkDigest(request, body, requireDigest ? signature : undefined);
        const replay = guardFor(context);
        if (replay) await rememberSignature(checked, replay);
        context.state.set(SIGNATURE, signature);
        passed = withBody(request, body);
      } catch (error) {
        if (!(error instanceof MessageSignatureError) || !options.onRefused) throw error;
        return options.onRefused(error, request, context);
      }
      return next(passed, context);
    };
  };
}

/** The signature of this request; `undefined` on a route that asks for none. */
export function verifiedSignature(context: Context): VerifiedSignature | undefined {
  return context.state.get(SIGNATURE) as VerifiedSignature | undefined;
}

function checkDigest(
  request: Request,
  body: Uint8Array,
  signature: VerifiedSignature | undefined,
): void {
  const digest = request.headers.get("content-digest");
  if (signature && body.length > 0 && !signature.components.includes('"content-digest"')) {
    throw new MessageSignatureError("coverage", 'it does not cover "content-digest"');
  }
  if (digest !== null && !isDigestOf(digest, body)) {
    throw new MessageSignatureError("digest", "the body is not that of its digest");
  }
}
