/**
 * The instances of one service.
 *
 * @module
 */

import type { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { type Clock, type Random, systemClock, systemRandom } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { Balancer, Pick, PickContext } from "../balancer/balancer.ts";
import type { ClientTransport } from "../transport/transport.ts";
import { Instance } from "./instance.ts";
import type { Resolver } from "../resolver/resolver.ts";
import { WaitingCalls } from "./waiting_calls.ts";

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
  /** Told of addresses that cannot be used. */
  readonly log?: Logger | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
  /** Spreads what many clients do at one time. @default {systemRandom} */
  readonly random?: Random | undefined;
}

/** Time after which a connection that was closed is made again, in ms: half as much at least, and half as much more at most. */
const RECONNECT_MS = 400;

/**
 * How the instances do together: `unknown` without any; `ready` if one is; `connecting` if none is and one may soon be;
 * `failing` if none can be reached.
 */
type Standing = "unknown" | "ready" | "connecting" | "failing";

/**
 * Follows the addresses of a service, keeps a connection to each, and tells the balancer of those that can take calls: the
 * connected ones; all if there are none.
 */
export class InstanceSet implements AsyncDisposable {
  readonly #init: InstanceSetInit;
  readonly #watches = new Map<Instance, Disposable>();
  readonly #leaving = new Set<Instance>();
  readonly #waiting = new WaitingCalls();
  readonly #subscription: Disposable;
  #instances = new Map<string, Instance>();
  /** Addresses of the last list that the transport does not take, and why. */
  #unusable: ReadonlyMap<string, { readonly error: unknown }> = new Map();
  #standing: Standing = "unknown";
  #transport: ClientTransport | undefined;
  #resolving: Promise<void> | undefined;
  #closed = false;

  /** Makes a set, and begins to connect. */
  constructor(init: InstanceSetInit) {
    this.#init = init;
    // Before the question, so that no change falls between the two.
    this.#subscription = init.resolver.subscribe((addresses) => void this.#replace(addresses));
    this.#ask();
  }

  /** The instances that are known now. */
  get instances(): readonly Instance[] {
    return [...this.#instances.values()];
  }

  /**
   * Whether a call can be given away now, if only to fail at once because nobody can be reached.
   *
   * @param isPatient Whether the call would rather wait than that.
   */
  canTake(isPatient: boolean | undefined): boolean {
    return this.#standing === "ready" || this.#standing === "failing" && !isPatient;
  }

  /**
   * Resolves when {@link canTake} holds, or there is found to be no instance at all; rejects if that cannot be found out,
   * unless the call is patient, and with the reason of `signal` once aborted.
   */
  whenTaking(isPatient: boolean | undefined, signal?: AbortSignal): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.canTake(isPatient)) return Promise.resolve();
    const taken = this.#waiting.add(isPatient ?? false, signal);
    if (this.#standing === "unknown") this.#ask();
    // Somebody needs it now.
    for (const { connection } of this.instances) {
      if (connection.state === "idle") connection.connect();
    }
    return taken;
  }

  /** Whether there is a connected instance besides these. */
  hasReady(besides: ReadonlySet<unknown>): boolean {
    return this.instances.some((instance) =>
      instance.connection.state === "ready" && !besides.has(instance)
    );
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
    this.#waiting.fail(closedError(), { all: true });
    const all = [...this.#instances.values(), ...this.#leaving];
    await Promise.all([
      this.#init.resolver[Symbol.asyncDispose](),
      ...all.map(({ connection }) => connection[Symbol.asyncDispose]()),
    ]);
  }

  /** Asks for the instances, unless that is being done. */
  #ask(): void {
    this.#resolving ??= this.#resolve()
      .then(() => {
        // None is an answer, too.
        if (this.#standing === "unknown") this.#waiting.release((isPatient) => !isPatient);
      }, (error) => this.#waiting.fail(error))
      .finally(() => this.#resolving = undefined);
  }

  async #resolve(): Promise<void> {
    this.#transport ??= await this.#init.transport();
    const fault = this.#replace(await this.#init.resolver.resolve());
    if (fault) throw fault.error;
  }

  /**
   * Takes a new list. An empty one is passed over: a registry that fails must not take the service along. So is an address that
   * cannot be used; if none of a list can, the answer says why.
   */
  #replace(addresses: readonly string[]): { readonly error: unknown } | undefined {
    const transport = this.#transport;
    if (this.#closed || !transport) return undefined;
    const known = this.#instances;
    const instances = new Map<string, Instance>();
    const unusable = new Map<string, { readonly error: unknown }>();
    for (const address of new Set(addresses)) {
      try {
        instances.set(address, known.get(address) ?? this.#open(address, transport));
      } catch (error) {
        unusable.set(address, { error });
        if (this.#unusable.has(address)) continue; // It has been told.
        this.#init.log?.error(`Cannot use address "${address}" of the service`, { error });
      }
    }
    this.#unusable = unusable;
    if (instances.size === 0) return unusable.values().next().value;
    this.#instances = instances;
    for (const [address, instance] of known) {
      if (!this.#instances.has(address)) this.#retire(instance);
    }
    for (const [address, { connection }] of this.#instances) {
      if (!known.has(address)) connection.connect();
    }
    this.#tell();
    return undefined;
  }

  #open(address: string, transport: ClientTransport): Instance {
    const { breakers, clock = systemClock, random = systemRandom } = this.#init;
    const connection = transport.open(address);
    const instance = new Instance(address, connection, { breakers, clock });
    const parts = new DisposableStack();
    parts.use(connection.watch((state) => {
      // Nobody is sent there who would connect. Not at once, unless a call waits: who closes it is mostly about to go.
      if (state === "idle") {
        parts.use(clock.setTimer(() => connection.connect(), RECONNECT_MS * (0.5 + random())));
      }
      if (state === "ready") instance.recover();
      this.#tell();
    }));
    this.#watches.set(instance, parts);
    return instance;
  }

  #retire(instance: Instance): void {
    this.#watches.get(instance)?.[Symbol.dispose]();
    this.#watches.delete(instance);
    this.#leaving.add(instance);
    instance.retire(() => this.#leaving.delete(instance));
  }

  #tell(): void {
    if (this.#closed) return;
    const all = this.instances;
    const ready = all.filter(({ connection }) => connection.state === "ready");
    const isHopeless = all.every(({ connection }) => connection.state === "failing");
    this.#standing = ready.length > 0 ? "ready" : isHopeless ? "failing" : "connecting";
    this.#init.balancer.update(ready.length > 0 ? ready : all);
    this.#waiting.release((isPatient) => this.canTake(isPatient));
  }
}

function closedError(): ServiceError {
  return new ServiceError("canceled", "Cannot wait for an instance: the client was closed");
}
