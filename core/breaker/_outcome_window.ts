import { BUCKETS, type DropInputs } from "./drop_ratio.ts";

const SUCCESS = 0;
const FAILURE = 1;
const DROP = 2;
const KINDS = 3;

/**
 * Outcomes of the last 40 buckets, with sums and streaks kept in step, so that a decision reads four
 * numbers instead of folding forty buckets. Not the shared rolling window: here the bucket in use is
 * three plain fields, and a streak must know at each event whether its bucket is mixed.
 */
export class OutcomeWindow implements DropInputs {
  accepted = 0;
  failed = 0;
  dropped = 0;
  workingBuckets = 0;
  failingBuckets = 0;
  /** Number of the bucket that was counted in last; tells how long the window has been idle. */
  lastBucket: number;
  /** Number of the bucket in use. Buckets are counted in whole numbers, as those need no box. */
  #bucket: number;
  /** Counts of past buckets, {@link KINDS} for each; 0 for the bucket in use. Made when needed first. */
  #past: Uint32Array | undefined;
  #index = 0;
  #successes = 0;
  #failures = 0;
  #drops = 0;

  constructor(bucket: number) {
    this.#bucket = this.lastBucket = bucket;
  }

  get total(): number {
    return this.accepted + this.failed + this.dropped;
  }

  /** Drops what is too old. Counting goes to `bucket` from here on, unless it is past already. */
  advance(bucket: number): void {
    if (bucket > this.#bucket) this.#rotate(bucket);
  }

  addSuccess(): void {
    if (this.#successes++ === 0) {
      this.failingBuckets = 0;
      if (this.#failures === 0) this.workingBuckets++;
    }
    this.accepted++;
    this.lastBucket = this.#bucket;
  }

  addFailure(): void {
    if (this.#failures++ === 0) {
      this.workingBuckets = 0;
      if (this.#successes === 0) this.failingBuckets++;
    }
    this.failed++;
    this.lastBucket = this.#bucket;
  }

  addDrop(): void {
    this.#drops++;
    this.dropped++;
    this.lastBucket = this.#bucket;
  }

  clear(): void {
    this.#past?.fill(0);
    this.#successes = this.#failures = this.#drops = 0;
    this.accepted = this.failed = this.dropped = 0;
    this.workingBuckets = this.failingBuckets = 0;
  }

  #rotate(bucket: number): void {
    const elapsed = bucket - this.#bucket;
    this.#bucket = bucket;
    if (elapsed >= BUCKETS) return this.clear();
    const past = this.#past ??= new Uint32Array(BUCKETS * KINDS);
    const at = this.#index * KINDS;
    past[at + SUCCESS] = this.#successes;
    past[at + FAILURE] = this.#failures;
    past[at + DROP] = this.#drops;
    this.#successes = this.#failures = this.#drops = 0;
    for (let i = 0; i < elapsed; i++) {
      this.#index = (this.#index + 1) % BUCKETS;
      this.#expire(past, this.#index * KINDS);
    }
  }

  /** The oldest bucket belongs to a streak only if the streak reaches over the whole window. */
  #expire(past: Uint32Array, at: number): void {
    const successes = past[at + SUCCESS]!;
    const failures = past[at + FAILURE]!;
    if (successes > 0 && this.failed === 0) this.workingBuckets--;
    if (failures > 0 && this.accepted === 0) this.failingBuckets--;
    this.accepted -= successes;
    this.failed -= failures;
    this.dropped -= past[at + DROP]!;
    past.fill(0, at, at + KINDS);
  }
}
