/**
 * Bytes and messages by chance. A failure names its seed; `ZENO_SEED=n` runs it again.
 *
 * @module
 */

import {
  create,
  createFileRegistry,
  fromBinary,
  toBinary,
  toJson,
} from "npm:@bufbuild/protobuf@2.17.0";
import { FileDescriptorSetSchema } from "npm:@bufbuild/protobuf@2.17.0/wkt";
import { assert, assertEquals } from "@std/assert";
import { DecodeError } from "./errors.ts";
import { descriptorSet } from "./file.ts";
import { type FieldInfo, isMessage } from "./field.ts";
import type { JsonValue } from "./json_value.ts";
import type { MessageType } from "./message_type.ts";
import { Everything, everythingFile, Little } from "./testdata/everything.gen.ts";

const SEED = Number(Deno.env.get("ZENO_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);

/** The generator mulberry32: the same seed gives the same numbers. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = this.#state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(this.#state ^ this.#state >>> 15, 1 | this.#state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

const SPECIAL_INTS = [0, 1, -1, 127, 128, 2 ** 31 - 1, -(2 ** 31)];
const SPECIAL_DOUBLES = [0, -0, 1.5, -1e300, 5e-324, Infinity, -Infinity, NaN];
const TEXTS = [
  "",
  "a",
  "text of some length, twenty",
  "ä",
  "äbcdefg of sixteen",
  "of eight ünd more",
  "世界",
  "\u{1f600}",
  "\ufffd",
  "x".repeat(200),
];

function scalar(type: string, chance: Chance): unknown {
  const bits = BigInt.asUintN(64, BigInt(chance.below(2 ** 32)) << BigInt(chance.below(40)));
  switch (type) {
    case "bool":
      return chance.next() < 0.5;
    case "string":
      return chance.pick(TEXTS);
    case "bytes":
      return Uint8Array.from({ length: chance.below(40) }, () => chance.below(256));
    case "double":
      return chance.next() < 0.5 ? chance.pick(SPECIAL_DOUBLES) : chance.next() * 1e6;
    case "float":
      return Math.fround(chance.next() < 0.5 ? chance.pick([0, -0, Infinity, NaN]) : chance.next());
    case "uint32":
    case "fixed32":
      return chance.below(2 ** 32);
    case "uint64":
    case "fixed64":
      return bits;
    default:
      if (type.endsWith("64")) return BigInt.asIntN(64, bits * (chance.next() < 0.5 ? 1n : -1n));
      return chance.next() < 0.5 ? chance.pick(SPECIAL_INTS) : chance.below(2 ** 32) | 0;
  }
}

function value({ type }: Pick<FieldInfo, "type">, chance: Chance, depth: number): unknown {
  if (typeof type === "string") return scalar(type, chance);
  if (!isMessage(type)) {
    // In JSON any NullValue is null, and null is zero.
    return type.nameOf(1) === undefined ? 0 : chance.pick([0, 1, 2, -1, 5000]);
  }
  return message(type, chance, depth + 1);
}

/** A message of any type, by its fields; the deeper, the fewer. */
function message(type: MessageType<object>, chance: Chance, depth: number = 0): object {
  // The other implementation has no Value without a kind: it makes it null.
  if (type.typeName === "google.protobuf.Value") {
    return type.create({ kind: { case: "stringValue", value: chance.pick(TEXTS) } } as object);
  }
  const made = type.create() as Record<string, unknown>;
  for (const field of type.fields) {
    if (chance.next() < 0.6 + depth * 0.15) continue;
    const item = () => value(field, chance, depth);
    if (field.map !== undefined) {
      const map = made[field.key] as Map<unknown, unknown>;
      for (let count = chance.below(4); count > 0; count--) {
        map.set(scalar(field.map, chance), item());
      }
    } else if (field.repeated) made[field.key] = Array.from({ length: chance.below(5) }, item);
    else if (field.oneof !== undefined) made[field.oneof] = { case: field.key, value: item() };
    else made[field.key] = item();
  }
  return made;
}

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, descriptorSet(everythingFile)),
);
const schema = registry.getMessage(Everything.typeName)!;

Deno.test("another implementation reads what encode() writes, and the other way round", () => {
  const chance = new Chance(SEED);
  for (let round = 0; round < 300; round++) {
    const sent = message(Everything, chance) as Everything;
    const bytes = Everything.encode(sent);
    const theirs = fromBinary(schema, bytes);
    assert(theirs.$unknown === undefined, `seed ${SEED}, round ${round}`);
    const back = Everything.decode(toBinary(schema, theirs));
    assertEquals(back, sent, `seed ${SEED}, round ${round}`);
    // Unpaired halves of structures and times out of range have no JSON.
    const json = jsonOrError(() => toJson(schema, theirs, { registry }));
    const ours = jsonOrError(() => Everything.toJson(sent));
    if (typeof json === "object" && typeof ours === "object") {
      const again = Everything.fromJson(json);
      assertEquals(Everything.toJson(again), ours, `seed ${SEED}, round ${round}`);
    }
  }
});

function jsonOrError(make: () => unknown): JsonValue {
  try {
    return make() as JsonValue;
  } catch (error) {
    return String(error);
  }
}

Deno.test("descriptors say the same to another implementation", () => {
  assertEquals(schema.fields.length, Everything.fields.length);
  assertEquals(create(schema).$typeName as string, Everything.typeName);
  for (const { number, name, jsonName } of Everything.fields) {
    const theirs = schema.fields.find((field) => field.number === number);
    assertEquals([theirs?.name, theirs?.jsonName], [name, jsonName]);
  }
});

Deno.test("decode() of broken bytes gives a message or a DecodeError, and nothing else", () => {
  const chance = new Chance(SEED);
  let refused = 0;
  for (let round = 0; round < 5000; round++) {
    const bytes = Everything.encode(message(Everything, chance, 2) as Everything).slice();
    for (let count = 1 + chance.below(4); count > 0; count--) {
      bytes[chance.below(bytes.length)] = chance.below(256);
    }
    const cut = chance.next() < 0.3 ? bytes.subarray(0, chance.below(bytes.length + 1)) : bytes;
    for (const type of [Everything, Little] as const) {
      try {
        const decoded = (type as MessageType<object>).decode(cut);
        // What was read can be written, and reads as the same again.
        const again = (type as MessageType<object>).encode(decoded);
        assertEquals(
          (type as MessageType<object>).encode((type as MessageType<object>).decode(again)),
          again,
        );
      } catch (error) {
        assert(error instanceof DecodeError, `seed ${SEED}, round ${round}: ${error}`);
        refused++;
      }
    }
  }
  assert(refused > 100, `seed ${SEED}: only ${refused} were refused`);
});

Deno.test("fromJson() of any JSON gives a message or a DecodeError, and nothing else", () => {
  const chance = new Chance(SEED);
  const any = (depth: number): JsonValue =>
    chance.pick<() => JsonValue>([
      () => null,
      () => chance.pick([0, 1.5, -1, 1e300, 2 ** 53]),
      () => chance.pick([...TEXTS, "1", "NaN", "1.5s", "2026-01-01T00:00:00Z", "RED"]),
      () => chance.next() < 0.5,
      () => depth > 3 ? [] : Array.from({ length: chance.below(3) }, () => any(depth + 1)),
      () => depth > 3 ? "@" : { [chance.pick(TEXTS)]: any(depth + 1), "@type": any(depth + 1) },
    ])();
  for (let round = 0; round < 5000; round++) {
    const field = chance.pick(Everything.fields);
    try {
      const message = Everything.fromJson({ [field.jsonName]: any(0) });
      Everything.decode(Everything.encode(message));
    } catch (error) {
      assert(error instanceof DecodeError, `seed ${SEED}, round ${round}, ${field.name}: ${error}`);
    }
  }
});
