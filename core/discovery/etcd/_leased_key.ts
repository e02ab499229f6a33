/**
 * A key of etcd that lives as long as its lease is renewed.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { EtcdClient } from "./client.ts";
import { EtcdError } from "./errors.ts";

/** How long etcd may take, in ms, to take a key out; the stop of a service waits for it. */
const LEAVE_LIMIT_MS = 3_000;

/** What a {@link LeasedKey} is made of. */
export interface LeasedKeyInit {
  /** The key's first part. */
  readonly service: string;
  /** The key's second part; the lease's number without it. */
  readonly id: string | undefined;
  readonly value: string;
  /** Seconds that the key outlives the last renewal. */
  readonly ttlS: number;
  readonly clock: Clock;
}

/** A key with a lease of its own. */
export class LeasedKey {
  /** The key. */
  readonly key: string;
  readonly #client: EtcdClient;
  readonly #lease: string;
  readonly #init: LeasedKeyInit;

  private constructor(client: EtcdClient, lease: string, init: LeasedKeyInit) {
    this.key = `${init.service}/${init.id ?? lease}`;
    this.#client = client;
    this.#lease = lease;
    this.#init = init;
  }

  /** Asks for a lease and puts the key. */
  static async put(
    client: EtcdClient,
    init: LeasedKeyInit,
    signal: AbortSignal,
  ): Promise<LeasedKey> {
    const lease = await client.grantLease(init.ttlS, { signal });
    const leased = new LeasedKey(client, lease, init);
    try {
      await leased.#put(signal);
    } catch (error) {
      // The lease would keep a key that was put after all.
      await leased.revoke().catch(() => {});
      throw error;
    }
    return leased;
  }

  /** Renews the lease, and puts the key again if that is gone. False if the lease is gone. */
  async renew(isMissing: () => boolean, signal: AbortSignal): Promise<boolean> {
    try {
      if (await this.#client.keepLeaseAlive(this.#lease, { signal }) <= 0) return false;
      if (isMissing()) await this.#put(signal);
      return true;
    } catch (error) {
      if (error instanceof EtcdError && error.code === "not_found") return false;
      throw error;
    }
  }

  /** Gives the lease back, and the key with it. */
  async revoke(): Promise<void> {
    const limit = new AbortController();
    const late = `Cannot reach ${this.#client.name}: no answer within ${LEAVE_LIMIT_MS} ms`;
    using _timer = this.#init.clock.setTimer(
      () => limit.abort(new EtcdError("deadline_exceeded", late)),
      LEAVE_LIMIT_MS,
    );
    await this.#client.revokeLease(this.#lease, { signal: limit.signal });
  }

  async #put(signal: AbortSignal): Promise<void> {
    await this.#client.put(this.key, this.#init.value, { lease: this.#lease, signal });
  }
}
