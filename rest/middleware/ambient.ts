/**
 * What a handler works for, for all that it calls.
 *
 * @module
 */

import { type Ambient, ambient, runAmbient } from "../../core/ambient.ts";
import { parsePreviousAttempts, PREVIOUS_ATTEMPTS_HEADER } from "../../core/retry/chain.ts";
import type { Deadline } from "../../core/timeout/deadline.ts";
import { Baggage } from "../../core/trace/baggage.ts";
import { PassedSpan } from "../../core/trace/passed_span.ts";
import type { Span } from "../../core/trace/span.ts";
import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";

/**
 * Makes the trace, the deadline and the number of the attempt of a request those of all that its handler calls, so that clients pass them on without
 * being told.
 *
 * To enter a context costs about as much as a fifth of a bare request. A handler that has answered so many requests
 * without waiting calls nobody, so for its route that is left out, until it first waits.
 */
export function ambientContext(): Middleware {
  return (next) => {
    const habit = new Habit();
    return (request, context) => {
      if (!habit.waits) {
        const result = next(request, context);
        habit.note(result instanceof Promise);
        return result;
      }
      const about = new RequestAmbient(context);
      const result = runAmbient(about, () => next(request, context));
      habit.note(result instanceof Promise);
      context.onFinish(about.letGo);
      return result;
    };
  };
}

/** Answers in a row after which a handler is taken for one that does not wait. */
const PROOF = 100;

/** Whether a handler waits before it answers. */
class Habit {
  #quickAnswers = 0;

  /** True at first, and for ever once it has. */
  get waits(): boolean {
    return this.#quickAnswers < PROOF;
  }

  note(waited: boolean): void {
    if (waited) this.#quickAnswers = -Infinity;
    else this.#quickAnswers++;
  }
}

/**
 * Makes what is asked for, when it is. The span of a trace layer further out stays; else it is the caller's.
 *
 * It lets go of the request when that is over: the runtime keeps contexts until it collects old garbage, and all that hangs
 * on them with them, which would cost more than all layers together.
 */
class RequestAmbient implements Ambient {
  #context: Context | undefined;
  readonly #outer: Ambient;
  #span: Span | undefined;
  #baggage: Baggage | undefined;
  #previousAttempts: number | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#outer = ambient();
  }

  get span(): Span | undefined {
    if (this.#outer.span) return this.#outer.span;
    if (!this.#span && this.#context) this.#span = new PassedSpan(this.#context.span);
    return this.#span;
  }

  get baggage(): Baggage | undefined {
    if (this.#outer.baggage) return this.#outer.baggage;
    if (!this.#baggage && this.#context) this.#baggage = baggageOf(this.#context.request);
    return this.#baggage;
  }

  get previousAttempts(): number | undefined {
    if (this.#outer.previousAttempts !== undefined) return this.#outer.previousAttempts;
    if (this.#context) this.#previousAttempts ??= attemptsOf(this.#context);
    return this.#previousAttempts;
  }

  get deadline(): Deadline | undefined {
    const context = this.#context;
    const outer = this.#outer.deadline;
    return context && !(outer && context.limitMs === Infinity) ? context.deadline : outer;
  }

  /** Keeps what work that outlives the request may need: the trace, if anybody has seen it. */
  readonly letGo = (): void => {
    const context = this.#context;
    if (context?.hasSpan && !this.#outer.span) this.#span ??= new PassedSpan(context.span);
    this.#context = undefined;
  };
}

// Work that outlives its answer may ask when the request is gone, and callers may write nonsense.

function baggageOf(request: Request): Baggage {
  try {
    const header = request.headers.get("baggage");
    return header ? Baggage.parse(header) : Baggage.empty;
  } catch {
    return Baggage.empty;
  }
}

function attemptsOf({ request }: Context): number {
  try {
    return parsePreviousAttempts(request.headers.get(PREVIOUS_ATTEMPTS_HEADER));
  } catch {
    return 0;
  }
}
