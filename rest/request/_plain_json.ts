/**
 * Parsed JSON for those who know only JavaScript's own values.
 *
 * @module
 */

import { ExactNumber } from "../../core/schema/exact_number.ts";
import { ValidationError } from "../../core/schema/errors.ts";

/**
 * The value with plain numbers. An integer that a number would round becomes a bigint, which a schema of numbers refuses:
 * better 400 than another customer's order.
 *
 * @throws {ValidationError} If an object has a key `__proto__`, which careless code would follow.
 */
export function toPlain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof ExactNumber) return plainNumber(value.text);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = toPlain(value[index]);
    return value;
  }
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    if (key === "__proto__") throw hostileKey();
    const member = members[key];
    if (typeof member === "object") members[key] = toPlain(member);
  }
  return value;
}

function plainNumber(text: string): number | bigint {
  const number = Number(text);
  if (Number.isSafeInteger(number) || !/^-?\d+$/.test(text)) return number;
  return BigInt(text);
}

function hostileKey(): ValidationError {
  const message = 'key "__proto__" is not allowed';
  return new ValidationError(
    [{ in: "json", path: "", code: "unknown_key", message }],
    "read request",
  );
}
