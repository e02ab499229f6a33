/**
 * How often someone may ask.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 * @module
 */

import { sha256Hex } from "../../core/codec/digest.ts";
import { ServiceError } from "../../core/errors.ts";
import type { LimitDecision, Limiter } from "../../core/limit/limiter.ts";
import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";
import { problem } from "../response/problem.ts";
import { changeHeaders } from "./answer_headers.ts";
import { LimiterGuard } from "./limiter_guard.ts";
import type { RateLimitKey } from "./rate_limit_key.ts";
import { serializeBareItem } from "./structured_field/serialize.ts";

/** Options for {@link rateLimit}. */
export interface RateLimitOptions {
  /** Counts. One limiter can serve several middlewares, which then share what there is. */
  limiter: Limiter;
  /** Whom a request counts for. Where it is not known nothing is counted. */
  key: RateLimitKey;
  /** The name of the limit, for the headers: printable ASCII. @default {"default"} */
  name?: string;
  /** The window of the limit, for the headers, in seconds, an integer >= 1. @default {not told} */
  windowSeconds?: number;
  /** What a request is worth, >= 0. @default {1} */
  costOf?(request: Request, context: Context): number;
  /** How long a remote limiter may take, in ms, > 0. After that the request passes. @default {100} */
  timeoutMs?: number;
  /** Whether answers tell how much is left. @default {true} */
  tellRemaining?: boolean;
}

/** Longer keys are replaced by their hash, so that nobody chooses how much memory they take. */
const MAX_KEY_LENGTH = 128;

/**
 * Refuses a request with 429 when its key has used up what it has, and says when to come again: by `Retry-After`, and by
 * `RateLimit` and `RateLimit-Policy`, which other answers carry too.
 *
 * A limiter that fails, or takes too long, lets the request pass: a limit is no reason to be down. The log tells of it,
 * at most once in ten seconds.
 *
 * @throws {RangeError} If an option is out of range.
 * @throws {SyntaxError} If the name cannot stand in a header.
 * @example Three at once, then one a second, for each address
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Server } from "@zeno/zeno/rest";
 * import { TokenBucketLimiter } from "@zeno/zeno/core/limit";
 * import { byAddress, rateLimit } from "@zeno/zeno/rest/security";
 *
 * const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 3 });
 * await using server = new Server({ Name: "shop", Port: 0, Log: { Level: "severe" } });
 * server.get("/", () => new Response("hi"), {
 *   middleware: [rateLimit({ limiter, key: byAddress() })],
 * });
 * const info = { remoteAddr: { transport: "tcp", hostname: "192.0.2.7", port: 4711 } };
 * const ask = () => server.fetch(new Request("http://localhost/"), info);
 * assertEquals((await ask()).headers.get("ratelimit"), '"default";r=2;t=1');
 * await ask();
 * await ask();
 * assertEquals((await ask()).status, 429);
 * ```
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { limiter, key, costOf, timeoutMs = 100, tellRemaining = true } = options;
  const fields = fieldsOf(options);
  const guard = new LimiterGuard(limiter, timeoutMs);
  return (next) => (request, context) => {
    const found = key(request, context);
    if (!found) return next(request, context);
    const cost = costOf?.(request, context);
    const decide = (decision: LimitDecision | undefined) => {
      if (!decision) return next(request, context);
      const answer = decision.allowed ? next(request, context) : refusal(decision, fields, context);
      if (!tellRemaining && decision.allowed) return answer;
      return changeHeaders(answer, (headers) => tell(headers, decision, fields));
    };
    const decision = guard.take(bounded(found), cost, context.environment);
    return decision instanceof Promise ? decision.then(decide) : decide(decision);
  };
}

interface Fields {
  readonly name: string;
  /** The name as it stands in a header. */
  readonly quoted: string;
  readonly window: string;
}

function fieldsOf({ name = "default", windowSeconds }: RateLimitOptions): Fields {
  if (windowSeconds !== undefined && !(Number.isInteger(windowSeconds) && windowSeconds >= 1)) {
    throw new RangeError(
      `Cannot limit rate: need an integer windowSeconds >= 1, got ${windowSeconds}`,
    );
  }
  const window = windowSeconds === undefined ? "" : `;w=${windowSeconds}`;
  return { name, quoted: serializeBareItem(name), window };
}

function tell(headers: Headers, decision: LimitDecision, { quoted, window }: Fields): void {
  const againMs = decision.allowed ? decision.resetMs : decision.retryAfterMs;
  const again = Number.isFinite(againMs) ? `;t=${Math.ceil(againMs / 1000)}` : "";
  // Several limits around one route make a list.
  headers.append("ratelimit-policy", `${quoted};q=${whole(decision.limit)}${window}`);
  headers.append("ratelimit", `${quoted};r=${whole(decision.remaining)}${again}`);
}

/** As large as a header can have it. */
function whole(units: number): number {
  return Math.min(Math.max(0, Math.floor(units)), 999_999_999_999_999);
}

function refusal({ retryAfterMs }: LimitDecision, { name }: Fields, context: Context): Response {
  const error = new ServiceError(
    "resource_exhausted",
    "Cannot take request: too many have come from here",
    {
      details: { "violated-policies": [name] },
      retryAfterMs: Number.isFinite(retryAfterMs) ? retryAfterMs : undefined,
    },
  );
  return problem(error, context);
}

function bounded(key: string): string {
  return key.length <= MAX_KEY_LENGTH ? key : sha256Hex(key);
}
