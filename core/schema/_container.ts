/**
 * Decoders of lists, maps and bytes.
 *
 * @module
 */

import type { Definition } from "./definition.ts";
import { ExactNumber } from "./exact_number.ts";
import { readJson } from "./_read_json.ts";
import { JsonProblem } from "./json_reader.ts";
import { decodeBase64 } from "./_convert_text.ts";
import { at, type Decoder, FAIL, MAX_DEPTH, mismatch, type Run, tooDeep } from "./_run.ts";

/** The most items of a list, or entries of a map, unless the schema says otherwise. */
export const DEFAULT_MAX_ITEMS = 10_000;

/** Whether `value` is an object with members: not null, no list, no exact number. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof ExactNumber);
}

function tooMany(run: Run, count: number, maxItems: number): typeof FAIL {
  return run.fail(
    "too_many",
    (path) => `too many items for ${at(path)}: at most ${maxItems}, got ${count}`,
    { maxItems, count },
  );
}

/** Leaves an issue about a null where there may be none. */
export function unexpectedNull(run: Run): typeof FAIL {
  return run.fail("null", (path) => `${at(path)} mustn't be nil`);
}

/** Reads JSON text inside a value and hands it on. */
function throughJson(text: string, run: Run, depth: number, decode: Decoder, what: string) {
  const result = readJson(text, MAX_DEPTH - depth);
  if (!(result instanceof JsonProblem)) return decode(result.value, run, depth);
  if (result.tooDeep) return tooDeep(run);
  return run.fail("json", (path) => `${at(path)} is no JSON ${what}: ${result.message}`);
}

/** Reads every item; `item` decodes values that are not null. */
function itemsDecoder(definition: Definition, item: Decoder): Decoder {
  const { length, maxItems = DEFAULT_MAX_ITEMS } = definition;
  const nullable = acceptsNull(definition.item);
  return (value, run, depth) => {
    if (!Array.isArray(value)) return mismatch(run, "list", value);
    if (depth >= MAX_DEPTH) return tooDeep(run);
    const count = value.length;
    if (length !== undefined && count !== length) {
      return run.fail(
        "length",
        (path) => `wrong length for ${at(path)}: need ${length}, got ${count}`,
        { length, count },
      );
    }
    if (count > maxItems) return tooMany(run, count, maxItems);
    let mark = run.count;
    let failed = false;
    const out: unknown[] = [];
    for (let index = 0; index < count; index++) {
      const each = value[index];
      const result = each === null || each === undefined
        ? nullable ? null : unexpectedNull(run)
        : item(each, run, depth + 1);
      if (result === FAIL) {
        run.prefixIndex(mark, index);
        mark = run.count;
        failed = true;
      } else {
        out.push(result);
      }
    }
    return failed ? FAIL : out;
  };
}

/** Whether null is a value of `definition`. */
export function acceptsNull(definition: Definition | undefined): boolean {
  return definition?.nullable === true || definition?.kind === "any";
}

/**
 * Decodes a list. `item` decodes elements of JSON lists, `textItem` the values of repeated text
 * sources; `fromText` allows JSON list text in place of a list.
 */
export function listDecoder(
  definition: Definition,
  item: Decoder,
  options: { readonly textItem?: Decoder; readonly fromText: boolean },
): Decoder {
  const ofJson = itemsDecoder(definition, item);
  const direct = options.textItem ? itemsDecoder(definition, options.textItem) : ofJson;
  if (!options.fromText) return direct;
  return (value, run, depth) =>
    typeof value === "string"
      ? throughJson(value, run, depth, ofJson, "list")
      : direct(value, run, depth);
}

/** Whether a map key is a base-10 integer as JSON writes it. */
function isIntegerKey(key: string): boolean {
  const start = key[0] === "-" ? 1 : 0;
  if (key.length === start || (key[start] === "0" && key.length > 1)) return false;
  for (let index = start; index < key.length; index++) {
    const char = key.charCodeAt(index);
    if (char < 48 || char > 57) return false;
  }
  return Number.isSafeInteger(Number(key));
}

/** Decodes a map into an object without prototype, so that no key can mean more than itself. */
export function mapDecoder(definition: Definition, item: Decoder, fromText: boolean): Decoder {
  const { keyKind = "string", maxItems = DEFAULT_MAX_ITEMS } = definition;
  const nullable = acceptsNull(definition.item);
  const direct: Decoder = (value, run, depth) => {
    if (!isRecord(value)) return mismatch(run, "map", value);
    if (depth >= MAX_DEPTH) return tooDeep(run);
    const keys = Object.keys(value);
    if (keys.length > maxItems) return tooMany(run, keys.length, maxItems);
    const out: Record<string, unknown> = Object.create(null);
    let mark = run.count;
    let failed = false;
    for (const key of keys) {
      const result = keyKind === "int" && !isIntegerKey(key)
        ? run.fail("type", (path) => `key of ${at(path)} is no integer`, { expected: "int" })
        : readEntry(value[key], nullable, item, run, depth + 1);
      if (result === FAIL) {
        run.prefixIndex(mark, key.length > 100 ? `${key.slice(0, 100)}...` : key);
        mark = run.count;
        failed = true;
      } else {
        out[key] = result;
      }
    }
    return failed ? FAIL : out;
  };
  if (!fromText) return direct;
  return (value, run, depth) =>
    typeof value === "string"
      ? throughJson(value, run, depth, direct, "object")
      : direct(value, run, depth);
}

function readEntry(value: unknown, nullable: boolean, item: Decoder, run: Run, depth: number) {
  if (value === null || value === undefined) return nullable ? null : unexpectedNull(run);
  return item(value, run, depth);
}

function bytesOfList(value: unknown, run: Run): unknown {
  if (!Array.isArray(value)) return mismatch(run, "bytes", value);
  const wrong = value.findIndex((each) => !(Number.isInteger(each) && each >= 0 && each <= 255));
  if (wrong < 0) return Uint8Array.from(value);
  const mark = run.count;
  run.fail("int_range", (path) => `${at(path)} is no byte: need an integer 0 to 255`);
  run.prefixIndex(mark, wrong);
  return FAIL;
}

/** Decodes bytes: base64 text, or a list of numbers, as itself or as JSON text. */
export const bytesDecoder: Decoder = (value, run, depth) => {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "string") return bytesOfList(value, run);
  const bytes = decodeBase64(value);
  if (bytes !== undefined) return bytes;
  if (value[0] === "[") return throughJson(value, run, depth, bytesOfList, "list");
  return run.fail("base64", (path) => `${at(path)} is no base64 text`);
};
