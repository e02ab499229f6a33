/**
 * One address of a service, and what is known of it.
 *
 * @module
 */

/** How much a latency counts when the next comes, after so many ms: half of it after about 7 s. */
const DECAY_MS = 10_000;

/**
 * One address of a service. What it has learned stays when the list of addresses changes around it.
 */
export class Endpoint {
  /** The address as it was given: `host:port`, or what the service is called where there is only one. */
  readonly address: string;
  /** Scheme, host and base path, without a slash at the end. */
  readonly base: string;
  /** Requests that it has not answered. */
  inFlight = 0;
  #latencyMs = 0;
  #measuredAtMs = -Infinity;

  /** Makes one of which nothing is known. */
  constructor(address: string, base: string) {
    this.address = address;
    this.base = base;
  }

  /** The time that recent requests took, in ms; 0 if none is known. */
  get latencyMs(): number {
    return this.#latencyMs;
  }

  /** What one more request would meet: the lower the better. */
  get load(): number {
    // Of one that has never been tried it is low, so that it is.
    return (this.inFlight + 1) * (this.#latencyMs + 1);
  }

  /** Tells how long a request took. The longer nothing was told, the less counts what was before. */
  observe(latencyMs: number, nowMs: number): void {
    const weight = Math.exp(-Math.max(0, nowMs - this.#measuredAtMs) / DECAY_MS);
    // A request that took long is believed at once, so that one bad instance is left quickly.
    const keeps = latencyMs > this.#latencyMs ? Math.min(weight, 0.5) : Math.min(weight, 0.9);
    this.#latencyMs = this.#latencyMs * keeps + latencyMs * (1 - keeps);
    this.#measuredAtMs = nowMs;
  }
}
