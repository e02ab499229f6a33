/**
 * How long a caller waits, as the header `grpc-timeout` says it.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 * @module
 */

import { parseDuration } from "../../../core/schema/duration.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * Milliseconds in a timeout as gRPC writes it: up to eight digits and one of `H`, `M`, `S`, `m`, `u`, `n`. Text of another
 * shape is `undefined`, and so is the lack of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseGrpcTimeout("100m"), 100);
 * assertEquals(parseGrpcTimeout("1s"), undefined);
 * ```
 */
export function parseGrpcTimeout(text: string | null): number | undefined {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * UNIT_MS[unit!]!;
}

/**
 * As {@link parseGrpcTimeout}, and of what that does not read also `1s`, `1.5s`, `200ms` and the like. `1m` is a millisecond, as
 * gRPC has it.
 */
export function parseLooseTimeout(text: string | null): number | undefined {
  const strict = parseGrpcTimeout(text);
  if (strict !== undefined || text === null) return strict;
  try {
    const timeoutMs = parseDuration(text);
    return timeoutMs >= 0 ? timeoutMs : undefined;
  } catch {
    return undefined;
  }
}
