const MAX_MEMBERS = 32;
const KEY =
  /^(?:[a-z0-9][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * What the tracing systems along a trace have noted for those that come after, newest first. A value
 * that cannot be changed: every change answers a new one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const state = TraceState.parse("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
 * assertEquals(state?.get("congo"), "t61rcWkgMzE");
 * assertEquals(String(state?.set("congo", "1")), "congo=1,rojo=00f067aa0ba902b7");
 * ```
 *
 * @see https://www.w3.org/TR/trace-context/#tracestate-header
 */
export class TraceState {
  readonly #members: ReadonlyMap<string, string>;

  private constructor(members: ReadonlyMap<string, string>) {
    this.#members = members;
  }

  /** A state that says nothing. */
  static readonly empty: TraceState = new TraceState(new Map());

  /** Reads a `tracestate` header. `undefined` if it is malformed: then all of it is to be dropped. */
  static parse(header: string): TraceState | undefined {
    const members = new Map<string, string>();
    for (const part of header.split(",")) {
      const member = part.replace(/^[ \t]+|[ \t]+$/g, "");
      if (member === "") continue; // The standard allows empty members.
      const [key, value] = splitOnce(member);
      if (value === undefined || !KEY.test(key) || !VALUE.test(value)) return undefined;
      if (members.has(key) || members.size === MAX_MEMBERS) return undefined;
      members.set(key, value);
    }
    return new TraceState(members);
  }

  /** Number of members. */
  get size(): number {
    return this.#members.size;
  }

  /** What the system `key` has noted. */
  get(key: string): string | undefined {
    return this.#members.get(key);
  }

  /**
   * Notes `value` for the system `key`, in front of all others. Of more than 32 the last is dropped.
   *
   * @throws {TypeError} If the key or the value has characters that the header cannot carry.
   */
  set(key: string, value: string): TraceState {
    if (!KEY.test(key) || !VALUE.test(value)) {
      throw new TypeError(
        `Cannot set trace state: ${JSON.stringify(key)} or ${JSON.stringify(value)} is malformed`,
      );
    }
    const others = [...this.#members].filter(([other]) => other !== key);
    return new TraceState(new Map([[key, value], ...others.slice(0, MAX_MEMBERS - 1)]));
  }

  /** Drops what the system `key` has noted. */
  delete(key: string): TraceState {
    return new TraceState(new Map([...this.#members].filter(([other]) => other !== key)));
  }

  /** The value of a `tracestate` header; empty if there are no members. */
  toString(): string {
    return Array.from(this.#members, ([key, value]) => `${key}=${value}`).join(",");
  }
}

function splitOnce(member: string): [key: string, value: string | undefined] {
  const at = member.indexOf("=");
  return at < 0 ? [member, undefined] : [member.slice(0, at), member.slice(at + 1)];
}
