import { ClosedError } from "./errors.ts";

/** A use of a {@link RefCounted} value. */
export interface Ref<T> extends AsyncDisposable {
  /** The value. */
  readonly value: T;
  /**
   * Ends the use. The last one cleans the value, and waits for that. The second time does nothing.
   *
   * @throws What cleaning threw.
   */
  release(): Promise<void>;
}

/**
 * A value with several users that is cleaned when the last one has gone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let closed = false;
 * const file = new RefCounted("log.txt", () => void (closed = true));
 * const [first, second] = [file.use(), file.use()];
 * await first.release();
 * assertEquals(closed, false);
 * await second.release();
 * assertEquals(closed, true);
 * ```
 */
export class RefCounted<T> {
  readonly #value: T;
  readonly #clean: (value: T) => unknown;
  #uses = 0;
  #cleaned = false;

  /** `clean` is called once. */
  constructor(value: T, clean: (value: T) => unknown) {
    this.#value = value;
    this.#clean = clean;
  }

  /** How many use the value. */
  get uses(): number {
    return this.#uses;
  }

  /** Whether the last user has gone. */
  get cleaned(): boolean {
    return this.#cleaned;
  }

  /** Begins a use. Release it, best with `await using`. @throws {ClosedError} If it was cleaned. */
  use(): Ref<T> {
    if (this.#cleaned) throw new ClosedError("use resource", "resource");
    this.#uses++;
    let held = true;
    const release = async () => {
      if (!held) return;
      held = false;
      if (--this.#uses > 0) return;
      this.#cleaned = true;
      await this.#clean(this.#value);
    };
    return { value: this.#value, release, [Symbol.asyncDispose]: release };
  }
}
