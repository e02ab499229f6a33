/**
 * Keys with their values, and the distinct values.
 *
 * @module
 */

/** A change of one key. */
export type EntryChange =
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "delete"; readonly key: string };

/** Options for {@link EntrySet}. */
export interface EntrySetOptions {
  /** Whether a value belongs to the latest of its keys alone. @default {false} */
  exclusive?: boolean | undefined;
}

/**
 * Holds keys with their values. Several keys may have one value, which counts once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const set = new EntrySet();
 * set.put("greet/1", "10.0.0.1:80");
 * set.put("greet/2", "10.0.0.1:80");
 * set.delete("greet/1");
 * assertEquals(set.values(), ["10.0.0.1:80"]);
 * ```
 */
export class EntrySet {
  readonly #exclusive: boolean;
  readonly #values = new Map<string, string>();
  readonly #keys = new Map<string, Set<string>>();
  /** Made when asked for, kept until the distinct values change. */
  #snapshot: readonly string[] | undefined;

  /** Makes an empty set. */
  constructor(options: EntrySetOptions = {}) {
    this.#exclusive = options.exclusive ?? false;
  }

  /** The keys with their values. */
  get entries(): ReadonlyMap<string, string> {
    return this.#values;
  }

  /** The distinct values in the order they came; the same array until they change. */
  values(): readonly string[] {
    return this.#snapshot ??= Object.freeze([...this.#keys.keys()]);
  }

  /** Sets a key. */
  put(key: string, value: string): void {
    if (this.#values.get(key) === value) return;
    this.delete(key);
    const others = this.#keys.get(value);
    if (others && this.#exclusive) {
      for (const other of others) this.#values.delete(other);
      others.clear();
    }
    this.#values.set(key, value);
    if (others) others.add(key);
    else {
      this.#keys.set(value, new Set([key]));
      this.#snapshot = undefined;
    }
  }

  /** Removes a key; one that is not there does no harm. */
  delete(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    const keys = this.#keys.get(value)!;
    keys.delete(key);
    if (keys.size > 0) return;
    this.#keys.delete(value);
    this.#snapshot = undefined;
  }

  /** Makes a change. */
  apply(change: EntryChange): void {
    if (change.type === "put") this.put(change.key, change.value);
    else this.delete(change.key);
  }
}

/**
 * What leads from one set of entries to another: deletions first, so that a key whose value has changed is not lost.
 */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): EntryChange[] {
  const deletions: EntryChange[] = [];
  const puts: EntryChange[] = [];
  for (const key of before.keys()) if (!after.has(key)) deletions.push({ type: "delete", key });
  for (const [key, value] of after) {
    if (before.get(key) !== value) puts.push({ type: "put", key, value });
  }
  return [...deletions, ...puts];
}
