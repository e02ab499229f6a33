import type { Step } from "./_stage.ts";
import type { Compare } from "./options.ts";

/** Keeps the first item of each key. */
export function distinct<T>(key: (item: T) => unknown): Step<T, T> {
  return async function* (items) {
    const seen = new Set<unknown>();
    for await (const item of items) {
      const it = key(item);
      if (seen.has(it)) continue;
      seen.add(it);
      yield item;
    }
  };
}

/** Keeps the first items, and closes what is before it when it has them. */
export function head<T>(count: number): Step<T, T> {
  return async function* (items) {
    let left = count;
    for await (const item of items) {
      yield item;
      if (--left === 0) return;
    }
  };
}

/** Keeps the last items. */
export function tail<T>(count: number): Step<T, T> {
  return async function* (items) {
    // A ring: its oldest member is where the next one goes.
    const kept: T[] = [];
    let next = 0;
    for await (const item of items) {
      kept[next] = item;
      next = (next + 1) % count;
    }
    yield* kept.slice(next);
    yield* kept.slice(0, next);
  };
}

/** Drops the first items. */
export function skip<T>(count: number): Step<T, T> {
  return async function* (items) {
    let left = count;
    for await (const item of items) {
      if (left > 0) left--;
      else yield item;
    }
  };
}

/** Makes lists of `size` items; the last may be shorter. */
export function split<T>(size: number): Step<T, T[]> {
  return async function* (items) {
    let list: T[] = [];
    for await (const item of items) {
      if (list.push(item) < size) continue;
      yield list;
      list = [];
    }
    if (list.length > 0) yield list;
  };
}

/** Makes a list of the items of each key, in the order of the first of each. */
export function group<T>(key: (item: T) => unknown): Step<T, T[]> {
  return async function* (items) {
    const groups = new Map<unknown, T[]>();
    for await (const item of items) {
      const it = key(item);
      const members = groups.get(it);
      if (members) members.push(item);
      else groups.set(it, [item]);
    }
    yield* groups.values();
  };
}

/** Makes one list of all items, also of none. */
export function merge<T>(): Step<T, T[]> {
  return async function* (items) {
    yield await collect(items);
  };
}

/** Turns the order around. */
export function reverse<T>(): Step<T, T> {
  return async function* (items) {
    yield* (await collect(items)).reverse();
  };
}

/** Sorts, keeping the order of equals. */
export function sort<T>(compare: Compare<T>): Step<T, T> {
  return async function* (items) {
    yield* (await collect(items)).sort(compare);
  };
}

/** All items as a list. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
