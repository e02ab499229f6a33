/**
 * What goes along with a call besides its messages.
 *
 * @module
 */

/** A value: printable ASCII, or bytes where the name ends in `-bin`. */
export type MetadataValue = string | Uint8Array;

/** What a {@link Metadata} can be made of. */
export type MetadataInit =
  | Iterable<readonly [string, MetadataValue]>
  | Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;

const NAME = /^[0-9a-z_.-]+$/;
const TEXT = /^[\x20-\x7e]*$/;

/** Names that belong to the protocol: under some of them a value would end the call, or change its status. */
const RESERVED: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "date",
  "grpc-accept-encoding",
  "grpc-encoding",
  "grpc-message",
  "grpc-message-type",
  "grpc-status",
  "grpc-timeout",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);

/** Whether a name in small letters belongs to the protocol, so that metadata cannot have it. */
export function isReserved(name: string): boolean {
  return RESERVED.has(name);
}

/** Most bytes of metadata, counted as HTTP/2 does. Beyond 64 KiB calls end without a status. */
const MAX_BYTES = 32_768;
/** Most values. The platform ends calls that have more than 128 headers, those of the protocol among them. */
const MAX_VALUES = 100;
/** What HTTP/2 counts for each header besides its bytes. */
const ENTRY_BYTES = 32;

/**
 * Names and values that go along with a call, in either direction. A name may have several values, and is written in small
 * letters. One that ends in `-bin` has bytes, any other has printable ASCII. Names that belong to the protocol, such as
 * `content-type` and `grpc-status`, cannot be set; there may be 100 values and 32 KiB in all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const metadata = new Metadata({ tenant: "acme", "token-bin": new Uint8Array([1, 2]) });
 * metadata.append("Tenant", "globex");
 * assertEquals(metadata.get("tenant"), "acme");
 * assertEquals(metadata.getAll("tenant"), ["acme", "globex"]);
 * assertEquals(metadata.getBytes("token-bin"), new Uint8Array([1, 2]));
 * ```
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class Metadata {
  readonly #values = new Map<string, MetadataValue[]>();
  #count = 0;
  #bytes = 0;

  /**
   * Makes metadata of names and values. Of other metadata the names are left out that belong to the protocol.
   *
   * @throws {SyntaxError} If a name or a value cannot be sent.
   * @throws {RangeError} If it is more than a call can carry.
   */
  constructor(init?: MetadataInit) {
    if (init === undefined) return;
    if (init instanceof Metadata) {
      this.merge(init);
      return;
    }
    if (isPairs(init)) {
      for (const [name, value] of init) this.append(name, value);
      return;
    }
    for (const [name, value] of Object.entries(init)) {
      if (typeof value === "string" || value instanceof Uint8Array) this.append(name, value);
      else for (const each of value) this.append(name, each);
    }
  }

  /** Metadata as it came from a wire: names in small letters, nothing checked. */
  static received(entries: Iterable<readonly [string, MetadataValue[]]>): Metadata {
    const metadata = new Metadata();
    for (const [name, values] of entries) {
      metadata.#values.set(name, values);
      metadata.#count += values.length;
      metadata.#bytes += costOfAll(name, values);
    }
    return metadata;
  }

  /** Number of names. */
  get size(): number {
    return this.#values.size;
  }

  /** The first value under `name`, if it is text. */
  get(name: string): string | undefined {
    const value = this.#valuesOf(name)?.[0];
    return typeof value === "string" ? value : undefined;
  }

  /** The first value under `name`, if it is bytes. */
  getBytes(name: string): Uint8Array | undefined {
    const value = this.#valuesOf(name)?.[0];
    return typeof value === "object" ? value : undefined;
  }

  /** All values under `name`, in the order they were sent. */
  getAll(name: string): readonly MetadataValue[] {
    return this.#valuesOf(name) ?? [];
  }

  /** Whether there is a value under `name`. */
  has(name: string): boolean {
    return this.#valuesOf(name) !== undefined;
  }

  /**
   * Puts `value` in the place of all values under `name`.
   *
   * @throws {SyntaxError} If the name or the value cannot be sent.
   * @throws {RangeError} If it is more than a call can carry.
   */
  set(name: string, value: MetadataValue): void {
    this.#replace(checked(name, value), [value]);
  }

  /**
   * Adds a value under `name`.
   *
   * @throws {SyntaxError} If the name or the value cannot be sent.
   * @throws {RangeError} If it is more than a call can carry.
   */
  append(name: string, value: MetadataValue): void {
    const key = checked(name, value);
    this.#reserve(key, 1, costOf(key, value));
    const values = this.#values.get(key);
    if (values) values.push(value);
    else this.#values.set(key, [value]);
  }

  /** Removes all values under `name`. */
  delete(name: string): void {
    const key = name.toLowerCase();
    this.#replace(key, []);
    this.#values.delete(key);
  }

  /**
   * Adds the values of `other`, in the place of those under the same names. Names that belong to the protocol are left out,
   * so what came with one call can be sent with another.
   *
   * @throws {RangeError} If it is more than a call can carry.
   */
  merge(other: Metadata): void {
    for (const [name, values] of other.#values) {
      if (!isReserved(name)) this.#replace(name, [...values]);
    }
  }

  /** The names. */
  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  /** Names with their values, one pair for each value. */
  *[Symbol.iterator](): IterableIterator<[string, MetadataValue]> {
    for (const [name, values] of this.#values) {
      for (const value of values) yield [name, value];
    }
  }

  #replace(key: string, values: MetadataValue[]): void {
    const before = this.#values.get(key) ?? [];
    this.#reserve(
      key,
      values.length - before.length,
      costOfAll(key, values) - costOfAll(key, before),
    );
    this.#values.set(key, values);
  }

  /** Counts what is added, unless it is too much. To take something away is always possible. */
  #reserve(key: string, addedCount: number, addedBytes: number): void {
    const count = this.#count + addedCount;
    const bytes = this.#bytes + addedBytes;
    if (addedCount > 0 && count > MAX_VALUES || addedBytes > 0 && bytes > MAX_BYTES) {
      throw new RangeError(
        `Cannot set metadata "${key}": need ${MAX_VALUES} values and ${MAX_BYTES} bytes at most, got ` +
          `${count} and ${bytes}`,
      );
    }
    this.#count = count;
    this.#bytes = bytes;
  }

  #valuesOf(name: string): readonly MetadataValue[] | undefined {
    return this.#values.get(name) ?? this.#values.get(name.toLowerCase());
  }
}

/** What a value takes of a list of headers; bytes travel as base64. */
function costOf(name: string, value: MetadataValue): number {
  const { length } = value;
  return ENTRY_BYTES + name.length +
    (typeof value === "string" ? length : Math.ceil(length * 4 / 3));
}

function costOfAll(name: string, values: readonly MetadataValue[]): number {
  return values.reduce((bytes, value) => bytes + costOf(name, value), 0);
}

function isPairs(init: MetadataInit): init is Iterable<readonly [string, MetadataValue]> {
  return typeof (init as { [Symbol.iterator]?: unknown })[Symbol.iterator] === "function";
}

function checked(name: string, value: MetadataValue): string {
  const key = NAME.test(name) ? name : name.toLowerCase();
  if (!NAME.test(key)) {
    throw new SyntaxError(
      `Cannot set metadata ${JSON.stringify(name)}: need letters, digits, "_", "-" and "."`,
    );
  }
  if (isReserved(key)) {
    throw new SyntaxError(`Cannot set metadata "${key}": the name belongs to the protocol`);
  }
  const wantsBytes = key.endsWith("-bin");
  if (wantsBytes !== (value instanceof Uint8Array)) {
    const need = wantsBytes ? "bytes" : 'text, or a name that ends in "-bin"';
    throw new SyntaxError(`Cannot set metadata "${key}": need ${need}`);
  }
  // The value may be a secret, so it is not repeated.
  if (typeof value === "string" && !TEXT.test(value)) {
    throw new SyntaxError(`Cannot set metadata "${key}": need a value of printable ASCII`);
  }
  return key;
}
