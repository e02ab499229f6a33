import { NOTHING, type Step } from "./_stage.ts";
import type { Compare } from "./options.ts";

/** Keeps the first item of each key. */
export function distinct<T>(key: (item: T) => unknown): Step<T, T> {
  const seen = new Set<unknown>();
  return {
    take(item) {
      const it = key(item);
      if (seen.has(it)) return NOTHING;
      seen.add(it);
      return item;
    },
  };
}

/** Keeps the first items, and wants no more when it has them. */
export function head<T>(count: number): Step<T, T> {
  let left = count;
  return {
    take(item) {
      left--;
      return item;
    },
    get full() {
      return left === 0;
    },
  };
}

/** Keeps the last items. */
export function tail<T>(count: number): Step<T, T> {
  // A ring: its oldest member is where the next one goes.
  const kept: T[] = [];
  let next = 0;
  return {
    take(item) {
      kept[next] = item;
      next = (next + 1) % count;
      return NOTHING;
    },
    rest: () => [...kept.slice(next), ...kept.slice(0, next)],
  };
}

/** Drops the first items. */
export function skip<T>(count: number): Step<T, T> {
  let left = count;
  return { take: (item) => left > 0 ? (left--, NOTHING) : item };
}

/** Makes lists of `size` items; the last may be shorter. */
export function split<T>(size: number): Step<T, T[]> {
  let list: T[] = [];
  return {
    take(item) {
      if (list.push(item) < size) return NOTHING;
      const whole = list;
      list = [];
      return whole;
    },
    rest: () => list.length > 0 ? [list] : [],
  };
}

/** Makes a list of the items of each key, in the order of the first of each. */
export function group<T>(key: (item: T) => unknown): Step<T, T[]> {
  const groups = new Map<unknown, T[]>();
  return {
    take(item) {
      const it = key(item);
      const members = groups.get(it);
      if (members) members.push(item);
      else groups.set(it, [item]);
      return NOTHING;
    },
    rest: () => groups.values(),
  };
}

/** Hands on what is made of the list of all items. */
export function whole<T, R>(make: (list: T[]) => Iterable<R>): Step<T, R> {
  const list: T[] = [];
  return {
    take(item) {
      list.push(item);
      return NOTHING;
    },
    rest: () => make(list),
  };
}

/** Makes one list of all items, also of none. */
export function merge<T>(): Step<T, T[]> {
  return whole((list) => [list]);
}

/** Turns the order around. */
export function reverse<T>(): Step<T, T> {
  return whole((list) => list.reverse());
}

/** Sorts, keeping the order of equals. */
export function sort<T>(compare: Compare<T>): Step<T, T> {
  return whole((list) => list.sort(compare));
}
