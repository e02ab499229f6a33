/**
 * What every transport must do, tested with each.
 *
 * @module
 */

import { systemClock } from "../../core/clock.ts";
import { sharedDeadlines } from "../../core/timeout/shared_deadlines.ts";
import { grpcTransport } from "../transport/grpc_js/client_transport.ts";
import { grpcServerTransport } from "../transport/grpc_js/server_transport.ts";
import { inprocTransport } from "../transport/inproc/client_transport.ts";
import { InprocNetwork } from "../transport/inproc/network.ts";
import { inprocServerTransport } from "../transport/inproc/server_transport.ts";
import type {
  ClientTransport,
  Connection,
  IncomingCall,
  OutgoingCall,
  ServedMethod,
  ServerTransport,
  TransportListener,
} from "../transport/transport.ts";
import { type Echo, echoService } from "./echo_service.ts";

/** Both ends of a transport. */
export interface TransportPair {
  /** What it is called. */
  readonly name: string;
  /** Connects to what {@link server} listens on. */
  readonly client: ClientTransport;
  /** Takes the calls. */
  readonly server: ServerTransport;
  /** Where the server may listen. */
  readonly address: string;
}

/** Something that every transport must do. */
export interface ContractCase {
  /** What, as it follows the name of the transport. */
  name: string;
  /** Whether it needs a wire that says how much of what it was given has been sent; that of the runtime does not. */
  needsWriteBackpressure?: boolean;
  /** Fails if the transport does not. */
  run(pair: TransportPair): Promise<void>;
}

const PAIRS: Readonly<Record<string, () => TransportPair>> = {
  grpc_js: () => ({
    name: "grpc_js",
    client: grpcTransport({ maxBackoffMs: 50 }),
    server: grpcServerTransport(),
    address: "127.0.0.1:0",
  }),
  inproc() {
    const network = new InprocNetwork();
    const [client, server] = [inprocTransport(network), inprocServerTransport(network)];
    return { name: "inproc", client, server, address: "inproc:///echo" };
  },
};

/** Makes a test of each case for each transport. */
export function contract(cases: readonly ContractCase[]): void {
  for (const [pair, make] of Object.entries(PAIRS)) {
    for (const { name, run, needsWriteBackpressure } of cases) {
      const ignore = pair === "grpc_js" && needsWriteBackpressure === true;
      const why = ignore ? " (not on this runtime: its HTTP/2 has no back-pressure)" : "";
      Deno.test({ name: `${pair} ${name}${why}`, ignore, fn: () => run(make()) });
    }
  }
}

/** Answers a call of one message. */
export type UnaryFn = (request: Echo, call: IncomingCall) => unknown;
/** Answers a call of any other kind. */
export type StreamFn = (
  requests: AsyncIterable<Echo>,
  call: IncomingCall,
) => AsyncIterable<unknown>;

/** The methods of the echo service that are served. */
export interface Handlers {
  /** Answers `Say`. */
  say?: UnaryFn;
  /** Answers `Count`. */
  count?: StreamFn;
  /** Answers `Sum`. */
  sum?: StreamFn;
  /** Answers `Chat`. */
  chat?: StreamFn;
}

/** The handlers as a transport takes them. */
export function servedMethods({ say, ...streams }: Handlers): ServedMethod[] {
  const methods: ServedMethod[] = [];
  // The messages are those of the service.
  if (say) methods.push({ kind: "unary", method: echoService.methods.say, handle: say as never });
  for (const [name, handle] of Object.entries(streams)) {
    const method = echoService.methods[name as keyof typeof streams];
    methods.push({ kind: "stream", method, handle: handle as never });
  }
  return methods;
}

/** A server of the given handlers, and a connection to it. */
export async function open(pair: TransportPair, handlers: Handlers) {
  const listener = await pair.server.listen(servedMethods(handlers), pair.address);
  const connection = pair.client.open(listener.address);
  connection.connect(); // Tests have short deadlines, and a busy machine takes its time.
  while (connection.state !== "ready") await sleep(1);
  // Deadlines do not keep the process alive, so something else must.
  const alive = systemClock.setTimer(() => {}, 10_000, { keepAlive: true });
  const dispose = () => {
    alive.cancel();
    return close(pair, listener, connection);
  };
  return { listener, connection, [Symbol.asyncDispose]: dispose };
}

/** Closes both ends. */
export async function close(
  { name }: TransportPair,
  listener: TransportListener,
  connection: Connection,
): Promise<void> {
  // One that is closed while it connects does not let go of its timers.
  while (connection.state === "connecting") await sleep(5);
  const wasDown = connection.state === "failing" || connection.state === "closed";
  await connection[Symbol.asyncDispose]();
  listener.close();
  sharedDeadlines[Symbol.dispose]();
  if (name === "inproc") return;
  // Sockets close in their own time, and a connection that failed waits before it finds that nobody wants it.
  await sleep(wasDown ? 150 : 60);
}

/** A call with some of what can be said of it. */
export function call(parts: Partial<OutgoingCall> = {}): OutgoingCall {
  return { metadata: undefined, deadline: undefined, signal: undefined, ...parts };
}

/** The items one after the other. */
export async function* of<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

/** The texts of all answers. */
export async function texts(answers: AsyncIterable<Echo>): Promise<string[]> {
  const all: string[] = [];
  for await (const { text } of answers) all.push(text);
  return all;
}

/** Never settles. */
export function hang(): Promise<never> {
  return new Promise<never>(() => {});
}

/** Requests that never come, of a caller that can be left. */
export function never<T>(): AsyncIterable<T> {
  const done = { done: true, value: undefined } as const;
  return { [Symbol.asyncIterator]: () => ({ next: hang, return: () => Promise.resolve(done) }) };
}

/** Waits so many ms. */
export function sleep(ms: number): Promise<void> {
  return systemClock.sleep(ms, { keepAlive: true });
}
