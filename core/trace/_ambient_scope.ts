import { AsyncLocalStorage } from "node:async_hooks";
import type { TraceScope } from "./tracer.ts";

const NOTHING: TraceScope = {};
const storage = new AsyncLocalStorage<TraceScope>();

/** What the running code is part of. */
export function ambientScope(): TraceScope {
  return storage.getStore() ?? NOTHING;
}

/** Calls `fn`, and all that it starts and awaits, as part of `scope`. */
export function runInScope<T>(scope: TraceScope, fn: () => T): T {
  return storage.run(scope, fn);
}
