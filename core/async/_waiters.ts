import { LinkedList } from "./_linked_list.ts";

interface Waiter<T> {
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** Those who wait for something, served in the order they came. Whoever gives up leaves no trace. */
export class Waiters<T> {
  readonly #waiting = new LinkedList<Waiter<T>>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves with what a later {@link resolveFirst} hands over; rejects once `signal` is aborted. */
  wait(signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (!signal) {
      this.#waiting.push({ resolve, reject });
      return promise;
    }
    const onAbort = () => {
      this.#waiting.remove(link);
      reject(signal.reason);
    };
    const link = this.#waiting.push({
      resolve(value) {
        signal.removeEventListener("abort", onAbort);
        resolve(value);
      },
      reject(reason) {
        signal.removeEventListener("abort", onAbort);
        reject(reason);
      },
    });
    signal.addEventListener("abort", onAbort, { once: true });
    return promise;
  }

  /** Hands `value` to whoever has waited longest; false if nobody waits. */
  resolveFirst(value: T): boolean {
    const first = this.#waiting.shift();
    first?.value.resolve(value);
    return first !== undefined;
  }

  /** Hands `value` to everyone; answers to how many. */
  resolveAll(value: T): number {
    const count = this.#waiting.size;
    for (let left = count; left > 0; left--) this.resolveFirst(value);
    return count;
  }

  /** Turns everyone away. */
  rejectAll(reason: unknown): void {
    for (let it = this.#waiting.shift(); it; it = this.#waiting.shift()) it.value.reject(reason);
  }
}
