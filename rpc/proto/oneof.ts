/**
 * A `oneof` without a value.
 *
 * @module
 */

/** What a `oneof` is when none of its fields is set. */
export interface OneofUnset {
  /** No field is set. */
  readonly case: undefined;
  /** There is no value. */
  readonly value: undefined;
}

/** The one value of {@link OneofUnset}; messages share it. */
export const oneofUnset: OneofUnset = Object.freeze({ case: undefined, value: undefined });
