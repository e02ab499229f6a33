/**
 * What a handler works for, for all that it calls.
 *
 * @module
 */

import { type Ambient, ambient, runAmbient } from "../../../core/ambient.ts";
import { parsePreviousAttempts, PREVIOUS_ATTEMPTS_HEADER } from "../../../core/retry/chain.ts";
import type { Deadline } from "../../../core/timeout/deadline.ts";
import { Baggage } from "../../../core/trace/baggage.ts";
import { PassedSpan } from "../../../core/trace/passed_span.ts";
import type { Span } from "../../../core/trace/span.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor, StreamHandler } from "../../server/handler.ts";

/**
 * Makes the trace and the deadline of a call those of all that its handler calls, so that clients pass them on without being
 * told, and who works for a retry does not retry.
 *
 * To enter a context costs something. A handler that has answered a hundred calls without waiting calls nobody, so for its
 * method that is left out, until it first waits.
 */
export function ambientContext(): ServerInterceptor {
  return {
    unary: (next) => {
      let quickAnswers = 0;
      return (request, context) => {
        const result = quickAnswers < PROOF
          ? runAmbient(new CallAmbient(context), () => next(request, context))
          : next(request, context);
        if (result instanceof Promise) quickAnswers = -Infinity;
        else quickAnswers++;
        return result;
      };
    },
    stream: (next) => (requests, context) => ambientStream(next, requests, context),
  };
}

/** Answers in a row after which a handler is taken for one that does not wait. */
const PROOF = 100;

/** Each item is asked for within the context: a generator runs in that of whoever asks. */
function ambientStream(
  next: StreamHandler,
  requests: AsyncIterable<unknown>,
  context: RpcContext,
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const scope = new CallAmbient(context);
      const run = <T>(fn: () => T) => runAmbient(scope, fn);
      const items = run(() => next(requests, context)[Symbol.asyncIterator]());
      return {
        next: () => run(() => items.next()),
        return: async () => {
          await run(() => items.return?.());
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** What the caller has written badly counts as nothing. */
function attemptsOf(context: RpcContext): number {
  try {
    return parsePreviousAttempts(context.header(PREVIOUS_ATTEMPTS_HEADER) ?? null);
  } catch {
    return 0;
  }
}

/** Makes what is asked for, when it is. The span of a trace layer further out stays; else it is the caller's. */
class CallAmbient implements Ambient {
  readonly #context: RpcContext;
  readonly #outer = ambient();
  #span: Span | undefined;
  #baggage: Baggage | undefined;

  constructor(context: RpcContext) {
    this.#context = context;
  }

  get span(): Span {
    return this.#outer.span ?? (this.#span ??= new PassedSpan(this.#context.span));
  }

  get baggage(): Baggage | undefined {
    return this.#outer.baggage ?? (this.#baggage ??= baggageOf(this.#context));
  }

  get deadline(): Deadline {
    return this.#context.deadline;
  }

  get previousAttempts(): number {
    return attemptsOf(this.#context);
  }
}

function baggageOf(context: RpcContext): Baggage {
  const said = context.header("baggage");
  return said ? Baggage.parse(said) : Baggage.empty;
}
