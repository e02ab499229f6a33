import type { JsonValue } from "./record.ts";
import { KeyRedactor, MASK, maskSensitive } from "./redact.ts";

/** Deepest nesting shown; what lies below reads `[too deep]`. */
const MAX_DEPTH = 8;
/** Most values of one field shown, so that logging a whole cache does not stop the process. */
const MAX_VALUES = 10_000;
/** Byte arrays up to this size are shown as base64, larger ones by their size. */
const MAX_BYTES = 1024;

interface Walk {
  readonly ancestors: object[];
  left: number;
}

type Rendered = JsonValue | undefined;

/**
 * Turns any value into JSON for a log line. It never throws and always ends: circular values, deep
 * values and throwing getters are shown as such.
 *
 * In order: the {@link maskSensitive} hook; errors as their message and those of their causes; dates
 * as ISO 8601; `toJSON`; maps, sets and headers as objects and lists; values with their own
 * `toString` as that text; anything else by its enumerable properties. `undefined` is left out.
 */
export class ValueRenderer {
  readonly #redactor: KeyRedactor;

  /** `sensitiveKeys` are hidden besides the built-in ones. */
  constructor(sensitiveKeys: readonly string[] = []) {
    this.#redactor = new KeyRedactor(sensitiveKeys);
  }

  /** Renders the value of a field, hidden if its key says that it is a secret. */
  field(key: string, value: unknown): JsonValue | undefined {
    if (this.#redactor.isSensitive(key)) return hide(value);
    return typeof value === "string" ? value : this.value(value);
  }

  /** Renders a value that stands for itself. */
  value(value: unknown): JsonValue | undefined {
    if (typeof value === "object" && value !== null) {
      return this.#object(value, { ancestors: [], left: MAX_VALUES });
    }
    return renderPrimitive(value);
  }

  #any(value: unknown, walk: Walk): Rendered {
    if (--walk.left < 0) return "[too many values]";
    return typeof value === "object" && value !== null
      ? this.#object(value, walk)
      : renderPrimitive(value);
  }

  #object(value: object, walk: Walk): Rendered {
    if (walk.ancestors.includes(value)) return "[circular]";
    if (walk.ancestors.length >= MAX_DEPTH) return "[too deep]";
    walk.ancestors.push(value);
    try {
      return this.#shape(value, walk);
    } catch (reason) {
      return `panic: ${reasonOf(reason)}`;
    } finally {
      walk.ancestors.pop();
    }
  }

  #shape(value: object, walk: Walk): Rendered {
    const mask = (value as { [maskSensitive]?: unknown })[maskSensitive];
    if (typeof mask === "function") {
      const shown: unknown = mask.call(value);
      if (shown !== value) return this.#any(shown, walk);
    }
    if (value instanceof Error) return errorText(value);
    if (value instanceof Date) return isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    if (value instanceof URL) return urlText(value);
    if (ArrayBuffer.isView(value)) return bytesText(value);
    if (Array.isArray(value)) return value.map((item) => this.#any(item, walk) ?? null);
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") return this.#any(toJSON.call(value), walk);
    if (value instanceof Set) return Array.from(value, (item) => this.#any(item, walk) ?? null);
    if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams) {
      return this.#entries(Array.from<[unknown, unknown]>(value), walk);
    }
    if (describesItself(value)) return String(value);
    return this.#entries(properties(value), walk);
  }

  #entries(entries: Iterable<readonly [unknown, unknown]>, walk: Walk): JsonValue {
    const shown: Record<string, JsonValue> = {};
    for (const [name, value] of entries) {
      if (walk.left <= 0) break;
      const key = String(name);
      const rendered = this.#redactor.isSensitive(key) ? hide(value) : this.#any(value, walk);
      if (rendered !== undefined) setOwn(shown, key, rendered);
    }
    return shown;
  }
}

/** Sets a property that is the object's own, whatever its name. */
export function setOwn(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === "__proto__") {
    // Plain assignment would change the prototype.
    Object.defineProperty(target, key, { value, enumerable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** The message of an error and of its causes, outermost first. */
export function errorText(error: Error): string {
  const messages: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < MAX_DEPTH && current !== undefined && current !== null; depth++) {
    if (!(current instanceof Error)) {
      messages.push(reasonOf(current));
      break;
    }
    messages.push(current.message || current.name);
    if (current instanceof AggregateError) {
      const inner = current.errors.slice(0, MAX_DEPTH).map(reasonOf);
      if (inner.length > 0) messages.push(`[${inner.join("; ")}]`);
    }
    current = current.cause;
  }
  return messages.join(": ");
}

/** Anything thrown, as text. Never throws. */
export function reasonOf(reason: unknown): string {
  try {
    return reason instanceof Error ? reason.message || reason.name : String(reason);
  } catch {
    return "unprintable value";
  }
}

function hide(value: unknown): Rendered {
  // Whether there was something to hide is worth knowing, and no secret.
  if (value === undefined || value === null || value === "" || typeof value === "boolean") {
    return value;
  }
  return MASK;
}

function renderPrimitive(value: unknown): Rendered {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // JSON would say null for these, which hides what went wrong.
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
    case "symbol":
      return String(value);
    case "function":
      return `[function ${value.name || "anonymous"}]`;
    default:
      return value === null ? null : undefined;
  }
}

function urlText(url: URL): string {
  if (url.username === "" && url.password === "") return url.href;
  const shown = new URL(url);
  shown.username = MASK;
  shown.password = "";
  return shown.href;
}

function bytesText(view: ArrayBufferView): string {
  if (view instanceof Uint8Array && view.byteLength <= MAX_BYTES) return view.toBase64();
  return `[${view.constructor.name} of ${view.byteLength} bytes]`;
}

function describesItself(value: object): boolean {
  const { toString } = value;
  return typeof toString === "function" && toString !== Object.prototype.toString;
}

function* properties(value: object): Generator<[string, unknown]> {
  for (const key of Object.keys(value)) {
    try {
      yield [key, (value as Record<string, unknown>)[key]];
    } catch (reason) {
      yield [key, `panic: ${reasonOf(reason)}`];
    }
  }
}
