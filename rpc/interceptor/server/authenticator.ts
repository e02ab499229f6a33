/**
 * Who may call.
 *
 * @module
 */

import { Cache } from "../../../core/collection/cache.ts";
import { type Clock, systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import { type Logger, noopLogger } from "../../../core/log/logger.ts";
import { reasonOf } from "../../../core/log/value_renderer.ts";
import type { TokenStore } from "./token_store.ts";

/** Options for {@link Authenticator}. */
export interface AuthenticatorOptions {
  /** Whether a caller is refused whose token cannot be looked up, or who is unknown. @default {false} */
  strict?: boolean;
  /** How long a token that was looked up is good, in ms, give or take a twentieth. @default {300_000} */
  cacheMs?: number;
  /** Told, once a minute at most, of callers that were let in because their token could not be looked up. */
  log?: Logger;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/** Applications whose tokens are kept at a time. */
const MAX_APPS = 100_000;
const MINUTE_MS = 60_000;

/**
 * Checks that a caller is who it says: the token it shows must be that of its application.
 *
 * Without `strict` those are let in who are unknown or whose token cannot be looked up, as go-zero does, so that a store which
 * is down takes no service along; those with a wrong token are not. With `strict` they are refused.
 */
export class Authenticator implements Disposable {
  readonly #store: TokenStore;
  readonly #strict: boolean;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #tokens: Cache<string, string>;
  #toldMs = -Infinity;

  /** Makes an authenticator that looks tokens up in `store`. */
  constructor(store: TokenStore, options: AuthenticatorOptions = {}) {
    const { strict = false, cacheMs = 300_000, log = noopLogger, clock = systemClock } = options;
    this.#store = store;
    this.#strict = strict;
    this.#log = log;
    this.#clock = clock;
    this.#tokens = new Cache({ expiryMs: cacheMs, limit: MAX_APPS, clock });
  }

  /** Resolves if the caller may call; rejects with `unauthenticated`, or `internal` if its token cannot be looked up. */
  async authenticate(app: string | undefined, token: string | undefined): Promise<void> {
    if (!app || !token) throw new ServiceError("unauthenticated", "app/token required");
    let expected: string;
    try {
      expected = await this.#tokens.take(app, () => this.#look(app));
    } catch (error) {
      if (!this.#strict) return this.#tell(error);
      throw new ServiceError(
        "internal",
        "Cannot authenticate caller: its token cannot be looked up",
        {
          cause: error,
        },
      );
    }
    if (!isSame(expected, token)) throw new ServiceError("unauthenticated", "access denied");
  }

  /** Forgets all tokens. */
  [Symbol.dispose](): void {
    this.#tokens[Symbol.dispose]();
  }

  async #look(app: string): Promise<string> {
    const token = await this.#store.get(app);
    if (token === undefined) throw new Error("there is no such application");
    return token;
  }

  #tell(error: unknown): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#toldMs < MINUTE_MS) return;
    this.#toldMs = nowMs;
    this.#log.error(
      `Cannot authenticate callers: ${
        reasonOf(error)
      }; they are let in, because StrictControl is off`,
    );
  }
}

/** Compares without telling by its time how much was right. */
function isSame(expected: string, shown: string): boolean {
  const encoder = new TextEncoder();
  const a = encoder.encode(expected);
  const b = encoder.encode(shown);
  let difference = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) difference |= (a[i % a.length] ?? 0) ^ b[i]!;
  return difference === 0;
}
