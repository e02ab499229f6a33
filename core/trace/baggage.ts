/** The least that the standard asks every service to pass on; more than that is dropped. */
const MAX_MEMBERS = 64;
const MAX_LENGTH = 8192;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** One thing said about the work in hand. */
export interface BaggageEntry {
  /** The value, decoded. */
  readonly value: string;
  /** Properties of the entry as they came, such as `ttl=5;secret`. */
  readonly metadata?: string | undefined;
}

/**
 * What services tell each other about the work in hand, such as the tenant it is for. It travels in
 * the clear to every service that is called: no secrets. A value that cannot be changed: every change
 * answers a new one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const baggage = Baggage.empty.set("tenant", "Müller & Co");
 * assertEquals(String(baggage), "tenant=M%C3%BCller%20%26%20Co");
 * assertEquals(Baggage.parse(String(baggage)).get("tenant"), "Müller & Co");
 * ```
 *
 * @see https://www.w3.org/TR/baggage/
 */
export class Baggage {
  readonly #entries: ReadonlyMap<string, BaggageEntry>;

  private constructor(entries: ReadonlyMap<string, BaggageEntry>) {
    this.#entries = entries;
  }

  /** Baggage that says nothing. */
  static readonly empty: Baggage = new Baggage(new Map());

  /**
   * Reads a `baggage` header. Entries that are malformed, and those past 64 or past 8192 characters,
   * are dropped. Of two with one key the last counts.
   */
  static parse(header: string): Baggage {
    const entries = new Map<string, BaggageEntry>();
    let length = 0;
    for (const member of header.split(",")) {
      length += member.length + 1;
      if (length > MAX_LENGTH + 1) break;
      const parsed = parseMember(member);
      if (!parsed) continue;
      if (entries.size === MAX_MEMBERS && !entries.has(parsed.key)) break;
      entries.set(parsed.key, parsed.entry);
    }
    return new Baggage(entries);
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value under `key`. */
  get(key: string): string | undefined {
    return this.#entries.get(key)?.value;
  }

  /**
   * Puts `value` under `key`. Any text can be a value.
   *
   * @throws {TypeError} If the key is no HTTP token.
   */
  set(key: string, value: string, metadata?: string): Baggage {
    if (!TOKEN.test(key)) {
      throw new TypeError(`Cannot set baggage: key ${JSON.stringify(key)} is not an HTTP token`);
    }
    if (metadata !== undefined && !/^[\x20-\x2b\x2d-\x7e]*$/.test(metadata)) {
      throw new TypeError(`Cannot set baggage: metadata of "${key}" must be ASCII without commas`);
    }
    return new Baggage(new Map(this.#entries).set(key, { value, metadata }));
  }

  /** Drops what is under `key`. */
  delete(key: string): Baggage {
    const entries = new Map(this.#entries);
    entries.delete(key);
    return new Baggage(entries);
  }

  /** Keys and entries. */
  [Symbol.iterator](): IterableIterator<[string, BaggageEntry]> {
    return this.#entries.entries();
  }

  /** The value of a `baggage` header; empty if there is nothing. What is too much is left out. */
  toString(): string {
    let header = "";
    let members = 0;
    for (const [key, { value, metadata }] of this.#entries) {
      const encoded = encodeURIComponent(value.toWellFormed());
      const member = `${key}=${encoded}${metadata ? `;${metadata}` : ""}`;
      if (members === MAX_MEMBERS || header.length + 1 + member.length > MAX_LENGTH) continue;
      header += header && ",";
      header += member;
      members++;
    }
    return header;
  }
}

function parseMember(member: string): { key: string; entry: BaggageEntry } | undefined {
  const [pair = "", ...properties] = member.split(";");
  const at = pair.indexOf("=");
  const key = pair.slice(0, at).trim();
  if (at < 0 || !TOKEN.test(key)) return undefined;
  try {
    const value = decodeURIComponent(pair.slice(at + 1).trim());
    const metadata = properties.map((property) => property.trim()).join(";");
    return { key, entry: metadata ? { value, metadata } : { value } };
  } catch {
    return undefined; // A stray "%".
  }
}
