/**
 * What a schema says, as plain data: the input of the compiler and of document generators.
 *
 * @module
 */

import type { Source } from "./errors.ts";

/** The kinds of value a schema can describe. */
export type Kind =
  | "string"
  | "boolean"
  | IntegerKind
  | "float32"
  | "float64"
  | "bigint"
  | "bytes"
  | "duration"
  | "timestamp"
  | "any"
  | "array"
  | "map"
  | "object"
  | "lazy"
  | "custom";

/** The integer kinds that read as a JS number. */
export type IntegerKind =
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64";

/** One place a field is read from. */
export interface SourceKey {
  /** The part of the request. */
  readonly source: Source;
  /** The name there; the field's own key when absent. */
  readonly key?: string | undefined;
}

/** A dependency on another field of the same object, by wire name. */
export interface Dependency {
  /** The wire name of the other field. */
  readonly on: string;
  /** `with`: both or neither. `without`: exactly one of the two. */
  readonly kind: "with" | "without";
}

/** An embedded group that is absent entirely or complete. */
export interface Group {
  /** The name in messages. */
  readonly name: string;
}

/** The user code that decodes a `custom` field. */
export interface CustomDecoder {
  /** Reads `value`, or throws an error whose message says what is wrong. */
  readonly decode: (value: unknown) => unknown;
  /** Whether an absent value is offered to `decode` too. */
  readonly seesAbsent: boolean;
}

/** Everything a schema says about one value. All parts are optional but `kind`. */
export interface Definition {
  /** What the value is. */
  readonly kind: Kind;
  /** Whether the value may be absent. */
  readonly optional?: boolean;
  /** Whether null is a value. */
  readonly nullable?: boolean;
  /** Whether an absent optional value reads as the zero of its kind. */
  readonly zero?: boolean;
  /** Used when the value is absent. */
  readonly default?: unknown;
  /** Whether null counts as absent and takes the default. */
  readonly defaultOnNull?: boolean;
  /** The allowed values. */
  readonly options?: readonly unknown[];
  /** Numeric bounds, such as `[0:150)`. */
  readonly range?: string;
  /** The environment variable that wins over the input. */
  readonly env?: string;
  /** Whether an absent value is taken from an enclosing object. */
  readonly inherit?: boolean;
  /** Whether the value is written as text although it is none. */
  readonly asString?: boolean;
  /** Another field that must come along, or must not. */
  readonly dependency?: Dependency;
  /** The group of embedded fields it belongs to. */
  readonly group?: Group;
  /** Where the field is read from; JSON when empty. */
  readonly sources?: readonly SourceKey[];
  /** The wire name; the property's name when absent. */
  readonly key?: string;
  /** Whether the field is left out altogether. */
  readonly ignored?: boolean;
  /** Whether the value must not be shown to people. */
  readonly secret?: boolean;
  /** What the value means, for documents. */
  readonly description?: string;
  /** An example value as text, for documents. */
  readonly example?: string;
  /** Extra conditions; each answers with what is wrong, or nothing. */
  readonly checks?: readonly ((value: unknown) => string | undefined)[];
  /** Kind `array`: the items. Kind `map`: the values. */
  readonly item?: Definition;
  /** Kind `array`: the exact number of items. */
  readonly length?: number;
  /** Kinds `array` and `map`: the most items allowed. */
  readonly maxItems?: number;
  /** Kind `map`: what the keys are. */
  readonly keyKind?: "string" | "int";
  /** Kind `object`: the members by property name. */
  readonly fields?: Readonly<Record<string, Definition>>;
  /** Kind `object`: whether unknown keys are issues. */
  readonly strict?: boolean;
  /** Kind `lazy`: the definition it stands for. */
  readonly target?: () => Definition;
  /** Kind `custom`: the user's code. */
  readonly custom?: CustomDecoder;
}

/** Follows `lazy` to what it stands for. */
export function resolve(definition: Definition): Definition {
  let resolved = definition;
  while (resolved.kind === "lazy" && resolved.target) resolved = resolved.target();
  return resolved;
}

/** The name of a field in JSON and other trees of objects. */
export function wireKey(name: string, definition: Definition): string {
  const sources = definition.sources ?? [];
  const chosen = sources.find((each) => each.source === "json") ?? sources[0];
  return chosen?.key ?? definition.key ?? name;
}

/** The places a field is read from, with their keys filled in. */
export function sourceKeys(
  name: string,
  definition: Definition,
): readonly { readonly source: Source; readonly key: string }[] {
  const own = definition.key ?? name;
  const { sources } = definition;
  if (!sources || sources.length === 0) return [{ source: "json", key: own }];
  return sources.map(({ source, key }) => ({ source, key: key ?? own }));
}
