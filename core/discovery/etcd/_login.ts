/**
 * The token of an account.
 *
 * @module
 */

import { SingleFlight } from "../../async/single_flight.ts";
import { EtcdError } from "./errors.ts";
import { memberOf } from "./_wire.ts";

/** Sends a request without a token. */
export type Authenticate = (
  name: string,
  password: string,
  signal: AbortSignal,
) => Promise<unknown>;

/** The answer of a login; without a token where etcd asks nobody for one. */
export interface Pass {
  readonly token: string | undefined;
}

/** Gets a token when one is needed, once for all who wait for it, and again when it has run out. */
export class Login {
  readonly #account: { readonly user: string; readonly password: string } | undefined;
  readonly #authenticate: Authenticate;
  readonly #flights = new SingleFlight<"login", Pass>();
  #pass: Pass | undefined;

  /** Without a user there is never a token. */
  constructor(user: string | undefined, password: string | undefined, authenticate: Authenticate) {
    this.#account = user ? { user, password: password ?? "" } : undefined;
    if (!this.#account) this.#pass = { token: undefined };
    this.#authenticate = authenticate;
  }

  /** What requests are sent with. */
  async pass(signal: AbortSignal | undefined): Promise<Pass> {
    return this.#pass ?? await this.#flights.do("login", async (flight) => {
      return this.#pass = await fetchPass(this.#account!, this.#authenticate, flight.signal);
    }, { signal });
  }

  /** Whether a refusal means that the token it was sent with has run out, so that a new one may help. Forgets it then. */
  expired(error: unknown, used: Pass): boolean {
    if (!this.#account || !(error instanceof EtcdError)) return false;
    const isOld = error.code === "unauthenticated" || error.message.includes("auth store is old");
    // Others may have got a new one since.
    if (isOld && this.#pass === used) this.#pass = undefined;
    return isOld;
  }
}

async function fetchPass(
  { user, password }: { readonly user: string; readonly password: string },
  authenticate: Authenticate,
  signal: AbortSignal,
): Promise<Pass> {
  try {
    const token = memberOf(await authenticate(user, password, signal), "token");
    return { token: typeof token === "string" ? token : undefined };
  } catch (error) {
    // A cluster that asks nobody for a password takes those who have one, too.
    const isOpen = error instanceof EtcdError && error.message.includes("not enabled");
    if (isOpen) return { token: undefined };
    throw error;
  }
}
