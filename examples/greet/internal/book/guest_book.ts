import type { Entry } from "../types/types.gen.ts";

/** An entry before it has a number. */
export type NewEntry = Omit<Entry, "id">;

/** A guest book in memory. */
export class GuestBook {
  readonly #entries: Entry[] = [];
  readonly #byRequest = new Map<string, Entry>();

  /** Adds an entry. A `requestId` that was seen before gives the entry of that time. */
  sign(entry: NewEntry, requestId: string | undefined): Entry {
    const known = requestId === undefined ? undefined : this.#byRequest.get(requestId);
    if (known !== undefined) return known;
    const signed = { id: this.#entries.length + 1, ...entry };
    this.#entries.push(signed);
    if (requestId !== undefined) this.#byRequest.set(requestId, signed);
    return signed;
  }

  /** Entries with at least `minStars` stars, newest first. */
  entries(minStars: number): Entry[] {
    return this.#entries.filter(({ stars }) => stars >= minStars).reverse();
  }
}
