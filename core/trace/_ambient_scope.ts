import { ambient, runAmbient } from "../ambient.ts";
import type { TraceScope } from "./tracer.ts";

/** What the running code is part of. */
export function ambientScope(): TraceScope {
  return ambient();
}

/** Calls `fn`, and all that it starts and awaits, as part of `scope`. */
export function runInScope<T>({ span, baggage }: TraceScope, fn: () => T): T {
  const { deadline, previousAttempts } = ambient();
  return runAmbient({ span, baggage, deadline, previousAttempts }, fn);
}
