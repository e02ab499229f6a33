import type { Breaker, BreakerReport, BreakerToken } from "./breaker.ts";

const TOKEN: BreakerToken = { accept() {}, reject() {}, [Symbol.dispose]() {} };

const REPORT: BreakerReport = {
  name: "nopBreaker",
  state: "closed",
  total: 0,
  accepted: 0,
  failed: 0,
  dropped: 0,
  dropRatio: 0,
  workingBuckets: 0,
  failingBuckets: 0,
  retryAfterMs: 0,
  lastFailures: [],
};

/** A breaker that runs every call, whatever its options say, and records nothing. */
export const noopBreaker: Breaker = {
  name: REPORT.name,
  // Async, so that a throw is a rejection here too.
  run: async (fn) => await fn(),
  allow: () => TOKEN,
  explain: () => REPORT,
};
