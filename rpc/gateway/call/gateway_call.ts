/**
 * One call that a gateway makes for a request.
 *
 * @module
 */

import { ambient, runAmbient } from "../../../core/ambient.ts";
import { ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { parseTimeoutMs, TIMEOUT_HEADER } from "../../../core/timeout/propagation.ts";
import type { Context } from "../../../rest/context.ts";
import type { Metadata } from "../../metadata.ts";
import type { OutgoingCall } from "../../transport/transport.ts";
import { takesMany, type Target } from "../method.ts";

/** What a call is made with. */
export interface GatewayCallOptions {
  /** Sent with the call. */
  readonly metadata: Metadata;
  /** Milliseconds that the caller waits; `undefined` if it has not said. */
  readonly timeoutMs?: number | undefined;
}

/** How long the head of a streamed answer waits for the first message, in ms. */
const HEAD_WAIT_MS = 1_000;

/** A call for a request: it ends when the client goes, or when its time or that of the route is up. */
export class GatewayCall {
  /** Metadata that came before the first answer. */
  header: Metadata | undefined;
  /** Metadata that came with the status. */
  trailer: Metadata | undefined;
  readonly #target: Target;
  readonly #context: Context;
  readonly #options: GatewayCallOptions;
  #onHeaded: (() => void) | undefined;

  /** Makes a call that has not begun. */
  constructor(target: Target, context: Context, options: GatewayCallOptions) {
    this.#target = target;
    this.#context = context;
    this.#options = options;
  }

  /** What is called. */
  get target(): Target {
    return this.#target;
  }

  /** Makes a call that is answered by one message. */
  async single(requests: readonly object[]): Promise<object> {
    const { method, caller } = this.#target;
    const deadline = this.#deadline();
    if (!takesMany(method)) {
      // A client that goes away ends the deadline of the request, so nobody has to listen for that besides.
      const call = this.#outgoing(deadline, undefined);
      return await within(deadline, () => caller.unary(method, requests[0]!, call));
    }
    const call = this.#outgoing(deadline, this.#context.signal);
    const answers = caller.stream(method, each(requests), call)[Symbol.asyncIterator]();
    const first = await within(deadline, () => answers.next());
    // The status comes behind the message.
    const second = first.done ? first : await answers.next();
    if (!first.done && second.done) return first.value;
    await answers.return?.();
    const what = first.done ? "no answer" : "more than one answer";
    throw new ServiceError("internal", `Cannot call ${method.path}: it gave ${what}`);
  }

  /**
   * Makes a call that is answered by any number of messages. Resolves when it is known how the answer begins: with
   * metadata, with a message, or not for a while. Rejects if the call has failed by then.
   */
  async many(requests: AsyncIterable<object>): Promise<AsyncIterableIterator<object>> {
    const { method, caller } = this.#target;
    const call = this.#outgoing(this.#streamDeadline(), this.#context.signal);
    // The limit of a route is on the beginning of its answer; what streams goes on.
    const answers = caller.stream(method, requests, call)[Symbol.asyncIterator]();
    const first = within(call.deadline, () => answers.next());
    const headed = new Promise<void>((resolve) => this.#onHeaded = resolve);
    const patience = new AbortController();
    const { signal } = patience;
    const waited = this.#context.environment.clock.sleep(HEAD_WAIT_MS, { signal }).catch(() => {});
    try {
      await Promise.race([first, headed, waited]);
    } finally {
      patience.abort();
    }
    first.catch(() => {}); // Whoever reads is told.
    return new Answers(first, answers);
  }

  #outgoing(deadline: Deadline | undefined, signal: AbortSignal | undefined): OutgoingCall {
    const { metadata } = this.#options;
    return {
      metadata: metadata.size > 0 ? metadata : undefined,
      deadline,
      signal,
      onHeader: (metadata) => {
        this.header = metadata;
        this.#onHeaded?.();
      },
      onTrailer: (metadata) => this.trailer = metadata,
    };
  }

  /** The caller's limit or that of the route, whichever comes first. */
  #deadline(): Deadline {
    const { deadline: parent, environment: { deadlines } } = this.#context;
    const { timeoutMs } = this.#options;
    return timeoutMs === undefined ? parent : new Deadline(timeoutMs, { parent, deadlines });
  }

  /** The caller's limit. */
  #streamDeadline(): Deadline | undefined {
    const { deadlines } = this.#context.environment;
    const timeoutMs = Math.min(
      this.#options.timeoutMs ?? Infinity,
      callerTimeoutMs(this.#context.request.headers),
    );
    return timeoutMs === Infinity ? undefined : new Deadline(timeoutMs, { deadlines });
  }
}

/** What the caller says in the header of this project; `Infinity` if nothing, or nonsense. */
function callerTimeoutMs(headers: Headers): number {
  try {
    return parseTimeoutMs(headers.get(TIMEOUT_HEADER)) ?? Infinity;
  } catch {
    return Infinity;
  }
}

/** Begins a call for which this is the current deadline: clients look there, connections are told. */
function within<T>(deadline: Deadline | undefined, begin: () => T): T {
  const outer = ambient();
  if (deadline === outer.deadline) return begin();
  const { span, baggage, previousAttempts } = outer;
  return runAmbient({ span, baggage, previousAttempts, deadline }, begin);
}

/** Messages as a stream. */
export async function* each(messages: readonly object[]): AsyncGenerator<object> {
  yield* messages;
}

/** Answers whose first was asked for already. */
class Answers implements AsyncIterableIterator<object> {
  #first: Promise<IteratorResult<object>> | undefined;
  readonly #rest: AsyncIterator<object>;

  constructor(first: Promise<IteratorResult<object>>, rest: AsyncIterator<object>) {
    this.#first = first;
    this.#rest = rest;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<object>> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#rest.next();
  }

  async return(): Promise<IteratorResult<object>> {
    await this.#rest.return?.();
    return { done: true, value: undefined };
  }
}
