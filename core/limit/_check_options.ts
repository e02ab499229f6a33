/** Throws unless `value` is a finite number > 0. `what` reads on from "Cannot". */
export function checkPositive(what: string, name: string, value: number): void {
  if (value > 0 && value < Infinity) return;
  throw new RangeError(`Cannot ${what}: need a finite ${name} > 0, got ${value}`);
}

/** Throws unless `value` is an integer >= 1. */
export function checkCount(what: string, name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`Cannot ${what}: need an integer ${name} >= 1, got ${value}`);
}

/** Throws unless `cost` is a number >= 0. */
export function checkCost(cost: number): void {
  if (cost >= 0) return;
  throw new RangeError(`Cannot take from limiter: need cost >= 0, got ${cost}`);
}
