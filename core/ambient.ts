/**
 * What the running code works for, however deep and however many awaits later: a trace, a deadline, and which attempt
 * of a call it is.
 *
 * They are kept in one place because to enter a context is the dearest thing that a server does for each request, and
 * one is enough.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Deadline } from "./timeout/deadline.ts";
import type { TraceScope } from "./trace/tracer.ts";

/** What the running code works for. */
export interface Ambient extends TraceScope {
  /** The instant by which the work must be done. */
  readonly deadline?: Deadline | undefined;
  /** Attempts that were made before the one that this code works for. */
  readonly previousAttempts?: number | undefined;
}

const NOTHING: Ambient = {};
const storage = new AsyncLocalStorage<Ambient>();

/** What the running code works for; empty outside of everything. */
export function ambient(): Ambient {
  return storage.getStore() ?? NOTHING;
}

/** Calls `fn`, and all that it starts and awaits, for `what`, and for nothing else. */
export function runAmbient<T>(what: Ambient, fn: () => T): T {
  return storage.run(what, fn);
}
