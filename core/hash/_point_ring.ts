/**
 * Points on a ring of 64-bit positions, and who owns each.
 *
 * @module
 */

/** A point that is to be put on a ring. */
export interface Point<O> {
  /** High half of the position, unsigned. */
  readonly high: number;
  /** Low half of the position, unsigned. */
  readonly low: number;
  /** Who owns it. */
  readonly owner: O;
}

function comparePoints(a: Point<unknown>, b: Point<unknown>): number {
  return a.high - b.high || a.low - b.low;
}

/** Prefixes in the table for each point, at least. More answer more lookups outright, and cost memory. */
const PREFIXES_PER_POINT = 4;
/** Most bits of a prefix, to bound the memory. */
const MAX_PREFIX_BITS = 24;

/**
 * An immutable ring. Points lie sorted in flat arrays. A table over the first bits of a position answers most
 * lookups with one read, however many points there are: where no point has such a prefix, all positions belong
 * to the next point. A hash spreads its values evenly, and so do the points over the table.
 */
export class PointRing<O> {
  readonly #highs: Uint32Array;
  readonly #lows: Uint32Array;
  /** For each point the place of its owner in `#owners`, which is short and so stays near the processor. */
  readonly #ownerIndexes: Int32Array;
  readonly #owners: readonly O[];
  /**
   * For each prefix, the place of the owner of all positions that have it; where that is not so simple, the
   * complement of the first point whose position has that prefix or a greater one.
   */
  readonly #table: Int32Array;
  readonly #shift: number;

  private constructor(points: readonly Point<O>[]) {
    const owners = [...new Set(points.map(({ owner }) => owner))];
    const indexes = new Map(owners.map((owner, index) => [owner, index]));
    this.#owners = owners;
    this.#ownerIndexes = Int32Array.from(points, ({ owner }) => indexes.get(owner)!);
    this.#highs = Uint32Array.from(points, ({ high }) => high);
    this.#lows = Uint32Array.from(points, ({ low }) => low);
    const bits = Math.ceil(Math.log2(PREFIXES_PER_POINT * Math.max(1, points.length)));
    this.#shift = 32 - Math.min(bits, MAX_PREFIX_BITS);
    this.#table = this.#tabulate();
  }

  /** A ring without points. */
  static empty<O>(): PointRing<O> {
    return new PointRing<O>([]);
  }

  /** Number of points. */
  get size(): number {
    return this.#highs.length;
  }

  /**
   * This ring without the points of owners that `keeps` refuses, and with `added`. Points of one position
   * stay in the order they came in.
   */
  with(added: readonly Point<O>[], keeps: (owner: O) => boolean): PointRing<O> {
    const fresh = added.toSorted(comparePoints);
    const points: Point<O>[] = [];
    let next = 0;
    for (let i = 0; i < this.size; i++) {
      const old = { high: this.#highs[i]!, low: this.#lows[i]!, owner: this.ownerAt(i) };
      if (!keeps(old.owner)) continue;
      while (next < fresh.length && comparePoints(fresh[next]!, old) < 0) {
        points.push(fresh[next++]!);
      }
      points.push(old);
    }
    while (next < fresh.length) points.push(fresh[next++]!);
    return new PointRing(points);
  }

  /**
   * The one owner of all positions that begin as `high` does, if the table knows one. `high` may be signed: an
   * engine passes small signed numbers on without boxing them.
   */
  soleOwner(high: number): O | undefined {
    const entry = this.#table[high >>> this.#shift]!;
    return entry < 0 ? undefined : this.#owners[entry];
  }

  /**
   * Index of the first point at or after the position, around the end if need be. The ring has points, and
   * {@link soleOwner} knew none; the halves may be signed.
   */
  find(high: number, low: number): number {
    const highs = this.#highs;
    const unsignedHigh = high >>> 0;
    let i = ~this.#table[high >>> this.#shift]!;
    while (i < highs.length && highs[i]! < unsignedHigh) i++;
    while (i < highs.length && highs[i] === unsignedHigh && this.#lows[i]! < low >>> 0) i++;
    return i < highs.length ? i : 0;
  }

  /** Owner of the point at `index`. */
  ownerAt(index: number): O {
    return this.#owners[this.#ownerIndexes[index]!]!;
  }

  /** Number of points that share the position of the one at `index`, itself and later ones counted. */
  sharedBy(index: number): number {
    let end = index + 1;
    while (
      end < this.#highs.length && this.#highs[end] === this.#highs[index] &&
      this.#lows[end] === this.#lows[index]
    ) end++;
    return end - index;
  }

  #tabulate(): Int32Array {
    const table = new Int32Array(2 ** (32 - this.#shift));
    let point = 0;
    for (let prefix = 0; prefix < table.length; prefix++) {
      while (point < this.size && this.#highs[point]! >>> this.#shift < prefix) point++;
      const isOwn = point < this.size && this.#highs[point]! >>> this.#shift === prefix;
      const next = point < this.size ? point : 0;
      const isSole = !isOwn && this.size > 0 && this.sharedBy(next) === 1;
      table[prefix] = isSole ? this.#ownerIndexes[next]! : ~point;
    }
    return table;
  }
}
