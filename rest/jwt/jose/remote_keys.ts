/**
 * A key set at a URL.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 * @module
 */

import { type Clock, systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { JsonWebKeyInput, PublicKeyAlgorithm } from "./algorithm.ts";
import { KeyRing, type KeySource } from "./key_source.ts";

/** Options for {@link RemoteKeys}. */
export interface RemoteKeysOptions {
  /** How long keys are used before the set is read again, in ms, > 0. @default {600_000} */
  maxAgeMs?: number;
  /** Shortest time between two reads, in ms, >= 0, so that made-up names of keys cause no traffic. @default {30_000} */
  cooldownMs?: number;
  /** How long one read may take, in ms, > 0. @default {5_000} */
  timeoutMs?: number;
  /** Largest set in bytes, an integer >= 1. @default {1_048_576} */
  maxBytes?: number;
  /** Reads the set. @default {fetch} */
  fetch?: typeof fetch;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/**
 * The keys at a URL, such as `https://issuer.example/.well-known/jwks.json`.
 *
 * The set is read when it is first needed, when it is old, and when a token names a key that is not in it, which is
 * how keys are rotated. When it cannot be read the keys that were there stay in use: an issuer that is down for an hour
 * logs nobody out. Without any keys a request is answered with 503, not with 401.
 */
export class RemoteKeys implements KeySource {
  readonly #url: string;
  readonly #maxAgeMs: number;
  readonly #cooldownMs: number;
  readonly #timeoutMs: number;
  readonly #maxBytes: number;
  readonly #fetch: typeof fetch;
  readonly #clock: Clock;
  #ring: KeyRing | undefined;
  #triedAtMs = -Infinity;
  #readAtMs = -Infinity;
  #reading: Promise<void> | undefined;

  /**
   * Makes a source that has read nothing yet.
   *
   * @throws {TypeError} If `url` is not HTTPS, or HTTP to this machine.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(url: string | URL, options: RemoteKeysOptions = {}) {
    this.#url = checkedUrl(url);
    this.#maxAgeMs = checked("maxAgeMs", options.maxAgeMs ?? 600_000, 1);
    this.#cooldownMs = checked("cooldownMs", options.cooldownMs ?? 30_000, 0);
    this.#timeoutMs = checked("timeoutMs", options.timeoutMs ?? 5_000, 1);
    this.#maxBytes = checked("maxBytes", options.maxBytes ?? 1_048_576, 1);
    this.#fetch = options.fetch ?? fetch;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Answers the keys that a token may have been signed with.
   *
   * @throws {ServiceError} With code `unavailable`, if there have been no keys yet. Rejects with it.
   */
  async find(
    algorithm: PublicKeyAlgorithm,
    keyId: string | undefined,
  ): Promise<readonly CryptoKey[]> {
    const isOld = this.#clock.now() - this.#readAtMs >= this.#maxAgeMs;
    if (!this.#ring || isOld) await this.#refresh();
    if (!this.#ring) {
      throw new ServiceError("unavailable", "Cannot check token: the keys cannot be read", {
        retryAfterMs: this.#cooldownMs,
      });
    }
    const found = await this.#ring.find(algorithm, keyId);
    if (found.length > 0 || !await this.#refresh()) return found;
    return this.#ring.find(algorithm, keyId);
  }

  /** Reads the set unless that was tried a moment ago. Answers whether it was read. */
  async #refresh(): Promise<boolean> {
    const now = this.#clock.now();
    if (!this.#reading && now - this.#triedAtMs < this.#cooldownMs) return false;
    this.#triedAtMs = now;
    this.#reading ??= this.#read().finally(() => this.#reading = undefined);
    try {
      await this.#reading;
      return true;
    } catch {
      return false;
    }
  }

  async #read(): Promise<void> {
    const controller = new AbortController();
    using _timer = this.#clock.setTimer(() => controller.abort(), this.#timeoutMs);
    const { signal } = controller;
    // A redirect could lead away from the issuer.
    const response = await this.#fetch(this.#url, { signal, redirect: "error" });
    if (!response.ok) {
      await response.body?.cancel();
      throw new TypeError(`Cannot read keys: the answer is ${response.status}`);
    }
    this.#ring = new KeyRing(keysOf(JSON.parse(await this.#text(response))));
    this.#readAtMs = this.#clock.now();
  }

  async #text(response: Response): Promise<string> {
    const decoder = new TextDecoder();
    let [text, bytes] = ["", 0];
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > this.#maxBytes) {
        throw new RangeError(`Cannot read keys: the set is larger than ${this.#maxBytes} bytes`);
      }
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }
}

/** Keys of a set; whatever is no object in it is passed over. */
function keysOf(set: unknown): JsonWebKeyInput[] {
  const keys: unknown = typeof set === "object" && set !== null && "keys" in set ? set.keys : set;
  if (!Array.isArray(keys)) throw new TypeError("Cannot read keys: the answer is no key set");
  return keys.filter((key): key is JsonWebKeyInput => typeof key === "object" && key !== null);
}

function checkedUrl(url: string | URL): string {
  const { protocol, hostname, href } = new URL(url);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (protocol === "https:" || protocol === "http:" && isLocal) return href;
  throw new TypeError(`Cannot read keys from ${protocol}//${hostname}: use https`);
}

function checked(name: string, value: number, least: number): number {
  if (value >= least) return value;
  throw new RangeError(`Cannot make key source: need ${name} >= ${least}, got ${value}`);
}
