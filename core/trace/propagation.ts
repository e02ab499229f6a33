/**
 * W3C Trace Context: reading, writing and making the ids that tie the spans of one request together.
 *
 * @see https://www.w3.org/TR/trace-context/
 * @module
 */

/** What one service tells the next about the trace it is part of. */
export interface SpanContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  /** Whether the caller records this trace. */
  readonly sampled: boolean;
  /** What tracing systems on the way have noted, as in a `tracestate` header. See `TraceState`. */
  readonly traceState?: string | undefined;
  /** Whether it came from another process. */
  readonly remote?: boolean | undefined;
}

const TRACEPARENT_LENGTH = 55;

/**
 * Reads a `traceparent` header.
 *
 * @returns The context, or `undefined` if the header is absent or malformed: then a new trace begins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
 * assertEquals(parseTraceparent(header)?.spanId, "00f067aa0ba902b7");
 * assertEquals(parseTraceparent("00-0-0-0"), undefined);
 * ```
 */
export function parseTraceparent(header: string | null): SpanContext | undefined {
  if (header === null || header.length < TRACEPARENT_LENGTH) return undefined;
  const version = header.slice(0, 2);
  // A later version may append fields; version 00 may not.
  const longer = header.length > TRACEPARENT_LENGTH;
  if (longer && (version === "00" || header[TRACEPARENT_LENGTH] !== "-")) return undefined;
  const traceId = header.slice(3, 35);
  const spanId = header.slice(36, 52);
  const flags = header.slice(53, 55);
  if (header[2] !== "-" || header[35] !== "-" || header[52] !== "-") return undefined;
  if (!isHex(version) || version === "ff" || !isHex(flags)) return undefined;
  if (!isId(traceId) || !isId(spanId)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

/** Writes a `traceparent` header. */
export function formatTraceparent(context: SpanContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? "01" : "00"}`;
}

/** A new random trace id. */
export function newTraceId(): string {
  return randomHex(32);
}

/** A new random span id. */
export function newSpanId(): string {
  return randomHex(16);
}

function isId(text: string): boolean {
  return isHex(text) && !/^0+$/.test(text);
}

function isHex(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    const digit = char >= 48 && char <= 57;
    const letter = char >= 97 && char <= 102;
    if (!digit && !letter) return false;
  }
  return true;
}

// Random bytes are drawn and written as hex many at once: doing so for each id costs more than the id.
// An id that is kept holds on to the text it was cut from, hence no more than this.
const POOL_BYTES = 1024;
let pool = "";
let poolAt = 0;

function randomHex(digits: number): string {
  if (poolAt + digits > pool.length) {
    pool = crypto.getRandomValues(new Uint8Array(POOL_BYTES)).toHex();
    poolAt = 0;
  }
  const hex = pool.slice(poolAt, poolAt += digits);
  // All zero means "no id"; the chance is one in 2^64 or less, and the standard still asks.
  return /^0+$/.test(hex) ? randomHex(digits) : hex;
}
