/**
 * Calls within the process: no bytes, no socket, and all else as over a wire.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import type { MethodInfo } from "../../method.ts";
import type {
  ClientTransport,
  Connection,
  ConnectionState,
  OutgoingCall,
  ServedMethod,
} from "../transport.ts";
import { answerUnary, type LiveCall } from "./answer_unary.ts";
import { type InprocNetwork, type InprocService, processNetwork } from "./network.ts";
import { InprocStream } from "./response_stream.ts";
import { markUnsent } from "../unsent.ts";
import { inprocName } from "./server_transport.ts";

/**
 * Makes a transport for clients that calls services of the same process. An address is a name, with or without
 * `inproc:///` before it.
 *
 * Messages are handed over as they are, so neither side may change one that it has sent or received. Deadlines, cancelling,
 * metadata, statuses and their details are as over a wire.
 *
 * @param network Where names are kept. @default {the names of the process}
 */
export function inprocTransport(network: InprocNetwork = processNetwork): ClientTransport {
  return {
    name: "inproc",
    open: (address: string) => new InprocConnection(network, inprocName(address)),
  };
}

/** What answers a call. */
interface Route {
  readonly service: InprocService;
  readonly served: ServedMethod;
}

class InprocConnection implements Connection {
  readonly address: string;
  readonly #network: InprocNetwork;
  readonly #live = new Set<LiveCall>();
  readonly #watchers = new Set<(state: ConnectionState) => void>();
  #watching: Disposable | undefined;
  #closed = false;

  constructor(network: InprocNetwork, name: string) {
    this.address = name;
    this.#network = network;
  }

  get state(): ConnectionState {
    if (this.#closed) return "closed";
    return this.#network.find(this.address) ? "ready" : "failing";
  }

  watch(listener: (state: ConnectionState) => void): Disposable {
    const entry = (state: ConnectionState) => listener(state); // Of its own, though somebody may watch twice.
    this.#watchers.add(entry);
    this.#watching ??= this.#network.watch(this.address, () => this.#tell());
    return {
      [Symbol.dispose]: () => {
        this.#watchers.delete(entry);
        if (this.#watchers.size === 0) this.#unwatch();
      },
    };
  }

  connect(): void {}

  unary<I, O>(method: MethodInfo<I, O>, request: I, call: OutgoingCall): Promise<O> {
    const limit = limitOf(call);
    if (call.waitForReady && !this.#network.find(this.address)) {
      return this.#served(limit).then(() =>
        this.unary(method, request, { ...call, waitForReady: false })
      );
    }
    try {
      limit?.throwIfEnded();
      const route = this.#route(method);
      if (route.served.kind !== "unary") throw unimplemented(method);
      // What the method answers is what its description says.
      return answerUnary(route.service, this.#live, route.served, request, call, limit) as Promise<
        O
      >;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  stream<I, O>(
    method: MethodInfo<I, O>,
    requests: AsyncIterable<I>,
    call: OutgoingCall,
  ): AsyncIterable<O> {
    return {
      [Symbol.asyncIterator]: () => {
        const limit = limitOf(call);
        const begin = async () => {
          if (call.waitForReady) await this.#served(limit);
          return this.#route(method);
        };
        return new InprocStream<I, O>(begin, this.#live, requests, call, limit);
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    for (const call of this.#live) call.abort(this.#closedError());
    this.#tell();
    this.#unwatch();
    this.#watchers.clear();
    return Promise.resolve();
  }

  #tell(): void {
    for (const listener of this.#watchers) listener(this.state);
  }

  #unwatch(): void {
    this.#watching?.[Symbol.dispose]();
    this.#watching = undefined;
  }

  /** Resolves when somebody serves, or the connection is closed. */
  #served(limit: Deadline | undefined): Promise<void> {
    if (this.state !== "failing") return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const watching = this.watch((state) => state !== "failing" && resolve());
    const served = limit ? limit.run(() => promise) : promise;
    return served.finally(() => watching[Symbol.dispose]());
  }

  #route(method: MethodInfo): Route {
    if (this.#closed) throw this.#closedError();
    const service = this.#network.find(this.address);
    if (!service) {
      throw markUnsent(
        new ServiceError(
          "unavailable",
          `Cannot call inproc:///${this.address}: nobody serves there`,
        ),
      );
    }
    const served = service.methods.get(method.path);
    if (!served) throw unimplemented(method);
    return { service, served };
  }

  #closedError(): ServiceError {
    return new ServiceError(
      "canceled",
      `Cannot call inproc:///${this.address}: the connection was closed`,
    );
  }
}

function unimplemented({ path }: { readonly path: string }): ServiceError {
  return new ServiceError("unimplemented", `Cannot call ${path}: the server has no such method`);
}

/** What ends a call early, if anything can. */
function limitOf({ deadline, signal }: OutgoingCall): Deadline | undefined {
  return signal ? new Deadline(Infinity, { parent: deadline, signal }) : deadline;
}
