/**
 * Cross-origin requests of browsers.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 * @module
 */

import { addVary, type Answerer, type AnswerWrapper, changeHeaders } from "./answer_headers.ts";
import { matchOrigins, type OriginMatcher } from "./origin_list.ts";

/** Options for {@link cors}. */
export interface CorsOptions {
  /**
   * Origins that may read answers: `https://app.example` is one origin, `example.com` is that host and all below it. A
   * `*` among them lets all others read what is public, without credentials. Or a function that decides; if it throws the
   * origin is not allowed. @default {["*"]}
   */
  origins?: readonly string[] | OriginMatcher;
  /** Whether browsers may send cookies and the like, from origins that are listed. Never with `*`. @default {true} */
  credentials?: boolean;
  /** Methods that are allowed. @default {GET, HEAD, POST, PATCH, PUT, DELETE} */
  methods?: readonly string[];
  /** Request headers that are allowed beside the usual ones. @default {[]} */
  headers?: readonly string[];
  /** Answer headers that scripts may read, beside the usual ones. @default {[]} */
  exposeHeaders?: readonly string[];
  /** How long browsers may remember this, in seconds, an integer >= 0. @default {86_400} */
  maxAgeSeconds?: number;
  /**
   * Whether only preflights are answered here, so that routes of their own can answer other OPTIONS requests.
   * @default {false}
   */
  preflightOnly?: boolean;
}

const METHODS = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"];
const HEADERS = [
  "Content-Type",
  "Origin",
  "X-CSRF-Token",
  "Authorization",
  "AccessToken",
  "Token",
  "Range",
];
const EXPOSED = ["Content-Length", "Access-Control-Allow-Origin", "Access-Control-Allow-Headers"];
const VARY = ["Origin"];
const VARY_OF_PREFLIGHT = [
  "Origin",
  "Access-Control-Request-Method",
  "Access-Control-Request-Headers",
];

/** What an origin is told: itself, `*`, or nothing. */
type Grant = { readonly origin: string; readonly credentials: boolean } | undefined;

/**
 * Lets scripts of other origins read answers, by the origins that are listed. Requests of origins that are not are
 * answered as ever, without the headers that a browser would need to let a script see it.
 *
 * Preflights ask for paths, not for routes, and are answered before any route is looked for. So this goes around the
 * whole server, as `ServerOptions.cors`.
 *
 * @throws {SyntaxError} If an origin, a method or a header is malformed.
 * @throws {RangeError} If `maxAgeSeconds` is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const answer = cors({ origins: ["https://app.example"] })(() => new Response("hi"));
 * const headers = { origin: "https://app.example" };
 * const { headers: told } = await answer(new Request("https://api.example/", { headers }), undefined);
 * assertEquals(told.get("access-control-allow-origin"), "https://app.example");
 * ```
 */
export function cors(options: CorsOptions = {}): AnswerWrapper {
  const grantFor = granter(options);
  const lines = headerLines(options);
  const { preflightOnly = false } = options;
  return <A>(next: Answerer<A>): Answerer<A> => (request, about) => {
    const grant = grantFor(request.headers.get("origin"));
    if (request.method === "OPTIONS" && (!preflightOnly || isPreflight(request))) {
      return preflightAnswer(grant, lines);
    }
    return changeHeaders(next(request, about), (headers) => {
      addVary(headers, VARY);
      if (!grant) return;
      setGrant(headers, grant);
      headers.set("access-control-expose-headers", lines.exposed);
    });
  };
}

function isPreflight({ headers }: Request): boolean {
  return headers.has("origin") && headers.has("access-control-request-method");
}

function preflightAnswer(grant: Grant, lines: HeaderLines): Response {
  const headers = new Headers({ vary: VARY_OF_PREFLIGHT.join(", ") });
  if (grant) {
    setGrant(headers, grant);
    headers.set("access-control-allow-methods", lines.methods);
    headers.set("access-control-allow-headers", lines.headers);
    headers.set("access-control-max-age", lines.maxAge);
  }
  return new Response(null, { status: 204, headers });
}

function setGrant(headers: Headers, grant: NonNullable<Grant>): void {
  headers.set("access-control-allow-origin", grant.origin);
  if (grant.credentials) headers.set("access-control-allow-credentials", "true");
}

function granter(
  { origins = ["*"], credentials = true }: CorsOptions,
): (origin: string | null) => Grant {
  const everyone: Grant = { origin: "*", credentials: false };
  const isList = typeof origins !== "function";
  const matches = isList ? matchOrigins(origins.filter((it) => it !== "*")) : guarded(origins);
  const others = isList && (origins.length === 0 || origins.includes("*")) ? everyone : undefined;
  return (origin) => origin !== null && matches(origin) ? { origin, credentials } : others;
}

/** This runs outside of what turns errors into answers. */
function guarded(matches: OriginMatcher): OriginMatcher {
  return (origin) => {
    try {
      return matches(origin);
    } catch {
      return false;
    }
  };
}

interface HeaderLines {
  readonly methods: string;
  readonly headers: string;
  readonly exposed: string;
  readonly maxAge: string;
}

function headerLines(options: CorsOptions): HeaderLines {
  const { methods = METHODS, headers = [], exposeHeaders = [], maxAgeSeconds = 86_400 } = options;
  if (!(Number.isInteger(maxAgeSeconds) && maxAgeSeconds >= 0)) {
    throw new RangeError(
      `Cannot allow origins: need an integer maxAgeSeconds >= 0, got ${maxAgeSeconds}`,
    );
  }
  return {
    methods: line(methods),
    headers: line([...HEADERS, ...headers]),
    exposed: line([...EXPOSED, ...exposeHeaders]),
    maxAge: String(maxAgeSeconds),
  };
}

function line(names: readonly string[]): string {
  for (const name of names) {
    if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) continue;
    throw new SyntaxError(`Cannot allow ${JSON.stringify(name)}: it is no name`);
  }
  const seen = new Set<string>();
  return names.filter((name) => {
    const lower = name.toLowerCase();
    return !seen.has(lower) && seen.add(lower);
  }).join(", ");
}
