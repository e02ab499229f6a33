/**
 * Services that pass calls on under their callers' names.
 *
 * @module
 */

import { Metadata } from "../metadata.ts";
import type { MethodInfo, Methods, ServiceInfo } from "../method.ts";
import type { RpcContext } from "../server/context.ts";
import type { CallOptions } from "./client_call.ts";
import type { RpcClientConfInput } from "./config.ts";
import type { Requests, Stub } from "./handler.ts";
import type { RpcClientOptions } from "./options.ts";
import { RpcClient } from "./rpc_client.ts";
import { makeStub } from "./stub.ts";

/**
 * A client of one service for all applications that call: what is passed on is sent with the `app` and `token` of the caller,
 * so that the service behind decides who may call. All share its connections, its breakers and its budget for retries.
 *
 * @example
 * ```ts no-assert
 * import { RpcProxy } from "@zeno/zeno/rpc";
 * await using orders = new RpcProxy({ Target: "inproc:///orders" });
 * // In a handler: orders.clientFor(context).call(method, request)
 * ```
 */
export class RpcProxy implements AsyncDisposable {
  readonly #client: RpcClient;

  /** Makes a proxy of the service that `config` names; its `App` and `Token` say nothing. */
  constructor(config: RpcClientConfInput, options: RpcClientOptions = {}) {
    this.#client = new RpcClient({ ...config, App: "", Token: "" }, options);
  }

  /** What calls for who makes this call. One who does not say who he is calls without credentials. */
  clientFor(context: Pick<RpcContext, "header">): ProxyClient {
    return new ProxyClient(this.#client, credentialsOf(context));
  }

  /** Ends the calls in flight and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }
}

/** Calls a service under somebody's name. Costs nothing to make, so make one for each call. */
export class ProxyClient {
  readonly #client: RpcClient;
  readonly #credentials: Metadata;

  /** Makes what sends `credentials` with all calls of `client`. */
  constructor(client: RpcClient, credentials: Metadata) {
    this.#client = client;
    this.#credentials = credentials;
  }

  /** As `RpcClient.call`. */
  call<I, O>(method: MethodInfo<I, O>, request: I, options: CallOptions = {}): Promise<O> {
    return this.#client.call(method, request, this.#named(options));
  }

  /** As `RpcClient.stream`. */
  stream<I, O>(
    method: MethodInfo<I, O>,
    requests: Requests<I>,
    options: CallOptions = {},
  ): AsyncIterable<O> {
    return this.#client.stream(method, requests, this.#named(options));
  }

  /** The functions that call the methods of a service. */
  stub<M extends Methods>(service: ServiceInfo<M>): Stub<M> {
    return makeStub(this, service);
  }

  #named(options: CallOptions): CallOptions {
    const metadata = new Metadata(options.metadata);
    metadata.merge(this.#credentials);
    return { ...options, metadata };
  }
}

function credentialsOf(context: Pick<RpcContext, "header">): Metadata {
  const credentials = new Metadata();
  for (const name of ["app", "token"]) {
    const value = context.header(name);
    if (value !== undefined) credentials.set(name, value);
  }
  return credentials;
}
