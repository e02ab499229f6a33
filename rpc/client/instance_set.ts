/**
 * The instances of one service.
 *
 * @module
 */

import type { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import type { Balancer, Pick, PickContext } from "../balancer/balancer.ts";
import type { ClientTransport } from "../transport/transport.ts";
import { Instance } from "./instance.ts";
import type { Resolver } from "../resolver/resolver.ts";

/** What an {@link InstanceSet} is made of. */
export interface InstanceSetInit {
  /** Where the service is. */
  readonly resolver: Resolver;
  /** Gives what connects; only what is used is loaded. */
  readonly transport: () => ClientTransport | Promise<ClientTransport>;
  /** Chooses. */
  readonly balancer: Balancer<Instance>;
  /** Breakers by instance and method. */
  readonly breakers: BreakerGroup | undefined;
}

/**
 * Follows the addresses of a service, connects to all of them, and tells the balancer of those that can take calls: the
 * connected ones; if there are none those that may be soon; if there are none of these either, all.
 */
export class InstanceSet implements AsyncDisposable {
  readonly #init: InstanceSetInit;
  readonly #watches = new Map<Instance, Disposable>();
  readonly #subscription: Disposable;
  #instances = new Map<string, Instance>();
  #transport: ClientTransport | undefined;
  #resolving: Promise<void> | undefined;
  #closed = false;

  /** Makes a set, and begins to connect. */
  constructor(init: InstanceSetInit) {
    this.#init = init;
    // Before the question, so that no change falls between the two.
    this.#subscription = init.resolver.subscribe((addresses) => this.#replace(addresses));
    this.resolved().catch(() => {}); // Told to whoever calls.
  }

  /** The instances that are known now. */
  get instances(): readonly Instance[] {
    return [...this.#instances.values()];
  }

  /** Whether instances are known. */
  get isKnown(): boolean {
    return this.#instances.size > 0;
  }

  /** Resolves once there has been a list of instances; rejects if it cannot be had. */
  resolved(signal?: AbortSignal): Promise<void> {
    return this.#resolving ??= this.#resolve(signal).finally(() => this.#resolving = undefined);
  }

  /** Chooses an instance; `undefined` if there is none. */
  pick(context: PickContext | undefined): Pick<Instance> | undefined {
    return this.#init.balancer.pick(context);
  }

  /** Ends what follows the service, and all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#subscription[Symbol.dispose]();
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    const all = this.instances;
    await Promise.all([
      this.#init.resolver[Symbol.asyncDispose](),
      ...all.map(({ connection }) => connection[Symbol.asyncDispose]()),
    ]);
  }

  async #resolve(signal: AbortSignal | undefined): Promise<void> {
    this.#transport ??= await this.#init.transport();
    this.#replace(await this.#init.resolver.resolve({ signal }));
  }

  /** Takes a new list. An empty one is passed over: a registry that fails must not take the service along. */
  #replace(addresses: readonly string[]): void {
    const transport = this.#transport;
    if (this.#closed || !transport || addresses.length === 0) return;
    const known = this.#instances;
    this.#instances = new Map(
      addresses.map((address) => [address, known.get(address) ?? this.#open(address, transport)]),
    );
    for (const [address, instance] of known) {
      if (this.#instances.has(address)) continue;
      this.#watches.get(instance)?.[Symbol.dispose]();
      this.#watches.delete(instance);
      instance.retire();
    }
    this.#tell();
  }

  #open(address: string, transport: ClientTransport): Instance {
    const { breakers } = this.#init;
    const instance = new Instance(address, transport.open(address), breakers);
    this.#watches.set(instance, instance.connection.watch(() => this.#tell()));
    instance.connection.connect();
    return instance;
  }

  #tell(): void {
    if (this.#closed) return;
    const all = this.instances;
    const ready = all.filter(({ connection }) => connection.state === "ready");
    const hopeful = all.filter(({ connection }) => connection.state !== "failing");
    this.#init.balancer.update(ready.length > 0 ? ready : hopeful.length > 0 ? hopeful : all);
  }
}
