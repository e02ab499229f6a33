import type { Operator } from "./ix.d.ts";

export function filter<T>(predicate: (item: T) => boolean): Operator<T, T>;
export function flatMap<I, O>(
  fn: (item: I) => AsyncIterable<O> | PromiseLike<O>,
  concurrent: number,
): Operator<I, O>;
export function map<I, O>(fn: (item: I) => O): Operator<I, O>;
export function take<T>(count: number): Operator<T, T>;
