/**
 * Serving within the process.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type {
  ListenOptions,
  ServedMethod,
  ServerTransport,
  TransportListener,
} from "../transport.ts";
import type { InprocCall } from "./incoming_call.ts";
import { type InprocNetwork, type InprocService, processNetwork } from "./network.ts";

/**
 * Makes a transport for servers that takes calls of the same process. An address is a name, with or without `inproc:///`
 * before it.
 *
 * @param network Where names are kept. @default {the names of the process}
 */
export function inprocServerTransport(network: InprocNetwork = processNetwork): ServerTransport {
  return {
    name: "inproc",
    listen: (methods: readonly ServedMethod[], address: string, { onError }: ListenOptions = {}) =>
      Promise.resolve().then(() =>
        new InprocListener(network, inprocName(address), methods, onError)
      ),
  };
}

/** The name in an address. */
export function inprocName(address: string): string {
  return address.replace(/^inproc:\/\/\//, "");
}

class InprocListener implements TransportListener, InprocService {
  readonly address: string;
  readonly methods: ReadonlyMap<string, ServedMethod>;
  readonly onError: ListenOptions["onError"];
  readonly live = new Set<InprocCall>();
  readonly #network: InprocNetwork;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(
    network: InprocNetwork,
    name: string,
    methods: readonly ServedMethod[],
    onError: ListenOptions["onError"],
  ) {
    this.onError = onError;
    this.address = name;
    this.#network = network;
    this.methods = new Map(methods.map((served) => [served.method.path, served]));
    network.add(name, this);
  }

  drain(): Promise<void> {
    this.#network.remove(this.address, this);
    if (this.live.size === 0) return Promise.resolve();
    return (this.#idle ??= Promise.withResolvers()).promise;
  }

  close(): void {
    this.#network.remove(this.address, this);
    const error = new ServiceError("unavailable", "Cannot finish call: the server was stopped");
    for (const call of this.live) call.abort(error);
  }

  leave(call: InprocCall): void {
    this.live.delete(call);
    if (this.live.size === 0) this.#idle?.resolve();
  }
}
