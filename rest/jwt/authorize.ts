/**
 * Routes for those who hold a token.
 *
 * @module
 */

import type { Schema } from "../../core/schema/field.ts";
import type { Context } from "../context.ts";
import { UnauthorizedError } from "../errors.ts";
import type { Handler, Middleware } from "../handler.ts";
import { type Claims, refused } from "./claims.ts";
import { hmacVerifier, type HmacVerifierOptions } from "./token.ts";
import type { TokenVerifier } from "./verifier.ts";

/** What {@link authorize} does, whatever tokens are signed with. */
export interface AuthorizeSettings {
  /**
   * Answers a request whose token is missing or refused, in place of the 401 problem. The error's message may be
   * shown; its `challenge` is for the `WWW-Authenticate` header. What it throws is answered as any error.
   */
  onUnauthorized?(
    error: UnauthorizedError,
    request: Request,
    context: Context,
  ): Response | Promise<Response>;
  /** The protected space, for the `WWW-Authenticate` header. @default {not named} */
  realm?: string;
}

/** Options for {@link authorize} with tokens that are signed with a shared secret. */
export interface AuthorizeOptions extends AuthorizeSettings, HmacVerifierOptions {}

/** Options for {@link authorize} with a verifier of its own, such as one for public keys. */
export interface AuthorizeWithOptions extends AuthorizeSettings {
  /** Checks the tokens. */
  verifier: TokenVerifier;
}

const CLAIMS = Symbol("claims");
const NO_CLAIMS: Claims = Object.freeze({});

/**
 * Lets a request pass only with a valid token in its `Authorization` header, as `Bearer <token>` or bare. What the token
 * says is then in {@link claimsOf}. Anything else is answered with 401 and a `WWW-Authenticate` header. No token and no
 * header is ever logged.
 *
 * @throws {RangeError} If a secret is too short or a rule cannot be kept.
 */
export function authorize(options: AuthorizeOptions | AuthorizeWithOptions): Middleware {
  const verifier = "verifier" in options ? options.verifier : hmacVerifier(options);
  const realm = options.realm === undefined ? undefined : quoted(options.realm);
  return (next) => (request, context) => {
    const pass = (claims: Claims) => {
      context.state.set(CLAIMS, claims);
      return next(request, context);
    };
    const refuse = (thrown: unknown) => {
      if (!(thrown instanceof UnauthorizedError)) throw thrown;
      const error = realm === undefined ? thrown : withRealm(thrown, realm);
      if (!options.onUnauthorized) throw error;
      return options.onUnauthorized(error, request, context);
    };
    return authorized(verifier, request, context, pass, refuse);
  };
}

/** Calls `pass` or `refuse`. A verifier that answers at once costs no promise, and errors of `pass` are its own. */
function authorized(
  verifier: TokenVerifier,
  request: Request,
  context: Context,
  pass: (claims: Claims) => ReturnType<Handler>,
  refuse: (thrown: unknown) => ReturnType<Handler>,
): ReturnType<Handler> {
  let claims: Claims | Promise<Claims>;
  try {
    const token = tokenOf(request.headers.get("authorization"));
    claims = verifier.verify(token, context.environment.clock.wallTime());
  } catch (thrown) {
    return refuse(thrown);
  }
  return claims instanceof Promise ? claims.then(pass, refuse) : pass(claims);
}

/** What the token of this request says; empty on a route that asks for none. */
export function claimsOf(context: Context): Claims;
/**
 * What the token of this request says, as the schema describes it.
 *
 * @throws {UnauthorizedError} If the claims do not fit: a good signature over the wrong claims lets nobody in.
 */
export function claimsOf<T>(context: Context, schema: Schema<T>): T;
export function claimsOf<T>(context: Context, schema?: Schema<T>): Claims | T {
  const claims = context.state.get(CLAIMS) as Claims | undefined ?? NO_CLAIMS;
  if (!schema) return claims;
  const result = schema.safeParse(claims);
  if (!result.ok) throw refused("its claims are not those that are due");
  return result.value;
}

function tokenOf(header: string | null): string {
  const token = header?.replace(/^bearer /i, "").trim();
  if (token) return token;
  throw new UnauthorizedError("Cannot accept request: it carries no token");
}

function withRealm(error: UnauthorizedError, realm: string): UnauthorizedError {
  const [scheme, ...parameters] = error.challenge.split(" ");
  return new UnauthorizedError(
    error.message,
    `${scheme} ${[`realm=${realm}`, ...parameters].join(", ")}`,
  );
}

function quoted(text: string): string {
  if (!/^[ !#-[\]-~]*$/.test(text)) {
    throw new SyntaxError(
      `Cannot use realm: need printable ASCII without quotes or backslashes, got ${
        JSON.stringify(text)
      }`,
    );
  }
  return `"${text}"`;
}
