/**
 * From what `fetch` throws to an error that says what happened, and nothing of the URL.
 *
 * @module
 */

import { type CallTarget, NetworkError } from "./errors.ts";

/** What the runtime's messages hold, and what it means. Their full text repeats the URL. */
const REASONS: readonly (readonly [needle: string, reason: string])[] = [
  ["connection refused", "the connection was refused"],
  ["dns error", "its name cannot be resolved"],
  ["certificate", "its certificate is not accepted"],
  ["before message completed", "it closed the connection without an answer"],
  ["connection reset", "it reset the connection"],
  ["broken pipe", "it reset the connection"],
  ["invalid http", "it does not answer in HTTP"],
  ["parsed", "it does not answer in HTTP"],
  ["tls", "TLS cannot be agreed on"],
  ["timed out", "the connection timed out"],
  ["blocked", "its port is not one for HTTP"],
];

/** Reads what `fetch` threw. Anything but the platform's `TypeError` for a failed fetch comes back as it is. */
export function networkErrorOf(error: unknown, target: CallTarget): unknown {
  if (!(error instanceof TypeError)) return error;
  const { cause } = error;
  const text = `${error.message} ${cause instanceof Error ? cause.message : ""}`;
  const lower = text.toLowerCase();
  const [, reason] = REASONS.find(([needle]) => lower.includes(needle)) ??
    ["", "the connection failed"];
  // Only a failure to connect says for sure that nothing was sent.
  const sent = !lower.includes("client error (connect)") && !lower.includes("blocked");
  return new NetworkError(target, reason, { sent });
}
