import { SilentSpan } from "./_silent_span.ts";
import type { Span } from "./span.ts";

/** The span of code that is not traced. It has no ids and keeps nothing. */
export const noopSpan: Span = new SilentSpan();
