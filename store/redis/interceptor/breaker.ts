/**
 * Rest for a Redis that fails.
 *
 * @module
 */

import type { Breaker, BreakerToken } from "../../../core/breaker/breaker.ts";
import { isNeutral } from "../../../core/breaker/outcome.ts";
import { currentDeadline } from "../../../core/timeout/ambient_deadline.ts";
import type { RedisCall, RedisInterceptor } from "../command.ts";
import { firstError } from "../command.ts";

/** Options for {@link breaker}. */
export interface BreakerOptions {
  /** The breaker of the server that a call goes to. */
  breakerOf: (call: RedisCall) => Breaker;
  /** Errors that say nothing against Redis. @default {() => false} */
  acceptable?: ((error: unknown) => boolean) | undefined;
}

/** Commands that wait for somebody else, or belong to the connection. */
const EXEMPT: ReadonlySet<string> = new Set(["blpop", "hello"]);

/**
 * Refuses calls while Redis fails. Several commands that are sent at once are one call, which fails with the first error among
 * the replies. A caller that has given up before, or whose time is up, is turned away and nothing is recorded.
 *
 * Replies that are errors count as failures, as they do in go-zero.
 */
export function breaker(options: BreakerOptions): RedisInterceptor {
  const { breakerOf, acceptable = () => false } = options;
  return (next) => (call) => {
    if (EXEMPT.has(call.name)) return next(call);
    let token: BreakerToken;
    try {
      currentDeadline()?.throwIfEnded();
      token = breakerOf(call).allow(call);
    } catch (error) {
      return Promise.reject(error);
    }
    return next(call).then((answer) => {
      const error = firstError(call, answer);
      if (error === undefined) token.accept();
      else settle(token, error, acceptable);
      return answer;
    }, (error) => {
      if (isNeutral(error, call.signal)) token[Symbol.dispose]();
      else settle(token, error, acceptable);
      throw error;
    });
  };
}

function settle(
  token: BreakerToken,
  error: unknown,
  acceptable: (error: unknown) => boolean,
): void {
  let isFine = false; // A predicate that throws is a failure, and its error the caller's.
  try {
    isFine = acceptable(error);
  } finally {
    if (isFine) token.accept();
    else token.reject(error);
  }
}
