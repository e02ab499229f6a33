/**
 * Calls that have not left.
 *
 * @module
 */

const unsent = new WeakSet<object>();

/** Marks the error of a call that never reached the callee, and gives it back. Only a transport can know. */
export function markUnsent<E extends object>(error: E): E {
  unsent.add(error);
  return error;
}

/** Whether the call that failed so never reached the callee: it may be made again elsewhere, whatever it does. */
export function isUnsent(error: unknown): boolean {
  return typeof error === "object" && error !== null && unsent.has(error);
}
