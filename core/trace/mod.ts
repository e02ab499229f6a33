/**
 * Which trace a piece of work belongs to, and how services tell each other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from "@zeno/zeno/core/trace";
 *
 * const span = { traceId: newTraceId(), spanId: newSpanId(), sampled: true };
 * assertEquals(parseTraceparent(formatTraceparent(span)), span);
 * ```
 *
 * @module
 */

export * from "./propagation.ts";
