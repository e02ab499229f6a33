/**
 * The method a value offers to say how it looks in a log.
 *
 * @example A card number that never reaches a log
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ValueRenderer } from "@zeno/zeno/core/log";
 * class Card {
 *   constructor(readonly number: string) {}
 *   [maskSensitive]() {
 *     return { number: "**** " + this.number.slice(-4) };
 *   }
 * }
 * assertEquals(new ValueRenderer().value(new Card("4111111111111111")), { number: "**** 1111" });
 * ```
 */
export const maskSensitive: unique symbol = Symbol.for("zeno.maskSensitive");

/** A value that says itself how it looks in a log. */
export interface MaskSensitive {
  /** What to log in place of the value. */
  [maskSensitive](): unknown;
}

/** What stands in place of a hidden value. */
export const MASK = "***";

/**
 * Keys whose values are hidden unless told otherwise. A key counts when its name, in lower case and
 * without `-`, `_`, `.` and spaces, ends with one of these: `X-Api-Key`, `db_password`, `csrfToken`.
 */
export const SENSITIVE_KEYS: readonly string[] = [
  "authorization",
  "cookie",
  "password",
  "passwd",
  "pwd",
  "secret",
  "accesssecret",
  "secretkey",
  "token",
  "apikey",
  "accesskey",
  "privatekey",
  "credential",
  "credentials",
  "sessionid",
  "xcontentsecurity",
];

// Keys can come from outside (a logged header map), so the cache must not grow with them.
const MAX_CACHED_KEYS = 4096;

/** Says which keys hold secrets. */
export class KeyRedactor {
  readonly #endings: readonly string[];
  readonly #known = new Map<string, boolean>();

  /** `extraKeys` are hidden besides {@link SENSITIVE_KEYS}, matched in the same way. */
  constructor(extraKeys: readonly string[] = []) {
    this.#endings = [...SENSITIVE_KEYS, ...extraKeys.map(normalize).filter((key) => key !== "")];
  }

  /** Whether the value under `key` must not be shown. */
  isSensitive(key: string): boolean {
    let known = this.#known.get(key);
    if (known === undefined) {
      if (this.#known.size >= MAX_CACHED_KEYS) this.#known.clear();
      const name = normalize(key);
      known = this.#endings.some((ending) => name.endsWith(ending));
      this.#known.set(key, known);
    }
    return known;
  }
}

function normalize(key: string): string {
  return key.toLowerCase().replace(/[-_.\s]/g, "");
}
