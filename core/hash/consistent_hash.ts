/**
 * Consistent hashing: keys keep their node when nodes come and go.
 *
 * @module
 */

import { type Point, PointRing } from "./_point_ring.ts";
import { identityOf } from "./identity.ts";
import { murmur3Words, remainderOf } from "./murmur3_words.ts";

/** Virtual points that a node gets, and the weight that stands for all of them. */
const DEFAULT_REPLICAS = 100;
const TOP_WEIGHT = 100;
/** Put before a key to choose among nodes that own one point. The prime of FNV-1; any would do, all must agree. */
const TIE_PREFIX = "16777619:";

/** Options for {@link ConsistentHash}. */
export interface ConsistentHashOptions<T> {
  /** Virtual points a node of full weight gets, an integer >= 100. @default {100} */
  replicas?: number;
  /** A 64-bit hash; every process that must agree uses the same. @default {murmur3} */
  hash?: (data: Uint8Array) => bigint;
  /** The text that tells nodes apart and places them. @default {identityOf} */
  identify?: (node: T) => string;
}

/** Options for {@link ConsistentHash.add}; one of them at most. */
export interface AddNodeOptions {
  /** Virtual points, an integer >= 0; those beyond the `replicas` of the ring are not made. */
  replicas?: number;
  /** Share of the ring's `replicas` in percent, >= 0; more than 100 counts as 100. @default {100} */
  weight?: number;
}

/** A node and what is known of it. */
interface Member<T> {
  readonly node: T;
  readonly identity: string;
}

/**
 * A ring of nodes. Each owns `replicas` points, and a key belongs to the owner of the first point at or
 * after its hash. Placement depends on the identities, the replicas and the hash alone, so every process
 * agrees; with the defaults it is that of go-zero.
 *
 * A lookup costs one hash and a step or two, for ten nodes as for ten thousand. Changing nodes costs little
 * until the next lookup, which puts the points in order.
 *
 * @example Spread keys over servers
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const servers = new ConsistentHash<string>();
 * for (let i = 0; i < 20; i++) servers.add(`localhost:${i}`);
 * assertEquals(servers.get(1000), "localhost:15");
 * servers.remove("localhost:13");
 * assertEquals(servers.get(1000), "localhost:15");
 * ```
 */
export class ConsistentHash<T> {
  readonly #replicas: number;
  readonly #identify: (node: T) => string;
  /** The user's hash. Our own is called by its name, which lets the engine inline it. */
  readonly #customHash: ((text: string) => Int32Array) | undefined;
  readonly #members = new Map<string, Member<T>>();
  #ring = PointRing.empty<Member<T>>();
  /** Points of nodes that were added since the ring was last put in order. */
  #added: Point<Member<T>>[] = [];
  #isStale = false;

  /** Makes an empty ring. */
  constructor(options: ConsistentHashOptions<T> = {}) {
    const { replicas = DEFAULT_REPLICAS, identify = identityOf, hash } = options;
    if (!(Number.isInteger(replicas) && replicas >= DEFAULT_REPLICAS)) {
      throw new RangeError(
        `Cannot make consistent hash: need an integer replicas >= ${DEFAULT_REPLICAS}, got ${replicas}`,
      );
    }
    this.#replicas = replicas;
    this.#identify = identify;
    this.#customHash = hash && wordsOf(hash);
  }

  /** Number of nodes. */
  get size(): number {
    return this.#members.size;
  }

  /** The nodes, in the order they were added. */
  nodes(): T[] {
    return Array.from(this.#members.values(), ({ node }) => node);
  }

  /** Adds a node. One that has the same identity is replaced, weight and all. */
  add(node: T, options: AddNodeOptions = {}): void {
    const count = this.#pointsFor(options);
    const identity = this.#identify(node);
    this.#forget(identity);
    const member = { node, identity };
    this.#members.set(identity, member);
    for (let i = 0; i < count; i++) {
      const words = this.#hash(identity + i);
      this.#added.push({ high: words[0]! >>> 0, low: words[1]! >>> 0, owner: member });
    }
    this.#isStale = true;
  }

  /** Takes a node off the ring, found by its identity. Tells whether it was there. */
  remove(node: T): boolean {
    return this.#forget(this.#identify(node));
  }

  /** The node that `key` belongs to, or `undefined` if there is none. */
  get(key: string | number | bigint | boolean | Uint8Array): T | undefined {
    if (this.#isStale) this.#sort();
    const text = typeof key === "string" ? key : identityOf(key);
    const words = this.#hash(text);
    const owner = this.#ring.soleOwner(words[0]!);
    return owner ? owner.node : this.#search(text, words[0]!, words[1]!);
  }

  #hash(text: string): Int32Array {
    return this.#customHash ? this.#customHash(text) : murmur3Words(text, 0);
  }

  #search(text: string, high: number, low: number): T | undefined {
    const ring = this.#ring;
    if (ring.size === 0) return undefined;
    const index = ring.find(high, low);
    const sharers = ring.sharedBy(index);
    if (sharers === 1) return ring.ownerAt(index).node;
    // Identity and number are joined without a separator, so "a1" and "a11" do share points.
    return ring.ownerAt(index + remainderOf(this.#hash(TIE_PREFIX + text), sharers)).node;
  }

  #pointsFor({ replicas, weight = TOP_WEIGHT }: AddNodeOptions): number {
    if (replicas !== undefined) {
      if (!(Number.isInteger(replicas) && replicas >= 0)) {
        throw new RangeError(`Cannot add node: need an integer replicas >= 0, got ${replicas}`);
      }
      return Math.min(replicas, this.#replicas);
    }
    if (!(weight >= 0)) throw new RangeError(`Cannot add node: need weight >= 0, got ${weight}`);
    return Math.trunc(this.#replicas * Math.min(weight, TOP_WEIGHT) / TOP_WEIGHT);
  }

  #forget(identity: string): boolean {
    if (!this.#members.delete(identity)) return false;
    this.#isStale = true;
    return true;
  }

  #sort(): void {
    const isMember = (owner: Member<T>) => this.#members.get(owner.identity) === owner;
    this.#ring = this.#ring.with(this.#added.filter(({ owner }) => isMember(owner)), isMember);
    this.#added = [];
    this.#isStale = false;
  }
}

/** Makes a user's hash look like our own. */
function wordsOf(hash: (data: Uint8Array) => bigint): (text: string) => Int32Array {
  const words = new Int32Array(2);
  const encoder = new TextEncoder();
  return (text) => {
    const value = BigInt.asUintN(64, hash(encoder.encode(text)));
    words[0] = Number(value >> 32n);
    words[1] = Number(value & 0xffffffffn);
    return words;
  };
}
