/**
 * Where the tokens of applications are.
 *
 * @module
 */

/** Knows the token of each application. */
export interface TokenStore {
  /** The token of `app`, or `undefined` if there is no such application. Rejects if it cannot be looked up. */
  get(app: string): Promise<string | undefined>;
}

/**
 * Tokens that the program itself knows.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const tokens = new MemoryTokenStore({ shop: "s3cret" });
 * assertEquals([await tokens.get("shop"), await tokens.get("other")], ["s3cret", undefined]);
 * ```
 */
export class MemoryTokenStore implements TokenStore {
  readonly #tokens: Map<string, string>;

  /** Makes a store of applications and their tokens. */
  constructor(tokens: Readonly<Record<string, string>> = {}) {
    this.#tokens = new Map(Object.entries(tokens));
  }

  /** The token of `app`. */
  get(app: string): Promise<string | undefined> {
    return Promise.resolve(this.#tokens.get(app));
  }

  /** Sets the token of `app`. */
  set(app: string, token: string): void {
    this.#tokens.set(app, token);
  }

  /** Forgets `app`. */
  delete(app: string): void {
    this.#tokens.delete(app);
  }
}
