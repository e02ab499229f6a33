/**
 * Several failures as one.
 *
 * @module
 */

/** The text of anything thrown. */
function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Collects what went wrong in work that goes on after a failure.
 *
 * @example Close everything, then say what could not be closed
 * ```ts
 * import { assertThrows } from "@std/assert";
 * const errors = new ErrorBatch();
 * for (const name of ["a", "b"]) {
 *   try {
 *     throw new Error(`Cannot close ${name}`);
 *   } catch (error) {
 *     errors.add(error);
 *   }
 * }
 * assertThrows(() => errors.throwIfAny(), AggregateError, "Cannot close a\nCannot close b");
 * ```
 */
export class ErrorBatch {
  readonly #errors: unknown[] = [];

  /** Number of errors added. */
  get size(): number {
    return this.#errors.length;
  }

  /** Adds errors; `null` and `undefined` are none. */
  add(...errors: readonly unknown[]): void {
    for (const error of errors) {
      if (error !== null && error !== undefined) this.#errors.push(error);
    }
  }

  /** All errors as one, whose message is theirs, a line each; `undefined` if there are none. */
  toError(): AggregateError | undefined {
    if (this.#errors.length === 0) return undefined;
    return new AggregateError(this.#errors, this.#errors.map(textOf).join("\n"));
  }

  /** Throws all errors as one, if there are any. */
  throwIfAny(): void {
    const error = this.toError();
    if (error) throw error;
  }
}
