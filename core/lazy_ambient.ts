/**
 * What the handler of a request or of a call works for.
 *
 * @module
 */

import { type Ambient, ambient } from "./ambient.ts";
import { parsePreviousAttempts, PREVIOUS_ATTEMPTS_HEADER } from "./retry/chain.ts";
import type { Deadline } from "./timeout/deadline.ts";
import { Baggage } from "./trace/baggage.ts";
import { PassedSpan } from "./trace/passed_span.ts";
import type { SpanContext } from "./trace/propagation.ts";
import type { Span } from "./trace/span.ts";

/** A request or a call that is being answered. */
export interface Answering {
  /** Its trace. */
  readonly span: SpanContext;
  /** Whether anybody has asked for {@link span} or set it. */
  readonly hasSpan: boolean;
  /** The instant by which it must be answered. */
  readonly deadline: Deadline;
  /** What its caller has sent under a name in small letters, if it is text. */
  header(name: string): string | null | undefined;
}

/**
 * Makes what is asked for, when it is. The span of a trace further out stays; else it is the caller's.
 *
 * It lets go of the request when that is over: the runtime keeps contexts until it collects old garbage, and all that hangs on
 * them with them, which would cost more than all layers together.
 */
export class LazyAmbient implements Ambient {
  #about: Answering | undefined;
  readonly #outer = ambient();
  #span: Span | undefined;
  #baggage: Baggage | undefined;
  #previousAttempts: number | undefined;

  /** Makes the ambient of one request or call, within the current one. */
  constructor(about: Answering) {
    this.#about = about;
  }

  get span(): Span | undefined {
    if (this.#outer.span) return this.#outer.span;
    if (!this.#span && this.#about) this.#span = new PassedSpan(this.#about.span);
    return this.#span;
  }

  get baggage(): Baggage | undefined {
    if (this.#outer.baggage) return this.#outer.baggage;
    if (!this.#baggage && this.#about) this.#baggage = baggageOf(this.#about);
    return this.#baggage;
  }

  get previousAttempts(): number | undefined {
    if (this.#about) this.#previousAttempts ??= attemptsOf(this.#about);
    return this.#previousAttempts || this.#outer.previousAttempts;
  }

  /** The earlier of the request's and of what is further out; the latter alone once it is answered. */
  get deadline(): Deadline | undefined {
    const outer = this.#outer.deadline;
    if (!this.#about) return outer;
    const own = this.#about.deadline;
    return outer && outer.atMs < own.atMs ? outer : own;
  }

  /** Keeps what work that outlives the answer may need: the trace, if anybody has seen it. */
  letGo(): void {
    const about = this.#about;
    if (about?.hasSpan && !this.#outer.span) this.#span ??= new PassedSpan(about.span);
    this.#about = undefined;
  }
}

/** Answers in a row after which a handler is taken for one that does not wait. */
const PROOF = 100;

/** Whether a handler waits before it answers: one that does not calls nobody, and needs no ambient. */
export class WaitingHabit {
  #quickAnswers = 0;

  /** True at first, and for ever once it has. */
  get waits(): boolean {
    return this.#quickAnswers < PROOF;
  }

  /** Notes one more answer. */
  note(waited: boolean): void {
    if (waited) this.#quickAnswers = -Infinity;
    else this.#quickAnswers++;
  }
}

// Work that outlives its answer may ask when the request is gone, and callers may write nonsense.

function baggageOf(about: Answering): Baggage {
  try {
    const text = about.header("baggage");
    return text ? Baggage.parse(text) : Baggage.empty;
  } catch {
    return Baggage.empty;
  }
}

function attemptsOf(about: Answering): number {
  try {
    return parsePreviousAttempts(about.header(PREVIOUS_ATTEMPTS_HEADER) ?? null);
  } catch {
    return 0;
  }
}
