/**
 * Matching of object keys without regard to case, against the shape of a schema.
 *
 * @module
 */

import { closestKey } from "./_closest_key.ts";
import { type Definition, resolve, wireKey } from "./definition.ts";
import { isRecord } from "./_container.ts";
import { at, MAX_DEPTH, type Run } from "./_run.ts";
import { someInside } from "./_shape.ts";

/** Receives a key that the schema does not know. */
export type OnUnknownKey = (path: string, suggestion: string | undefined) => void;

/** What an object may hold: lower-case key to the declared one and what is below it. */
type Shape = ReadonlyMap<string, { readonly key: string; readonly definition: Definition }>;

const shapes = new WeakMap<Definition, Shape>();

function shapeOf(definition: Definition): Shape {
  const known = shapes.get(definition);
  if (known) return known;
  const shape = new Map<string, { key: string; definition: Definition }>();
  // Members below may inherit from a key that only the file, not the schema, has at this level.
  someInside(definition, (inner) => {
    for (const [name, member] of Object.entries(inner.fields ?? {})) {
      if (member.inherit) addKey(shape, name, member);
    }
    return false;
  });
  const inherited = new Map(shape);
  for (const [name, member] of Object.entries(definition.fields ?? {})) {
    if (member.ignored) continue;
    const folded = wireKey(name, member).toLowerCase();
    if (shape.has(folded) && !inherited.delete(folded)) {
      throw new TypeError(
        `Cannot match keys without case: conflict key ${folded}, "${name}" and another field share it`,
      );
    }
    addKey(shape, name, member);
  }
  shapes.set(definition, shape);
  return shape;
}

function addKey(
  shape: Map<string, { key: string; definition: Definition }>,
  name: string,
  definition: Definition,
): void {
  const key = wireKey(name, definition);
  // The first step of a dotted key is an object of its own.
  const [first = key, ...rest] = key.split(".");
  if (rest.length === 0) {
    shape.set(key.toLowerCase(), { key, definition });
    return;
  }
  const nested = shape.get(first.toLowerCase())?.definition;
  const fields = { ...nested?.fields, [rest.join(".")]: { ...definition, key: rest.join(".") } };
  shape.set(first.toLowerCase(), { key: first, definition: { kind: "object", fields } });
}

/** A folder with one run and one listener. */
class KeyFolder {
  readonly #run: Run;
  readonly #onUnknownKey: OnUnknownKey | undefined;

  constructor(run: Run, onUnknownKey: OnUnknownKey | undefined) {
    this.#run = run;
    this.#onUnknownKey = onUnknownKey;
  }

  fold(value: unknown, outer: Definition, path: string, depth: number): unknown {
    const definition = resolve(outer);
    if (depth >= MAX_DEPTH) return value; // The decoder reports it.
    if (Array.isArray(value)) {
      const { item } = definition;
      if (!item) return value;
      return value.map((each, index) => this.fold(each, item, `${path}[${index}]`, depth + 1));
    }
    if (!isRecord(value)) return value;
    if (definition.kind === "map") return this.#foldMap(value, definition.item!, path, depth);
    if (definition.kind === "object") return this.#foldObject(value, definition, path, depth);
    return value;
  }

  #foldMap(
    value: Readonly<Record<string, unknown>>,
    item: Definition,
    path: string,
    depth: number,
  ): unknown {
    const out: Record<string, unknown> = Object.create(null);
    for (const [key, each] of Object.entries(value)) {
      out[key] = this.fold(each, item, `${path}[${key}]`, depth + 1);
    }
    return out;
  }

  #foldObject(
    value: Readonly<Record<string, unknown>>,
    definition: Definition,
    path: string,
    depth: number,
  ): unknown {
    const shape = shapeOf(definition);
    const out: Record<string, unknown> = Object.create(null);
    const written = new Map<string, string>();
    for (const [key, each] of Object.entries(value)) {
      const known = shape.get(key.toLowerCase());
      const place = path === "" ? key : `${path}.${key}`;
      if (!known) {
        out[key] = each;
        this.#onUnknownKey?.(place, closestKey(key, [...shape.values()].map(({ key }) => key)));
        continue;
      }
      const earlier = written.get(known.key);
      if (earlier !== undefined) this.#failTwice(place, earlier, key);
      written.set(known.key, key);
      const inner = path === "" ? known.key : `${path}.${known.key}`;
      out[known.key] = this.fold(each, known.definition, inner, depth + 1);
    }
    return out;
  }

  #failTwice(place: string, earlier: string, key: string): void {
    const mark = this.#run.count;
    this.#run.fail(
      "custom",
      (path) => `${at(path)} is given twice, as "${earlier}" and as "${key}"`,
    );
    this.#run.prefixKey(mark, place);
  }
}

/** Finds conflicts anywhere in a schema, before any value is read. */
function checkShapes(definition: Definition): void {
  someInside(definition, (inner) => {
    if (inner.kind === "object") shapeOf(inner);
    return false;
  });
}

/**
 * Copies `input` with the keys that `definition` declares, whatever case they were written in.
 * Keys of maps are data and stay. The same key in two cases is an issue.
 *
 * @throws {TypeError} If two fields of one object differ only in case.
 */
export function foldKeys(
  input: unknown,
  definition: Definition,
  run: Run,
  onUnknownKey?: OnUnknownKey,
): unknown {
  if (!shapes.has(definition)) checkShapes(definition);
  return new KeyFolder(run, onUnknownKey).fold(input, definition, "", 0);
}
