import { DROP_TUNING, type DropTuning } from "./drop_ratio.ts";

/** The tuning that options ask for. */
export function tuningOf(options: Partial<DropTuning>): DropTuning {
  const {
    k = DROP_TUNING.k,
    minK = Math.min(k, DROP_TUNING.minK),
    protection = DROP_TUNING.protection,
  } = options;
  if (!(k > 1 && k < Infinity)) {
    throw new RangeError(`Cannot make breaker: need a finite k > 1, got ${k}`);
  }
  if (!(minK >= 1 && minK <= k)) {
    throw new RangeError(`Cannot make breaker: need minK 1 to ${k}, got ${minK}`);
  }
  if (!(protection >= 0 && protection < Infinity)) {
    throw new RangeError(`Cannot make breaker: need a finite protection >= 0, got ${protection}`);
  }
  const isDefault = k === DROP_TUNING.k && minK === DROP_TUNING.minK &&
    protection === DROP_TUNING.protection;
  // One object for all breakers is one less to fetch with each call.
  return isDefault ? DROP_TUNING : { k, minK, protection };
}

/** Throws unless the option `name` is a positive number. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity)) {
    throw new RangeError(`Cannot make breaker: need a finite ${name} > 0, got ${value}`);
  }
}
