import type { BreakerToken } from "./breaker.ts";

/** Tells the outcome of one call, once. */
export class CallToken implements BreakerToken {
  #settle: ((failed: boolean, isProbe: boolean, reason: unknown) => void) | undefined;
  readonly #isProbe: boolean;

  constructor(
    settle: (failed: boolean, isProbe: boolean, reason: unknown) => void,
    isProbe: boolean,
  ) {
    this.#settle = settle;
    this.#isProbe = isProbe;
  }

  accept(): void {
    this.#once(false, undefined);
  }

  reject(reason?: unknown): void {
    this.#once(true, reason);
  }

  [Symbol.dispose](): void {
    this.#settle = undefined;
  }

  #once(failed: boolean, reason: unknown): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(failed, this.#isProbe, reason);
  }
}
