import type { SpanData } from "./span.ts";

/** Sends spans somewhere. One call at a time. */
export interface SpanExporter {
  /**
   * Sends a batch. Rejects if it could not, and stops trying once `signal` is aborted.
   *
   * @returns How many of them the receiver refused, if it said so.
   */
  export(spans: readonly SpanData[], signal: AbortSignal): Promise<number | void>;
  /** Lets go of what it holds. */
  close?(): Promise<void>;
}
