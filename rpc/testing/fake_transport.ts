/**
 * Connections whose state a test decides.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { MethodInfo } from "../method.ts";
import type {
  ClientTransport,
  Connection,
  ConnectionState,
  OutgoingCall,
} from "../transport/transport.ts";

/** Answers a call to an address. */
export type FakeAnswer = (
  request: unknown,
  call: OutgoingCall,
  address: string,
) => Promise<unknown>;

/** A connection whose state a test decides. Its unary calls are answered, and its streams give what it answers to each request. */
export class FakeConnection implements Connection {
  readonly address: string;
  /** Whether it is connected. */
  state: ConnectionState = "idle";
  /** How often it was told to connect. */
  connects = 0;
  /** The calls it got. */
  calls = 0;
  /** Streams that have neither been read to their end nor been left. */
  openStreams = 0;
  /** Whether it was closed. */
  isClosed = false;
  readonly #answer: FakeAnswer;
  readonly #watchers = new Set<{ readonly call: (state: ConnectionState) => void }>();

  constructor(address: string, answer: FakeAnswer) {
    this.address = address;
    this.#answer = answer;
  }

  /** Enters a state and tells of it. */
  enter(state: ConnectionState): void {
    this.state = state;
    for (const { call } of [...this.#watchers]) call(state);
  }

  watch(listener: (state: ConnectionState) => void): Disposable {
    const entry = { call: listener };
    this.#watchers.add(entry);
    return { [Symbol.dispose]: () => void this.#watchers.delete(entry) };
  }

  connect(): void {
    this.connects++;
    if (this.state === "idle") this.enter("connecting");
  }

  unary<I, O>(_method: MethodInfo<I, O>, request: I, call: OutgoingCall): Promise<O> {
    return this.#call(request, call) as Promise<O>;
  }

  async *stream<I, O>(
    _method: MethodInfo<I, O>,
    requests: AsyncIterable<I>,
    call: OutgoingCall,
  ): AsyncIterable<O> {
    this.openStreams++;
    try {
      for await (const request of requests) yield await this.#call(request, call) as O;
    } finally {
      this.openStreams--;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    this.enter("closed");
    return Promise.resolve();
  }

  async #call(request: unknown, call: OutgoingCall): Promise<unknown> {
    this.calls++;
    if (this.state === "failing") {
      throw new ServiceError("unavailable", `Cannot call ${this.address}: nobody is there`);
    }
    return await this.#answer(request, call, this.address);
  }
}

/** Makes {@link FakeConnection}s, and keeps the last of each address. */
export class FakeTransport implements ClientTransport {
  readonly name = "fake";
  /** The connections by address. */
  readonly connections: Map<string, FakeConnection> = new Map();
  readonly #answer: FakeAnswer;

  /** Makes a transport whose calls are answered so. @param answer Gives back what it gets unless told. */
  constructor(answer: FakeAnswer = (request) => Promise.resolve(request)) {
    this.#answer = answer;
  }

  open(address: string): FakeConnection {
    const connection = new FakeConnection(address, this.#answer);
    this.connections.set(address, connection);
    return connection;
  }

  /** The connection of an address. */
  to(address: string): FakeConnection {
    const connection = this.connections.get(address);
    if (!connection) throw new TypeError(`Cannot find connection: nobody called ${address}`);
    return connection;
  }
}
