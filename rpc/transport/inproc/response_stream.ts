/**
 * A call with many messages within the process.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { Deadline } from "../../../core/timeout/deadline.ts";
import type { MethodInfo } from "../../method.ts";
import { leave } from "../leave.ts";
import type { OutgoingCall, ServedMethod } from "../transport.ts";
import { failed, isOver, type LiveCall } from "./answer_unary.ts";
import { InprocCall } from "./incoming_call.ts";
import { Interrupt } from "./interrupt.ts";
import type { InprocService } from "./network.ts";

/** What answers a call. */
interface Begun {
  readonly service: InprocService;
  readonly served: ServedMethod;
}

const DONE = { done: true, value: undefined } as const;

/** The answers of one call. Each is asked for when its caller asks, so nothing is ever ahead of the reader. */
export class InprocStream<I, O> implements AsyncIterableIterator<O, undefined>, LiveCall {
  readonly #begin: () => Promise<Begun>;
  readonly #requests: AsyncIterable<I>;
  readonly #call: OutgoingCall;
  readonly #limit: Deadline | undefined;
  readonly #live: Set<LiveCall>;
  readonly #broken = new Interrupt();
  #answers: Promise<AsyncIterator<unknown>> | undefined;
  #incoming: InprocCall | undefined;
  #service: InprocService | undefined;
  #method: MethodInfo | undefined;
  #answered = false;
  #outcome: { readonly error?: unknown } | undefined;

  /** Makes a call that has not begun. From then on until it ends it is one of `live`. */
  constructor(
    begin: () => Promise<Begun>,
    live: Set<LiveCall>,
    requests: AsyncIterable<I>,
    call: OutgoingCall,
    limit: Deadline | undefined,
  ) {
    this.#begin = begin;
    this.#requests = requests;
    this.#call = call;
    this.#limit = limit;
    this.#live = live;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next answer. */
  async next(): Promise<IteratorResult<O, undefined>> {
    if (this.#outcome) return this.#tell();
    this.#live.add(this);
    try {
      const result = await this.#race(() => this.#pull());
      if (this.#outcome) return this.#tell();
      this.#incoming?.flushHeader();
      if (this.#outcome) return this.#tell();
      if (!result.done) return { done: false, value: result.value as O }; // As the method says.
      this.#finish();
    } catch (thrown) {
      this.#fail(thrown);
    }
    return this.#tell();
  }

  /** Cancels the call. */
  return(): Promise<IteratorResult<O, undefined>> {
    this.#end({});
    return Promise.resolve(DONE);
  }

  /** Cancels the call, and fails whoever waits. */
  abort(reason: unknown): void {
    this.#end({ error: reason });
  }

  async #pull(): Promise<IteratorResult<unknown>> {
    const answers = await (this.#answers ??= this.#start());
    const answered = this.#answered;
    if (answered && this.#method?.kind === "client_stream") {
      leave(answers); // There is but one answer.
      return DONE;
    }
    const next = await answers.next();
    if (next.done && !answered && this.#method?.kind === "client_stream") {
      throw new ServiceError("internal", "Cannot answer call: no answer was made");
    }
    this.#answered = true;
    return next;
  }

  async #start(): Promise<AsyncIterator<unknown>> {
    const { service, served } = await this.#begin();
    if (served.kind !== "stream") {
      throw new ServiceError("unimplemented", "Cannot stream: the method is unary");
    }
    const incoming = this.#incoming = new InprocCall(served.method, this.#call, service.onError);
    this.#service = service;
    this.#method = served.method;
    service.live.add(incoming);
    incoming.onAbort((error) => this.abort(error));
    return served.handle(this.#watched(incoming), incoming)[Symbol.asyncIterator]();
  }

  /** The requests as the service sees them: they end with the call, and a failure to make them is the caller's. */
  async *#watched(incoming: InprocCall): AsyncGenerator<I> {
    const gone = new Interrupt();
    const canceled = () =>
      new ServiceError("canceled", "Cannot read requests: the caller has gone");
    incoming.onCancel(() => gone.callOff(canceled()));
    const requests = this.#requests[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await gone.wait(requests.next()).catch((error) => {
          if (!incoming.canceled) this.abort(error);
          throw canceled();
        });
        if (next.done) return;
        yield next.value;
      }
    } finally {
      leave(requests);
    }
  }

  #race<T>(fn: () => Promise<T>): Promise<T> {
    const limited = this.#limit ? this.#limit.run(fn) : fn();
    return this.#broken.wait(limited);
  }

  #finish(): void {
    try {
      this.#incoming?.finish();
      this.#end({});
    } catch (error) {
      this.#end({ error });
    }
  }

  #fail(thrown: unknown): void {
    const incoming = this.#incoming;
    if (this.#outcome) return;
    const early = !incoming || isOver(this.#limit);
    this.#end({ error: early ? thrown : failed(incoming, thrown) });
  }

  #end(outcome: { readonly error?: unknown }): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    this.#broken.callOff(outcome.error);
    this.#incoming?.cancel(); // Does nothing to one that has ended.
    if (this.#incoming) this.#service?.leave(this.#incoming);
    this.#answers?.then(leave, () => {});
    this.#live.delete(this);
  }

  #tell(): Promise<IteratorResult<O, undefined>> {
    const outcome = this.#outcome ?? {};
    return "error" in outcome ? Promise.reject(outcome.error) : Promise.resolve(DONE);
  }
}
