/**
 * Headers that keep browsers from doing what an API never asks for.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html
 * @module
 */

import { type Answerer, type AnswerWrapper, changeHeaders } from "./answer_headers.ts";
import { contentSecurityPolicy, type PolicyDirectives } from "./content_security_policy.ts";

/** How long browsers are to use nothing but TLS. */
export interface TransportSecurity {
  /** In seconds, an integer >= 0. @default {31_536_000} */
  maxAgeSeconds?: number;
  /** Whether that holds for all hosts below this one. @default {false} */
  includeSubDomains?: boolean;
  /** Whether browsers may know it before they ask; see https://hstspreload.org. @default {false} */
  preload?: boolean;
}

/** Options for {@link secureHeaders}. Each header is left out where its option is `false`. */
export interface SecureHeadersOptions {
  /** `Content-Security-Policy`. @default {nothing is loaded, and no page may frame the answer} */
  contentSecurityPolicy?: PolicyDirectives | false;
  /** `Strict-Transport-Security`; browsers heed it only if it came over TLS. @default {a year, this host} */
  transportSecurity?: TransportSecurity | false;
  /** `X-Content-Type-Options: nosniff`. @default {true} */
  noSniff?: boolean;
  /** `X-Frame-Options`, for browsers without policies. @default {"DENY"} */
  frameOptions?: "DENY" | "SAMEORIGIN" | false;
  /** `Referrer-Policy`. @default {"no-referrer"} */
  referrerPolicy?: string | false;
  /** `Cross-Origin-Opener-Policy`. @default {"same-origin"} */
  openerPolicy?: "same-origin" | "same-origin-allow-popups" | "noopener-allow-popups" | false;
  /** `Cross-Origin-Resource-Policy`. Scripts that ask by CORS are not concerned. @default {"same-origin"} */
  resourcePolicy?: "same-origin" | "same-site" | "cross-origin" | false;
  /** `Permissions-Policy`: features by name, each with the origins that may use it. @default {false} */
  permissionsPolicy?: Readonly<Record<string, readonly string[]>> | false;
}

const NOTHING: PolicyDirectives = { "default-src": ["'none'"], "frame-ancestors": ["'none'"] };

/**
 * Adds headers that are safe for an API. A page needs a policy of its own. What a handler has set stays as it is, so a
 * page with a nonce sets its own policy.
 *
 * It is a middleware; around the whole server it covers the answers to errors and unknown paths as well.
 *
 * @throws {SyntaxError} If a policy is malformed.
 * @throws {RangeError} If a number is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const answer = secureHeaders({ frameOptions: false })(() => new Response("hi"));
 * const { headers } = await answer(new Request("https://api.example/"), undefined);
 * assertEquals(headers.get("x-content-type-options"), "nosniff");
 * assertEquals(headers.get("x-frame-options"), null);
 * ```
 */
export function secureHeaders(options: SecureHeadersOptions = {}): AnswerWrapper {
  const lines = headerLines(options);
  const add = (headers: Headers) => {
    for (const [name, value] of lines) if (!headers.has(name)) headers.set(name, value);
  };
  return <A>(next: Answerer<A>): Answerer<A> => (request, about) =>
    changeHeaders(next(request, about), add);
}

function headerLines(options: SecureHeadersOptions): readonly (readonly [string, string])[] {
  const {
    contentSecurityPolicy: policy = NOTHING,
    transportSecurity = {},
    noSniff = true,
    frameOptions = "DENY",
    referrerPolicy = "no-referrer",
    openerPolicy = "same-origin",
    resourcePolicy = "same-origin",
    permissionsPolicy = false,
  } = options;
  const lines: [name: string, value: string | false][] = [
    ["content-security-policy", policy && contentSecurityPolicy(policy)],
    ["strict-transport-security", transportSecurity && transportLine(transportSecurity)],
    ["x-content-type-options", noSniff && "nosniff"],
    ["x-frame-options", frameOptions],
    ["referrer-policy", referrerPolicy && words(referrerPolicy)],
    ["cross-origin-opener-policy", openerPolicy],
    ["cross-origin-resource-policy", resourcePolicy],
    ["permissions-policy", permissionsPolicy && permissionsLine(permissionsPolicy)],
  ];
  return lines.filter((line): line is [string, string] => line[1] !== false);
}

function transportLine(
  { maxAgeSeconds = 31_536_000, includeSubDomains = false, preload = false }: TransportSecurity,
): string {
  if (!(Number.isInteger(maxAgeSeconds) && maxAgeSeconds >= 0)) {
    throw new RangeError(
      `Cannot secure headers: need an integer maxAgeSeconds >= 0, got ${maxAgeSeconds}`,
    );
  }
  return `max-age=${maxAgeSeconds}` + (includeSubDomains ? "; includeSubDomains" : "") +
    (preload ? "; preload" : "");
}

function words(text: string): string {
  if (/^[a-z-]+(?:, *[a-z-]+)*$/.test(text)) return text;
  throw new SyntaxError(`Cannot secure headers: ${JSON.stringify(text)} is no referrer policy`);
}

function permissionsLine(features: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(features).map(([name, origins]) => {
    const bad = /^[a-z-]+$/.test(name)
      ? origins.find((it) => !/^[!#-'*+\--:<-~]+$/.test(it))
      : name;
    if (bad !== undefined) {
      throw new SyntaxError(
        `Cannot secure headers: ${JSON.stringify(bad)} is no feature or origin`,
      );
    }
    const list = origins.map((it) => it === "self" || it === "*" ? it : `"${it}"`);
    return `${name}=(${list.join(" ")})`;
  }).join(", ");
}
