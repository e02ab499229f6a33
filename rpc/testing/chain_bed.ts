/**
 * The echo service within the chain of a server, without a transport and on virtual time.
 *
 * @module
 */

import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { ServiceRuntime } from "../../core/service/service_runtime.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { TokenStore } from "../interceptor/server/token_store.ts";
import type { MethodInfo } from "../method.ts";
import { defaultServerChain, type ServerLayer } from "../server/chain.ts";
import { rpcServerConfig, type RpcServerConfInput } from "../server/config.ts";
import { createEnvironment } from "../server/create_environment.ts";
import type { RpcEnvironment } from "../server/environment.ts";
import type { Implementation, ServerInterceptor } from "../server/handler.ts";
import { MethodBook } from "../server/method_book.ts";
import { type Echo, echo, type EchoMethods, echoService } from "./echo_service.ts";
import { type FakeCallOptions, FakeIncomingCall } from "./fake_incoming_call.ts";
import { echoHandlers } from "./pair.ts";

/** Options for {@link ChainBed}. */
export interface ChainBedOptions {
  /** Configuration of the server. */
  readonly config?: Partial<RpcServerConfInput>;
  /** Functions in the place of those that echo. */
  readonly handlers?: Partial<Implementation<EchoMethods>>;
  /** The chain. @default {that of a server} */
  readonly chain?: readonly ServerLayer[];
  /** Interceptors within the chain. */
  readonly interceptors?: readonly ServerInterceptor[];
  /** The tokens of callers. */
  readonly tokens?: TokenStore;
}

/** A call that was made, and what came of it. */
export interface Made<T> {
  /** The call as its caller holds it. */
  readonly call: FakeIncomingCall;
  /** The answer. */
  readonly answer: T;
}

/** The echo service within the chain of a server. Dispose it, or its clock has timers left. */
export class ChainBed implements Disposable {
  /** Time. */
  readonly clock: FakeClock = new FakeClock();
  /** What was logged. */
  readonly log: MemoryLog = new MemoryLog({ clock: this.clock });
  /** The figures. */
  readonly metrics: MetricRegistry = new MetricRegistry();
  /** What the calls share. */
  readonly environment: RpcEnvironment;
  readonly #served;

  /** Makes it. */
  constructor(options: ChainBedOptions = {}) {
    const { chain = defaultServerChain, handlers, interceptors = [], tokens } = options;
    const config = rpcServerConfig.parse(
      { Name: "echo", ListenOn: ":0", ...options.config },
      { durationMs: true },
    );
    const { clock, log, metrics } = this;
    const runtime = new ServiceRuntime(config, { log, metrics, debug: new DebugRegistry(), clock });
    const { signal } = new AbortController();
    this.environment = createEnvironment(config, runtime, signal, { clock, tokens });
    const book = new MethodBook(chain, this.environment, { health: false, reflection: false });
    book.add(echoService, { ...echoHandlers, ...handlers });
    book.use(interceptors);
    this.#served = new Map(book.served().map((served) => [served.method.path, served]));
  }

  /** Calls a method of one message. */
  call(
    method: MethodInfo = echoService.methods.say,
    request: Echo = echo(""),
    options: FakeCallOptions = {},
  ): Made<Promise<unknown>> {
    const call = new FakeIncomingCall(method, this.clock, options);
    const served = this.#served.get(method.path);
    if (served?.kind !== "unary") throw new TypeError(`${method.path} is not of one message`);
    return { call, answer: new Promise((resolve) => resolve(served.handle(request, call))) };
  }

  /** Calls `say`. */
  say(text: string = "", options: FakeCallOptions = {}): Promise<unknown> {
    return this.call(echoService.methods.say, echo(text), options).answer;
  }

  /** Calls a method of streams. */
  stream(
    method: MethodInfo,
    requests: AsyncIterable<unknown> | readonly unknown[],
    options: FakeCallOptions = {},
  ): Made<AsyncIterable<unknown>> {
    const call = new FakeIncomingCall(method, this.clock, options);
    const served = this.#served.get(method.path);
    if (served?.kind !== "stream") throw new TypeError(`${method.path} has no streams`);
    const source = Symbol.asyncIterator in requests ? requests : items(requests);
    return { call, answer: served.handle(source, call) };
  }

  /** Ends what the calls share. */
  [Symbol.dispose](): void {
    this.environment.parts.dispose();
  }
}

async function* items(values: readonly unknown[]): AsyncGenerator<unknown> {
  yield* values;
}
