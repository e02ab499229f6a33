/**
 * Waiting for something that may be called off.
 *
 * @module
 */

/**
 * Calls off whatever waits. Unlike a race with a promise that lives long, each wait leaves nothing behind: a stream may have
 * millions of them.
 */
export class Interrupt {
  readonly #waiting = new Set<(error: unknown) => void>();
  #over: { readonly error: unknown } | undefined;

  /** Settles as `promise` does, or rejects when called off. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#over) reject(this.#over.error);
      else this.#waiting.add(reject);
      promise.then((value) => {
        this.#waiting.delete(reject);
        resolve(value);
      }, (error) => {
        this.#waiting.delete(reject);
        reject(error);
      });
    });
  }

  /** Rejects all who wait, and all who come later. */
  callOff(error: unknown): void {
    if (this.#over) return;
    this.#over = { error };
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
  }
}
