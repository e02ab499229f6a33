/**
 * One tier of a chain of calls retries, not all of them: four tiers with three attempts each would call
 * the last one 81 times.
 *
 * Two marks see to that. A request that is a retry says so, and who works for it does not retry. An
 * error that somebody has retried already, or had no budget to, says so, and who gets it does not
 * retry. So the tier next to the fault does it. Both marks cross the wire under gRPC's names.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md
 * @module
 */

import { ambient, runAmbient } from "../ambient.ts";
import { RetryError } from "./errors.ts";

/** Request header or metadata: how many attempts were made before this one. */
export const PREVIOUS_ATTEMPTS_HEADER = "grpc-previous-rpc-attempts";

/** Response header or metadata: when to try again, in ms; not at all if it is negative. */
export const PUSHBACK_HEADER = "grpc-retry-pushback-ms";

const finals = new WeakSet<object>();

/**
 * Runs `fn` as work for a request that was attempted before, so that no {@link retry} within it retries. A
 * server calls it with what {@link parsePreviousAttempts} read.
 *
 * @throws {RangeError} If `previousAttempts` is not an integer >= 0.
 */
export function runWithPreviousAttempts<T>(previousAttempts: number, fn: () => T): T {
  if (!(Number.isInteger(previousAttempts) && previousAttempts >= 0)) {
    throw new RangeError(
      `Cannot run attempt: need an integer previousAttempts >= 0, got ${previousAttempts}`,
    );
  }
  const { span, baggage, deadline } = ambient();
  return runAmbient({ span, baggage, deadline, previousAttempts }, fn);
}

/** Attempts made before the one that this code works for; 0 in the first, and outside of all. */
export function currentPreviousAttempts(): number {
  return ambient().previousAttempts ?? 0;
}

/**
 * Reads {@link PREVIOUS_ATTEMPTS_HEADER}.
 *
 * @param text The value of the header; `null` if there is none, which means 0.
 * @throws {SyntaxError} If the text is not one to four digits.
 */
export function parsePreviousAttempts(text: string | null): number {
  if (text === null) return 0;
  if (!/^\d{1,4}$/.test(text)) {
    throw new SyntaxError(
      `Cannot parse ${PREVIOUS_ATTEMPTS_HEADER}: need 1 to 4 digits, got ${text.length} characters`,
    );
  }
  return Number(text);
}

/** Marks an error as one that nobody on the way up should retry. A thrown primitive cannot be. */
export function markRetryFinal(error: unknown): void {
  if (typeof error === "object" && error !== null) finals.add(error);
}

/** Whether somebody has retried already what failed with this error, or was not allowed to. */
export function isRetryFinal(error: unknown): boolean {
  if (error instanceof RetryError) return true;
  return typeof error === "object" && error !== null && finals.has(error);
}

/**
 * The value of {@link PUSHBACK_HEADER} for an answer that is this error; `undefined` if there is nothing
 * to say.
 */
export function formatPushback(error: unknown): string | undefined {
  return isRetryFinal(error) ? "-1" : undefined;
}

/**
 * Reads {@link PUSHBACK_HEADER} into the error that a client makes of an answer. As in gRPC a value that is
 * negative or cannot be read forbids to retry. A time is left to `retryAfterMs` of the error.
 */
export function applyPushback(error: unknown, text: string | null): void {
  if (text !== null && !/^\d{1,10}$/.test(text)) markRetryFinal(error);
}
