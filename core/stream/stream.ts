import { forEach } from "../async/for_each.ts";
import { requireInteger, workerCount } from "../async/argument.ts";
import { type Cursor, openSource, type Source } from "../async/source.ts";
import { ConcatCursor } from "./_concat.ts";
import { GenerateCursor } from "./_generate.ts";
import { Stage, type Step } from "./_stage.ts";
import * as steps from "./_steps.ts";
import { WalkCursor } from "./_walk.ts";
import type { Compare, Emit, StreamOptions, WalkContext, WorkOptions } from "./options.ts";

/**
 * A pipeline of items that come one after another, read once and only as fast as they are consumed.
 *
 * Nothing runs before the first item is asked for. Whoever stops early closes the source. A failure of
 * the source or of a callback reaches the consumer, after the items that came before it; nothing is
 * swallowed. Steps that work concurrently (`walk`, `map`, `flatMap`, `filter`) do not keep the order of
 * the items unless told to.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const squares = Stream.from([1, 2, 3, 4]).map((n) => n * n, { ordered: true });
 * assertEquals(await squares.filter((n) => n % 2 === 0).toArray(), [4, 16]);
 * ```
 */
export class Stream<T> implements AsyncIterable<T>, AsyncDisposable {
  #open: (() => Cursor<T>) | undefined;
  #cursor: Cursor<T> | undefined;

  private constructor(open: () => Cursor<T>) {
    this.#open = open;
  }

  /**
   * Streams what can be iterated: an array, a generator, an async iterable, a web stream, or a function
   * that makes one, called when the first item is asked for.
   */
  static from<T>(source: Source<T>, options: StreamOptions = {}): Stream<T> {
    return new Stream(() => openSource(source, options.signal));
  }

  /** The name that go-zero gives to {@link from}, for code carried over. */
  static range<T>(source: Source<T>, options: StreamOptions = {}): Stream<T> {
    return Stream.from(source, options);
  }

  /** Streams the given items. */
  static just<T>(...items: T[]): Stream<T> {
    return Stream.from(items);
  }

  /**
   * Streams what a function emits. The stream ends when the function does, and fails if it fails.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * const ticks = Stream.generate<number>(async (emit, { signal }) => {
   *   for (let i = 0; !signal.aborted; i++) await emit(i);
   * });
   * assertEquals(await ticks.head(3).toArray(), [0, 1, 2]);
   * ```
   */
  static generate<T>(
    generate: (emit: Emit<T>, context: WalkContext) => unknown,
    options: StreamOptions = {},
  ): Stream<T> {
    return new Stream(() => new GenerateCursor(generate, options.signal));
  }

  /** Reads streams at once, in no set order. One that is given twice is read once. */
  static concat<T>(...streams: readonly Stream<T>[]): Stream<T> {
    const distinct = [...new Set(streams)];
    return new Stream(() => new ConcatCursor(distinct.map((stream) => stream.#take())));
  }

  /** Reads this stream and `others` at once, in no set order. One given twice is read once. */
  concat(...others: readonly Stream<T>[]): Stream<T> {
    return Stream.concat(this, ...others);
  }

  /** Fails with the reason of `signal` once aborted, and closes what is before it. */
  withSignal(signal: AbortSignal): Stream<T> {
    return new Stream(() => {
      const cursor = this.#take();
      if (signal.aborted) cursor.return().catch(() => {}); // The reason is what the consumer gets.
      return openSource({ [Symbol.asyncIterator]: () => cursor }, signal);
    });
  }

  /** Works on items concurrently; each may emit any number of items. */
  walk<R>(
    fn: (item: T, emit: Emit<R>, context: WalkContext) => unknown,
    options: WorkOptions<T> = {},
  ): Stream<R> {
    const workers = workerCount("walk stream", options.workers);
    const { ordered = false, onError } = options;
    const setup = { workers, capacity: workers, ordered, onError, walk: fn };
    return new Stream(() => new WalkCursor(this.#take(), setup));
  }

  /** Replaces each item, concurrently. */
  map<R>(
    fn: (item: T, context: WalkContext) => R | PromiseLike<R>,
    options: WorkOptions<T> = {},
  ): Stream<R> {
    return this.walk<R>((item, emit, context) => {
      const result = fn(item, context);
      // Without a promise there is no need to wait for one.
      return isThenable(result) ? result.then(emit) : emit(result);
    }, options);
  }

  /** Replaces each item by any number of items, concurrently. */
  flatMap<R>(
    fn: (item: T, context: WalkContext) => Source<R> | PromiseLike<Source<R>>,
    options: WorkOptions<T> = {},
  ): Stream<R> {
    return this.walk<R>(async (item, emit, context) => {
      const cursor = openSource(await fn(item, context), context.signal);
      for await (const it of { [Symbol.asyncIterator]: () => cursor }) await emit(it);
    }, options);
  }

  /** Keeps the items that pass, tested concurrently. */
  filter(
    predicate: (item: T, context: WalkContext) => boolean | PromiseLike<boolean>,
    options: WorkOptions<T> = {},
  ): Stream<T> {
    return this.walk<T>((item, emit, context) => {
      const passes = predicate(item, context);
      if (isThenable(passes)) return passes.then((it) => it ? emit(item) : undefined);
      return passes ? emit(item) : undefined;
    }, options);
  }

  /**
   * Reads ahead of the consumer: `size` items wait, and one more is in hand.
   *
   * @param size An integer; less than 0 is raised to 0, `Infinity` reads ahead without limit.
   */
  buffer(size: number): Stream<T> {
    requireInteger("buffer stream", { size }, -Infinity, true);
    const walk = (item: T, emit: Emit<T>) => emit(item);
    const setup = { workers: 1, ordered: false, onError: undefined, walk };
    const capacity = Math.max(0, size);
    return new Stream(() => new WalkCursor(this.#take(), { ...setup, capacity }));
  }

  /** Keeps the first item of each key; of each value by default. It remembers every key. */
  distinct(key: (item: T) => unknown = (item) => item): Stream<T> {
    return this.#then(steps.distinct(key));
  }

  /** The first `count` items; then closes the source. @throws {RangeError} If not an integer >= 1. */
  head(count: number): Stream<T> {
    requireInteger("take head of stream", { count }, 1);
    return this.#then(steps.head(count));
  }

  /** The last `count` items, in order. @throws {RangeError} If not an integer >= 1. */
  tail(count: number): Stream<T> {
    requireInteger("take tail of stream", { count }, 1);
    return this.#then(steps.tail(count));
  }

  /** All but the first `count` items. @throws {RangeError} If not an integer >= 0. */
  skip(count: number): Stream<T> {
    requireInteger("skip items of stream", { count }, 0);
    return this.#then(steps.skip(count));
  }

  /** Lists of `size` items; the last may be shorter. @throws {RangeError} If not an integer >= 1. */
  split(size: number): Stream<T[]> {
    requireInteger("split stream", { size }, 1);
    return this.#then(steps.split(size));
  }

  /** One list for each key. Reads everything first. */
  group(key: (item: T) => unknown): Stream<T[]> {
    return this.#then(steps.group(key));
  }

  /** One list of all items, also of none. Reads everything first. */
  merge(): Stream<T[]> {
    return this.#then(steps.merge<T>());
  }

  /** The items in the opposite order. Reads everything first. */
  reverse(): Stream<T> {
    return this.#then(steps.reverse<T>());
  }

  /** The items in the order of `compare`, equal ones as they came. Reads everything first. */
  sort(compare: Compare<T>): Stream<T> {
    return this.#then(steps.sort(compare));
  }

  /** Calls `fn` for each item, one after another, and waits for each. */
  async forEach(fn: (item: T) => unknown): Promise<void> {
    for await (const item of this) await fn(item);
  }

  /** Calls `fn` for items concurrently and waits for all. Options as {@link walk}, order aside. */
  async parallel(
    fn: (item: T, context: WalkContext) => unknown,
    options: Omit<WorkOptions<T>, "ordered"> = {},
  ): Promise<void> {
    const { workers, onError } = options;
    await forEach(this, async (item, context) => {
      try {
        await fn(item, context);
      } catch (error) {
        if (!onError) throw error;
        onError(error, item);
      }
    }, { workers });
  }

  /** Hands the items over to `fn` and waits for it; what it leaves is not read. */
  async forAll(fn: (items: AsyncIterable<T>) => unknown): Promise<void> {
    await this.reduce(fn);
  }

  /** Hands the items over to `fn`; answers what that returns. What it leaves is not read. */
  async reduce<R>(fn: (items: AsyncIterable<T>) => R | PromiseLike<R>): Promise<R> {
    let result: R;
    try {
      result = await fn(this);
    } catch (error) {
      await this[Symbol.asyncDispose]().catch(() => {}); // What `fn` threw came first.
      throw error;
    }
    await this[Symbol.asyncDispose]();
    return result;
  }

  /** Whether all items pass; true for none. Stops at the first that does not. */
  async allMatch(predicate: (item: T) => boolean | PromiseLike<boolean>): Promise<boolean> {
    for await (const item of this) if (!await predicate(item)) return false;
    return true;
  }

  /** Whether some item passes; false for none. Stops at the first that does. */
  async anyMatch(predicate: (item: T) => boolean | PromiseLike<boolean>): Promise<boolean> {
    for await (const item of this) if (await predicate(item)) return true;
    return false;
  }

  /** Whether no item passes; true for none. Stops at the first that does. */
  async noneMatch(predicate: (item: T) => boolean | PromiseLike<boolean>): Promise<boolean> {
    return !await this.anyMatch(predicate);
  }

  /** How many items there are. */
  async count(): Promise<number> {
    let count = 0;
    for await (const _item of this) count++;
    return count;
  }

  /** Waits for the end, for what the steps do. */
  async done(): Promise<void> {
    await this.count();
  }

  /** The first item, `undefined` for none. Stops there. */
  async first(): Promise<T | undefined> {
    for await (const item of this) return item;
  }

  /** The last item, `undefined` for none. */
  async last(): Promise<T | undefined> {
    let last: T | undefined;
    for await (const item of this) last = item;
    return last;
  }

  /** The greatest item, the first of equals, `undefined` for none. */
  async max(compare: Compare<T>): Promise<T | undefined> {
    return await this.min((a, b) => -compare(a, b));
  }

  /** The least item, the first of equals, `undefined` for none. */
  async min(compare: Compare<T>): Promise<T | undefined> {
    let best: { item: T } | undefined;
    for await (const item of this) if (!best || compare(item, best.item) < 0) best = { item };
    return best?.item;
  }

  /** All items as a list. */
  async toArray(): Promise<T[]> {
    const list: T[] = [];
    for await (const item of this) list.push(item);
    return list;
  }

  /** The items as a web stream. Cancelling that closes this. */
  toReadableStream(): ReadableStream<T> {
    return ReadableStream.from(this);
  }

  /** Reads the items. @throws {TypeError} If something has begun to read them. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined, undefined> {
    return this.#take();
  }

  /** Closes the stream, whether it is being read or not. A pending read is told that it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) this.#take();
    await this.#cursor?.return();
  }

  #take(): Cursor<T> {
    if (!this.#open) {
      throw new TypeError("Cannot read stream: it has been read; a stream is read once");
    }
    const open = this.#open;
    this.#open = undefined;
    this.#cursor = open();
    return this.#cursor;
  }

  #then<R>(step: Step<T, R>): Stream<R> {
    return new Stream(() => new Stage(this.#take(), step));
  }
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
