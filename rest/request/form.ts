/**
 * Form values: the query, a urlencoded body and the values of a multipart body, as one.
 *
 * @module
 */

import { BadRequestError } from "../errors.ts";

/** Most values one request may carry, all sources together. */
export const MAX_FORM_VALUES = 2048;

const NOTHING: readonly string[] = [];

/**
 * The values of a form by key. An empty value counts as absent, and `key[]` is another spelling of `key`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const form = new FormValues();
 * form.addEncoded("tag=a&tag[]=b&empty=&name=J%20D+x");
 * assertEquals(form.getAll("tag"), ["a", "b"]);
 * assertEquals(form.getAll("empty"), []);
 * assertEquals(form.getAll("name"), ["J D x"]);
 * ```
 */
export class FormValues {
  readonly #values = new Map<string, string[]>();
  readonly #lists = new Set<string>();
  #count = 0;

  /** The values of `key`, in the order they were added. */
  getAll(key: string): readonly string[] {
    return this.#values.get(key) ?? NOTHING;
  }

  /** The keys that have a value. */
  keys(): Iterable<string> {
    return this.#values.keys();
  }

  /** All values by key: a text, or a list where the key came more than once or as `key[]`. */
  toObject(): Record<string, string | string[]> {
    const object: Record<string, string | string[]> = Object.create(null);
    for (const [key, values] of this.#values) {
      object[key] = values.length === 1 && !this.#lists.has(key) ? values[0]! : [...values];
    }
    return object;
  }

  /**
   * Adds what a query or a urlencoded body says.
   *
   * @throws {BadRequestError} If an escape is malformed, there is a raw semicolon, which some read as a separator and some
   * do not, or there are more than {@link MAX_FORM_VALUES} values.
   */
  addEncoded(text: string): void {
    if (text.includes(";")) {
      throw new BadRequestError("Cannot read form: it has a raw semicolon; write it as %3B");
    }
    for (let from = 0; from < text.length;) {
      let end = text.indexOf("&", from);
      if (end < 0) end = text.length;
      const equals = text.indexOf("=", from);
      if (equals >= 0 && equals < end) {
        this.add(decode(text.slice(from, equals)), decode(text.slice(equals + 1, end)));
      } else {
        decode(text.slice(from, end)); // A key without a value says nothing, but must be well formed.
      }
      from = end + 1;
    }
  }

  /** Adds one value. */
  add(key: string, value: string): void {
    if (value === "") return;
    if (++this.#count > MAX_FORM_VALUES) {
      throw new BadRequestError(`Cannot read form: more than ${MAX_FORM_VALUES} values`);
    }
    const listed = key.endsWith("[]");
    const name = listed ? key.slice(0, -2) : key;
    if (listed) this.#lists.add(name);
    const values = this.#values.get(name);
    if (values) values.push(value);
    else this.#values.set(name, [value]);
  }
}

function decode(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new BadRequestError("Cannot read form: a percent-escape is malformed");
  }
}
