/**
 * The addresses of one service, with a breaker for each address and route.
 *
 * @module
 */

import type { BreakerToken } from "../../core/breaker/breaker.ts";
import { type BreakerGroup, breakerKey } from "../../core/breaker/breaker_group.ts";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Balancer } from "./balancer.ts";
import { Endpoint } from "./endpoint.ts";
import { checkAddress, type Resolver } from "./resolver.ts";

/** A place for one request at one address. */
export interface Lease {
  /** The address. */
  readonly endpoint: Endpoint;
  /** Where the outcome is told. */
  readonly token: BreakerToken | undefined;
}

/** Options for {@link EndpointSet}. */
export interface EndpointSetOptions {
  /** What the service is called. */
  service: string;
  /** Chooses. */
  balancer: Balancer;
  /** Breakers by address, method and route; `undefined` for none. */
  breakers: BreakerGroup | undefined;
}

/** Holds the addresses of a service and gives out places. */
export class EndpointSet implements Disposable {
  readonly #options: EndpointSetOptions;
  readonly #source: { readonly resolver: Resolver; readonly baseOf: (address: string) => string };
  #endpoints: readonly Endpoint[] = [];
  #resolving: Promise<void> | undefined;
  #subscription: Disposable | undefined;

  /** Makes a set of what `resolver` answers; it is asked with the first request. */
  constructor(
    options: EndpointSetOptions,
    resolver: Resolver,
    baseOf: (address: string) => string,
  ) {
    this.#options = options;
    this.#source = { resolver, baseOf };
  }

  /** A set of one address that never changes. */
  static fixed(options: EndpointSetOptions, base: string): EndpointSet {
    const none = {
      resolve: () => Promise.resolve([]),
      subscribe: () => ({ [Symbol.dispose]() {} }),
    };
    const set = new EndpointSet(options, none, () => base);
    set.#endpoints = [new Endpoint(options.service, base)];
    return set;
  }

  /** The addresses that are known now. */
  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  /** Resolves once there is an address to choose, or nothing more can be done about it. */
  ready(signal: AbortSignal | undefined): Promise<void> | undefined {
    if (this.#endpoints.length > 0) return undefined;
    return this.#resolving ??= this.#resolve(signal).finally(() => this.#resolving = undefined);
  }

  /**
   * Takes a place for a request. Addresses in `avoid` are taken only if there is no other, and those whose
   * breaker refuses are passed over.
   *
   * @param method What is called there, such as `GET /users/:id`.
   * @throws {CircuitOpenError} If the breakers of all addresses refuse.
   * @throws {ServiceError} With code `unavailable` if there is no address.
   */
  acquire(method: string, avoid: ReadonlySet<Endpoint>): Lease {
    const { service, breakers } = this.#options;
    const all = this.#endpoints;
    if (all.length === 0) {
      throw new ServiceError("unavailable", `Cannot call ${service}: it has no address`);
    }
    const preferred = avoid.size === 0 ? all : all.filter((endpoint) => !avoid.has(endpoint));
    let left = preferred.length > 0 ? preferred : all;
    let refused: CircuitOpenError | undefined;
    for (;;) {
      const endpoint = this.#options.balancer(left);
      try {
        return { endpoint, token: breakers?.get(breakerKey(endpoint.address, method)).allow() };
      } catch (error) {
        if (!(error instanceof CircuitOpenError)) throw error;
        refused ??= error;
      }
      left = left.filter((each) => each !== endpoint);
      if (left.length === 0) throw refused;
    }
  }

  /** Stops following the resolver. */
  [Symbol.dispose](): void {
    this.#subscription?.[Symbol.dispose]();
  }

  async #resolve(signal: AbortSignal | undefined): Promise<void> {
    const { resolver } = this.#source;
    // Before the question, so that no change falls between the two.
    this.#subscription ??= resolver.subscribe((addresses) => this.#replace(addresses));
    this.#replace(await resolver.resolve({ signal }));
  }

  /** Takes a new list. An empty one is passed over: a registry that fails must not take the service along. */
  #replace(addresses: readonly string[]): void {
    if (addresses.length === 0) return;
    const known = new Map(this.#endpoints.map((endpoint) => [endpoint.address, endpoint]));
    this.#endpoints = [...new Set(addresses)].map((address) =>
      known.get(address) ?? new Endpoint(checkAddress(address), this.#source.baseOf(address))
    );
  }
}
