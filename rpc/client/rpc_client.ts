/**
 * The RPC client.
 *
 * @module
 */

import type { BreakerReport } from "../../core/breaker/breaker.ts";
import { ServiceError } from "../../core/errors.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import type { MethodInfo, Methods, ServiceInfo } from "../method.ts";
import { type CallOptions, ClientCall } from "./client_call.ts";
import { type ClientCore, openCore } from "./client_core.ts";
import type { RpcClientConf, RpcClientConfInput } from "./config.ts";
import type { ClientInterceptor, Requests, StreamCaller, Stub, UnaryCaller } from "./handler.ts";
import type { RpcClientOptions } from "./options.ts";
import { callResiliently } from "./resilience.ts";
import { makeStub } from "./stub.ts";

/**
 * A client of one service, with all that keeps a caller safe: a deadline for every call, which is passed on; a breaker for each
 * instance and method; retries within a budget, of what may be called twice; a span, figures and a log line.
 *
 * It starts without waiting for anybody: the first call connects, if that has not been done by then.
 *
 * @example
 * ```ts no-assert
 * import { RpcClient } from "@zeno/zeno/rpc";
 * await using client = new RpcClient({ Target: "inproc:///greet", Timeout: 500 });
 * // const greeter = client.stub(greeterService);
 * // const { text } = await greeter.say({ name: "Ada" }, { timeoutMs: 100 });
 * ```
 */
export class RpcClient implements AsyncDisposable {
  readonly #core: ClientCore;
  readonly #interceptors: ClientInterceptor[];
  readonly #unary = new Map<MethodInfo, UnaryCaller>();
  readonly #streams = new Map<MethodInfo, StreamCaller>();
  #closed = false;

  /**
   * Makes a client, which begins to connect.
   *
   * @throws {ValidationError} If `config` is not valid.
   * @throws {TypeError | SyntaxError | RangeError} If it does not say where the service is, or an option is wrong.
   */
  constructor(config: RpcClientConfInput, options: RpcClientOptions = {}) {
    this.#core = openCore(config, options);
    this.#interceptors = [...options.interceptors ?? []];
  }

  /**
   * Makes a client. With `NonBlock: false` in its configuration, resolves when an instance is connected.
   *
   * @throws {ServiceError} With code `unavailable` if none is after three seconds.
   */
  static async connect(
    config: RpcClientConfInput,
    options: RpcClientOptions = {},
  ): Promise<RpcClient> {
    const client = new RpcClient(config, options);
    if (client.config.NonBlock) return client;
    try {
      await client.ready();
      return client;
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The configuration, with all defaults. */
  get config(): RpcClientConf {
    return this.#core.config;
  }

  /** Where the service is, as the client was told. */
  get target(): string {
    return this.#core.target;
  }

  /**
   * Adds interceptors around all calls that are made from now on, within the client's own; the first added runs first.
   */
  use(...interceptors: readonly ClientInterceptor[]): this {
    this.#interceptors.push(...interceptors);
    this.#unary.clear();
    this.#streams.clear();
    return this;
  }

  /** The functions that call the methods of a service. */
  stub<M extends Methods>(service: ServiceInfo<M>): Stub<M> {
    return makeStub(this, service);
  }

  /**
   * Calls a method of one message.
   *
   * Rejects with the `ServiceError` that the service answered, or `unavailable` if it cannot be reached,
   * `DeadlineExceededError` if time is up, `CircuitOpenError` if it has failed too often lately, and with `signal.reason` once
   * aborted.
   */
  call<I, O>(method: MethodInfo<I, O>, request: I, options: CallOptions = {}): Promise<O> {
    if (this.#closed) return Promise.reject(this.#closedError());
    try {
      // What a method answers is what its description says.
      return this.#unaryCaller(method)(request, this.#begin(method, options)) as Promise<O>;
    } catch (error) {
      return Promise.reject(error); // Metadata that cannot be sent, or an interceptor that throws.
    }
  }

  /**
   * Calls a method of streams. The call begins with the first answer that is asked for, and leaving the loop cancels it. It
   * has no time limit but the current deadline, unless `options` or the method's own configuration gives one. Throws as
   * {@link call} rejects.
   */
  stream<I, O>(
    method: MethodInfo<I, O>,
    requests: Requests<I>,
    options: CallOptions = {},
  ): AsyncIterable<O> {
    if (this.#closed) throw this.#closedError();
    const call = this.#begin(method, options);
    // Nothing is begun, and nothing has to be ended, for a stream that nobody reads.
    return {
      [Symbol.asyncIterator]: () => {
        const answers = this.#streamCaller(method)(asyncOf(requests), call) as AsyncIterable<O>;
        return answers[Symbol.asyncIterator]();
      },
    };
  }

  /** Resolves when an instance is connected; rejects with `unavailable` if none is after so long, in ms. */
  async ready(limitMs = 3_000): Promise<void> {
    await this.#core.ready(limitMs);
  }

  /** What the breakers know, one for each instance and method that was called lately. */
  explain(): BreakerReport[] {
    return Array.from(this.#core.breakers ?? [], (breaker) => breaker.explain());
  }

  /** Ends the calls in flight and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#core[Symbol.asyncDispose]();
  }

  #begin(method: MethodInfo, options: CallOptions): ClientCall {
    const { clock, deadlines, target, credentials, limitOf } = this.#core;
    const { timeoutMs = limitOf(method) } = options;
    const parent = currentDeadline();
    const deadline = timeoutMs > 0 && timeoutMs < Infinity
      ? new Deadline(timeoutMs, { parent, deadlines })
      : parent;
    const call = new ClientCall(method, options, { target, clock, deadline });
    if (credentials) call.metadata.merge(credentials);
    return call;
  }

  #unaryCaller(method: MethodInfo): UnaryCaller {
    const kept = this.#unary.get(method);
    if (kept) return kept;
    const { channel, chain, resilience } = this.#core;
    const innermost: UnaryCaller = (request, call) => {
      let avoid: Set<never> | undefined;
      const once = (signal: AbortSignal | undefined) =>
        channel.unary(request, call, signal, avoid ??= new Set());
      return callResiliently(once, call, resilience);
    };
    const caller = [...chain, ...this.#interceptors].reduceRight<UnaryCaller>(
      (next, interceptor) => interceptor.unary?.(next, method) ?? next,
      innermost,
    );
    this.#unary.set(method, caller);
    return caller;
  }

  #streamCaller(method: MethodInfo): StreamCaller {
    const kept = this.#streams.get(method);
    if (kept) return kept;
    const { channel, chain } = this.#core;
    const caller = [...chain, ...this.#interceptors].reduceRight<StreamCaller>(
      (next, interceptor) => interceptor.stream?.(next, method) ?? next,
      (requests, call) => channel.stream(requests, call),
    );
    this.#streams.set(method, caller);
    return caller;
  }

  #closedError(): ServiceError {
    return new ServiceError("canceled", `Cannot call ${this.target}: the client was closed`);
  }
}

function asyncOf<I>(requests: Requests<I>): AsyncIterable<I> {
  if (Symbol.asyncIterator in requests) return requests;
  return (async function* () {
    yield* requests;
  })();
}
