import type { Shedder, ShedderReport, ShedderToken } from "./shedder.ts";

const TOKEN: ShedderToken = { pass() {}, fail() {}, [Symbol.dispose]() {} };

const REPORT: ShedderReport = {
  allowed: true,
  criticality: "normal",
  level: 0,
  threshold: 1000,
  coolingOff: false,
  lagMs: 0,
  inFlight: 0,
  averageInFlight: 0,
  waiting: 0,
  limit: Infinity,
  maxPass: 1,
  minLatencyMs: 0,
  retryAfterMs: 0,
};

/** A shedder that lets everything in and counts nothing: what a service in development uses. */
export const noopShedder: Shedder = {
  allow: () => TOKEN,
  tryAllow: () => TOKEN,
  explain: (options) => ({ ...REPORT, criticality: options?.criticality ?? "normal" }),
  [Symbol.dispose]() {},
};
