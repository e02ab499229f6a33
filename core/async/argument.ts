/** Workers of a concurrent operation where nothing is said. */
export const DEFAULT_WORKERS = 16;

/** Checks an integer argument that has a lower bound; `Infinity` passes where `unbounded`. */
export function requireInteger(
  what: string,
  argument: Readonly<Record<string, number>>,
  minimum: number,
  unbounded = false,
): void {
  for (const [name, value] of Object.entries(argument)) {
    const fits = Number.isInteger(value) || (unbounded && value === Infinity);
    if (fits && value >= minimum) continue;
    throw new RangeError(`Cannot ${what}: need an integer ${name} >= ${minimum}, got ${value}`);
  }
}

/** Checks a span in milliseconds: a number >= 0, `Infinity` included. */
export function requireSpan(what: string, argument: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(argument)) {
    if (value >= 0) continue;
    throw new RangeError(`Cannot ${what}: need ${name} >= 0, got ${value}`);
  }
}

/** How many workers to use: fewer than one are raised to one, `Infinity` has no limit. */
export function workerCount(what: string, workers: number = DEFAULT_WORKERS): number {
  if (Number.isInteger(workers) || workers === Infinity) return Math.max(1, workers);
  throw new RangeError(`Cannot ${what}: need workers as an integer or Infinity, got ${workers}`);
}
