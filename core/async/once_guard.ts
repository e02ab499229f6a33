/**
 * A thing that can be taken once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const guard = new OnceGuard();
 * assertEquals([guard.take(), guard.take(), guard.taken], [true, false, true]);
 * ```
 */
export class OnceGuard {
  #taken = false;

  /** Whether it has been taken. */
  get taken(): boolean {
    return this.#taken;
  }

  /** Takes it: true the first time only. */
  take(): boolean {
    const first = !this.#taken;
    this.#taken = true;
    return first;
  }
}
