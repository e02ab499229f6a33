/**
 * Routes for those who hold a token.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { UnauthorizedError } from "../errors.ts";
import type { Middleware } from "../handler.ts";
import { checkSecret, type Claims, type HmacAlgorithm, verifyToken } from "./token.ts";

/** Options for {@link authorize}. */
export interface AuthorizeOptions {
  /** The secret that tokens are signed with. At least 8 characters; 32 random bytes are better. */
  secret: string;
  /** The secret before that, while tokens signed with it are still around. */
  previousSecret?: string | undefined;
  /** Algorithms that are accepted. @default {["HS256", "HS384", "HS512"]} */
  algorithms?: readonly HmacAlgorithm[];
  /** How far clocks may be apart, in seconds, 0 to 60. @default {0} */
  leewaySeconds?: number;
}

const CLAIMS = Symbol("claims");
const NO_CLAIMS: Claims = Object.freeze({});

/**
 * Lets a request pass only with a valid token in its `Authorization` header, as `Bearer <token>` or bare. What the token
 * says is then in {@link claimsOf}. Anything else is answered with 401, and never logged.
 *
 * @throws {RangeError} If a secret is too short or the leeway out of bounds.
 */
export function authorize(options: AuthorizeOptions): Middleware {
  checkSecret(options.secret);
  if (options.previousSecret) checkSecret(options.previousSecret);
  const { leewaySeconds = 0 } = options;
  if (!(leewaySeconds >= 0 && leewaySeconds <= 60)) {
    throw new RangeError(
      `Cannot authorize: need leewaySeconds from 0 to 60, got ${leewaySeconds}`,
    );
  }
  return (next) => (request, context) => {
    const nowMs = context.environment.clock.wallTime();
    const token = tokenOf(request.headers.get("authorization"));
    context.state.set(CLAIMS, verifyToken(token, { ...options, nowMs }));
    return next(request, context);
  };
}

/** What the token of this request says; empty on a route that asks for none. */
export function claimsOf(context: Context): Claims {
  return context.state.get(CLAIMS) as Claims | undefined ?? NO_CLAIMS;
}

function tokenOf(header: string | null): string {
  const token = header?.replace(/^bearer /i, "").trim();
  if (token) return token;
  throw new UnauthorizedError("Cannot accept request: it carries no token");
}
