/**
 * The token of an account.
 *
 * @module
 */

import { EtcdError } from "./errors.ts";
import { memberOf } from "./_wire.ts";

/** Sends a request without a token. */
export type Authenticate = (name: string, password: string) => Promise<unknown>;

/** Gets a token when one is needed, once for all who wait for it, and again when it has run out. */
export class Login {
  readonly #account: { readonly user: string; readonly password: string } | undefined;
  #token: Promise<string | undefined> | undefined;

  /** Without a user there is never a token. */
  constructor(user: string | undefined, password: string | undefined) {
    this.#account = user ? { user, password: password ?? "" } : undefined;
  }

  /** The token, or `undefined` where none is wanted. */
  token(authenticate: Authenticate): Promise<string | undefined> {
    const account = this.#account;
    if (!account) return Promise.resolve(undefined);
    if (this.#token) return this.#token;
    const pending = fetchToken(account, authenticate);
    this.#token = pending;
    pending.catch(() => {
      if (this.#token === pending) this.#token = undefined;
    });
    return pending;
  }

  /** Whether a refusal means that the token has run out, so that a new one may help. Forgets it then. */
  expired(error: unknown): boolean {
    if (!this.#account || !this.#token || !(error instanceof EtcdError)) return false;
    const isOld = error.code === "unauthenticated" || error.message.includes("auth store is old");
    if (isOld) this.#token = undefined;
    return isOld;
  }
}

async function fetchToken(
  { user, password }: { readonly user: string; readonly password: string },
  authenticate: Authenticate,
): Promise<string | undefined> {
  try {
    const token = memberOf(await authenticate(user, password), "token");
    return typeof token === "string" ? token : undefined;
  } catch (error) {
    // A cluster that asks nobody for a password takes those who have one, too.
    const isOpen = error instanceof EtcdError && error.message.includes("not enabled");
    if (isOpen) return undefined;
    throw error;
  }
}
