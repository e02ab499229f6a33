/**
 * Enums as values at run time.
 *
 * @module
 */

/** Names and numbers of an enum. */
export interface EnumType {
  /** Full name, `shop.v1.Color`. */
  readonly typeName: string;
  /** Number of a name; `undefined` for a name that is none. */
  numberOf(name: string): number | undefined;
  /** First name with this number; `undefined` for a number without one. */
  nameOf(number: number): string | undefined;
}

/**
 * Makes an enum type. Generated code calls it.
 *
 * @param typeName Full name.
 * @param values Numbers by name, as declared; several names may have one number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const color = enumType("shop.Color", { RED: 0, ROT: 0, GREEN: 1 });
 * assertEquals([color.nameOf(0), color.numberOf("ROT"), color.nameOf(7)], ["RED", 0, undefined]);
 * ```
 */
export function enumType(typeName: string, values: Readonly<Record<string, number>>): EnumType {
  const numbers = new Map(Object.entries(values));
  const names = new Map<number, string>();
  for (const [name, number] of numbers) if (!names.has(number)) names.set(number, name);
  return {
    typeName,
    numberOf: (name) => numbers.get(name),
    nameOf: (number) => names.get(number),
  };
}
