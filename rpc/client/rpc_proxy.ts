/**
 * Services that pass calls on under their callers' names.
 *
 * @module
 */

import type { RpcContext } from "../server/context.ts";
import type { RpcClientConfInput } from "./config.ts";
import type { RpcClientOptions } from "./options.ts";
import { RpcClient } from "./rpc_client.ts";

/** Clients that are kept at a time; each has connections of its own. */
const MAX_CLIENTS = 1_000;

/**
 * Clients of one service, one for each application that calls: what is passed on is sent with the `app` and `token` of the
 * caller, so that the service behind decides who may call. The client that was used longest ago goes when there are too many.
 *
 * @example
 * ```ts no-assert
 * import { RpcProxy } from "@zeno/zeno/rpc";
 * await using orders = new RpcProxy({ Target: "inproc:///orders" });
 * // In a handler: orders.clientFor(context).call(method, request)
 * ```
 */
export class RpcProxy implements AsyncDisposable {
  readonly #config: RpcClientConfInput;
  readonly #options: RpcClientOptions;
  readonly #clients = new Map<string, RpcClient>();

  /** Makes a proxy of the service that `config` names; its `App` and `Token` say nothing. */
  constructor(config: RpcClientConfInput, options: RpcClientOptions = {}) {
    this.#config = config;
    this.#options = options;
  }

  /** The client for who makes this call. One who does not say who he is has a client without credentials. */
  clientFor(context: Pick<RpcContext, "header">): RpcClient {
    const App = context.header("app") ?? "";
    const Token = context.header("token") ?? "";
    const key = JSON.stringify([App, Token]);
    const client = this.#clients.get(key) ??
      new RpcClient({ ...this.#config, App, Token }, this.#options);
    this.#clients.delete(key);
    this.#clients.set(key, client); // To the end of the queue.
    this.#trim();
    return client;
  }

  /** Closes all clients. */
  async [Symbol.asyncDispose](): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }

  #trim(): void {
    if (this.#clients.size <= MAX_CLIENTS) return;
    for (const [key, oldest] of this.#clients) {
      this.#clients.delete(key);
      oldest[Symbol.asyncDispose]().catch(() => {}); // Nobody needs it any more.
      return;
    }
  }
}
