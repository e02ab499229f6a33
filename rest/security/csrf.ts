/**
 * Requests that another site makes in the name of a user, with the user's cookies.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 * @module
 */

import type { Context } from "../context.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Middleware } from "../handler.ts";
import { parseCookies } from "../request/cookie.ts";
import { changeHeaders } from "./answer_headers.ts";
import { CsrfTokens } from "./csrf_tokens.ts";
import { matchOrigins, type OriginMatcher } from "./origin_list.ts";

/** Options for {@link csrf}. */
export interface CsrfOptions {
  /** What tokens are signed with: at least 32 characters, known to all processes of the service. */
  secret: string;
  /**
   * What tokens are bound to, such as the id of the session, so that one user's token is of no use to another. The middleware
   * that knows it runs before this one. @default {nothing}
   */
  sessionOf?(request: Request, context: Context): string;
  /** Origins other than the service's own that may ask, as in `cors`. @default {[]} */
  trustedOrigins?: readonly string[];
  /** What browsers see of the service, such as `https://api.example.com`. @default {any scheme with the host of the request} */
  origin?: string;
  /** The cookie. Without TLS, name one that has no prefix. @default {"__Host-csrf"} */
  cookieName?: string;
  /** The header that repeats the cookie. @default {"x-csrf-token"} */
  headerName?: string;
  /** How long a token is good, in seconds, an integer >= 1. @default {43_200} */
  maxAgeSeconds?: number;
  /** Whether a request needs it; one that is authorized by a header and not by cookies does not. @default {all do} */
  appliesTo?(request: Request, context: Context): boolean;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const TOKEN = Symbol("csrf token");

/**
 * Lets a request that may change something pass only if it comes from the service's own pages: the browser says so, by
 * `Sec-Fetch-Site` or `Origin`, and it repeats in a header the signed token that is in its cookie, which scripts of other
 * sites cannot read. A request of both kinds that is not is answered with 403.
 *
 * Answers to GET carry the cookie where there is none, and {@link csrfToken} has the token for a form or a page.
 *
 * @throws {RangeError} If the secret is too short or `maxAgeSeconds` is out of range.
 * @throws {SyntaxError} If an origin or a name is malformed.
 */
export function csrf(options: CsrfOptions): Middleware {
  const {
    cookieName = "__Host-csrf",
    headerName = "x-csrf-token",
    maxAgeSeconds = 43_200,
    sessionOf = () => "",
    appliesTo = () => true,
  } = options;
  checkName(cookieName);
  checkName(headerName);
  const tokens = new CsrfTokens(options.secret, maxAgeSeconds);
  const isTrusted = matchOrigins(options.trustedOrigins ?? []);
  const secure = cookieName.startsWith("__") ? "; Secure" : "";
  const attributes = `; Path=/; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`;
  return (next) => (request, context) => {
    if (!appliesTo(request, context)) return next(request, context);
    const nowMs = context.environment.clock.wallTime();
    const session = sessionOf(request, context);
    const sent = parseCookies(request.headers.get("cookie")).get(cookieName);
    const isGood = sent !== undefined && tokens.isValid(sent, session, nowMs);
    if (!SAFE_METHODS.has(request.method)) {
      if (!isOwn(request, options.origin, isTrusted)) throw refused("it comes from another site");
      const repeated = request.headers.get(headerName);
      if (!isGood || repeated === null || !tokens.isSame(sent, repeated)) {
        throw refused("its token is missing or not good");
      }
    }
    const token = isGood ? sent : tokens.issue(session, nowMs);
    context.state.set(TOKEN, token);
    const answer = next(request, context);
    if (isGood) return answer;
    return changeHeaders(
      answer,
      (headers) => headers.append("set-cookie", `${cookieName}=${token}${attributes}`),
    );
  };
}

/**
 * The token that requests of this user's pages repeat in the header.
 *
 * @throws {TypeError} If no {@link csrf} is around the route.
 */
export function csrfToken(context: Context): string {
  const token = context.state.get(TOKEN);
  if (typeof token === "string") return token;
  throw new TypeError("Cannot tell CSRF token: the route has no csrf middleware");
}

/** Whether a browser says that the request comes from the service's own pages, or from one that is trusted. */
function isOwn(request: Request, own: string | undefined, isTrusted: OriginMatcher): boolean {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  if (origin !== null && isTrusted(origin)) return true;
  if (site !== null) return site === "same-origin" || site === "none";
  // An older browser, or none at all; then the token decides.
  if (origin === null) return true;
  if (own !== undefined) return origin.toLowerCase() === own.toLowerCase();
  return URL.parse(origin)?.host === URL.parse(request.url)?.host;
}

function refused(why: string): ServiceError {
  return new ServiceError("permission_denied", `Cannot accept request: ${why}`);
}

function checkName(name: string): void {
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return;
  throw new SyntaxError(`Cannot use ${JSON.stringify(name)}: it is no name of a cookie or header`);
}
