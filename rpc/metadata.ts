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

/**
 * Names and values that go along with a call, in either direction. A name may have several values, and is written in small
 * letters. One that ends in `-bin` has bytes, any other has printable ASCII.
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

  /**
   * Makes metadata of names and values.
   *
   * @throws {SyntaxError} If a name or a value cannot be sent.
   */
  constructor(init?: MetadataInit) {
    if (init === undefined) return;
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
    for (const [name, values] of entries) metadata.#values.set(name, values);
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
   */
  set(name: string, value: MetadataValue): void {
    this.#values.set(checked(name, value), [value]);
  }

  /**
   * Adds a value under `name`.
   *
   * @throws {SyntaxError} If the name or the value cannot be sent.
   */
  append(name: string, value: MetadataValue): void {
    const key = checked(name, value);
    const values = this.#values.get(key);
    if (values) values.push(value);
    else this.#values.set(key, [value]);
  }

  /** Removes all values under `name`. */
  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  /** Adds the values of `other`, in the place of those under the same names. */
  merge(other: Metadata): void {
    for (const [name, values] of other.#values) this.#values.set(name, [...values]);
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

  #valuesOf(name: string): readonly MetadataValue[] | undefined {
    return this.#values.get(name) ?? this.#values.get(name.toLowerCase());
  }
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
