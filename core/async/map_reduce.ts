import { type RunContext, runMapReduce } from "./_map_reduce_run.ts";
import { ReduceNoOutputError } from "./errors.ts";
import type { Source } from "./source.ts";

/** What every part of a map-reduce run can do to the whole run. */
export interface CancelContext {
  /**
   * Ends the run with `error`, or with `CancelWithoutReasonError` if there is none. The first call
   * counts. The caller is released at once, the source is closed, later writes are dropped; work that
   * has begun runs on and should watch {@link signal}.
   */
  cancel(error?: unknown): void;
  /** Aborted when the run was cancelled or has failed. Made when first asked for. */
  readonly signal: AbortSignal;
}

/** What a mapper gets beside its item. */
export interface MapContext<U> extends CancelContext {
  /** Hands a value to the reducer. Await the answer: it is a promise while the reducer lags behind. */
  write(value: U): void | Promise<void>;
}

/** What a reducer gets beside the values. */
export interface ReduceContext<R> extends CancelContext {
  /** Sets the result. @throws {TypeError} The second time. */
  write(value: R): void;
}

/** Options of all forms of map-reduce. */
export interface MapOptions {
  /**
   * Items mapped at once: an integer, fewer than 1 are raised to 1, or `Infinity`. As many values wait
   * for the reducer before mappers are held back.
   * @default {16}
   */
  workers?: number | undefined;
  /** Cancels the run with its reason. */
  signal?: AbortSignal | undefined;
}

/** The parts of {@link mapReduce}. */
export interface MapReduceOptions<T, U, R> extends MapOptions {
  /** Maps an item; writes any number of values. */
  map(item: T, context: MapContext<U>): unknown;
  /** Reads the values, in the order in which they were written, and writes one result. */
  reduce(items: AsyncIterable<U>, context: ReduceContext<R>): unknown;
}

/** The parts of {@link mapReduceVoid}. */
export interface MapReduceVoidOptions<T, U> extends MapOptions {
  /** Maps an item; writes any number of values. */
  map(item: T, context: MapContext<U>): unknown;
  /** Reads the values, in the order in which they were written. */
  reduce(items: AsyncIterable<U>, context: CancelContext): unknown;
}

/**
 * Maps items concurrently and reduces the values to one result.
 *
 * A failure ends the taking of items, and is thrown once the mappers in flight and the reducer have
 * finished; the first counts. A failure of the reducer lets all items be mapped first. To be released
 * at once, cancel or abort `signal`. Concurrency helps with waiting; for computation use workers.
 *
 * @throws {ReduceNoOutputError} If the reducer wrote nothing.
 * @throws {RangeError} If `workers` is no integer.
 * @throws What a part threw, what the run was cancelled with, or the reason of `signal`.
 * @example The sum of squares
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sum = await mapReduce<number, number, number>([1, 2, 3, 4], {
 *   map: (item, { write }) => write(item * item),
 *   async reduce(squares, { write }) {
 *     let sum = 0;
 *     for await (const square of squares) sum += square;
 *     write(sum);
 *   },
 * });
 * assertEquals(sum, 30);
 * ```
 * @see Dean and Ghemawat, MapReduce: Simplified Data Processing on Large Clusters, 2004.
 */
export async function mapReduce<T, U, R>(
  source: Source<T>,
  options: MapReduceOptions<T, U, R>,
): Promise<R> {
  let output: { value: R } | undefined;
  const write = (value: R) => {
    if (output) throw new TypeError("Cannot write result: the reducer has written one already");
    output = { value };
  };
  await runMapReduce<T, U>(source, {
    map: (item, context) => options.map(item, context),
    reduce: (items, context) => options.reduce(items, withWrite(context, write)),
    workers: options.workers,
    signal: options.signal,
  });
  if (!output) throw new ReduceNoOutputError();
  return output.value;
}

/** As {@link mapReduce}, for a reducer that has no result. */
export async function mapReduceVoid<T, U>(
  source: Source<T>,
  options: MapReduceVoidOptions<T, U>,
): Promise<void> {
  await runMapReduce(source, options);
}

/**
 * As {@link mapReduce}, for items that come through a web stream. The stream is cancelled when the run
 * ends before it does.
 */
export async function mapReduceStream<T, U, R>(
  stream: ReadableStream<T>,
  options: MapReduceOptions<T, U, R>,
): Promise<R> {
  return await mapReduce(stream, options);
}

function withWrite<R>(context: RunContext, write: (value: R) => void): ReduceContext<R> {
  return {
    write,
    cancel: context.cancel,
    get signal() {
      return context.signal; // Through, so that it is still made only when asked for.
    },
  };
}
