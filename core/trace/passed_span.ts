import { SilentSpan } from "./_silent_span.ts";
import type { SpanContext } from "./propagation.ts";

/** Passes on ids in a process that traces nothing itself. */
export class PassedSpan extends SilentSpan {
  readonly #context: SpanContext;

  /** Makes a span with the ids of another, or with new ones that nobody records. */
  constructor(context: SpanContext) {
    super();
    this.#context = context;
  }

  /** The ids it was made with. */
  override spanContext(): SpanContext {
    return this.#context;
  }
}
