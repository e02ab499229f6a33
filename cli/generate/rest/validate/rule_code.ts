/**
 * What one rule of the tag `validate` is in generated code.
 *
 * @module
 */

import type { TypeRef } from "../../../api/spec.ts";
import { isBytes } from "../type_text.ts";
import { SAME_AS, TEXT_FORMATS } from "./formats.ts";
import { type Rule, wordsIn } from "./rule.ts";

/** What rules tell apart. */
export type ValueKind = "text" | "number" | "boolean" | "list" | "map" | "other";

/** The kind of the values of a type that is no pointer. */
export function kindOf(type: TypeRef): ValueKind {
  switch (type.kind) {
    case "base":
      return type.name === "string" ? "text" : type.name === "bool" ? "boolean" : "number";
    case "array":
      return "list";
    case "map":
      return "map";
    default:
      return "other";
  }
}

/** A bound of a number. */
export interface Bound {
  /** Which side it is on; both for a number that must be equal to it. */
  readonly side: "low" | "high" | "both";
  /** Whether the bound itself is allowed. */
  readonly included: boolean;
  /** The bound as written. */
  readonly text: string;
}

/** A rule in code. */
export interface RuleCode {
  /** A check: the name of its function, and its argument as code if it takes one. */
  readonly check?: { readonly helper: string; readonly argument?: string };
  /** The bound of a number, which the range of a field can say too. */
  readonly bound?: Bound;
  /** The only values allowed. */
  readonly values?: readonly string[];
  /** Checks of which one is enough. */
  readonly anyOf?: readonly string[];
}

/** Says nothing: the schema sees to it anyway. */
const NOTHING: RuleCode = {};

/** The rule in code; `undefined` if there is none. */
export function ruleCode(rule: Rule, type: TypeRef): RuleCode | undefined {
  const kind = kindOf(type);
  if (rule.others.length > 0) return anyOf([rule, ...rule.others], kind);
  const { name, parameter } = rule;
  if (name === "required") return required(kind);
  if (SIZES.has(name)) return parameter === undefined ? undefined : size(name, parameter, kind);
  if (parameter === undefined) return withoutParameter(name, type, kind);
  return kind === "text" || kind === "number" ? withParameter(name, parameter, kind) : undefined;
}

function required(kind: ValueKind): RuleCode {
  if (kind === "text") return { check: { helper: "notEmpty" } };
  if (kind === "number") return { check: { helper: "notZero" } };
  return kind === "boolean" ? { check: { helper: "isTrue" } } : NOTHING;
}

function anyOf(rules: readonly Rule[], kind: ValueKind): RuleCode | undefined {
  if (kind !== "text") return undefined;
  const helpers = rules.flatMap(({ name, parameter }) =>
    parameter === undefined ? formatHelpers(name) : [undefined]
  );
  const known = helpers.filter((helper) => helper !== undefined);
  return known.length === helpers.length ? { anyOf: known } : undefined;
}

/** The functions of which one must find nothing wrong; `undefined` in it if the form is not known. */
function formatHelpers(name: string): (string | undefined)[] {
  if (name === "ip" || name === "ip_addr") return ["ipv4", "ipv6"];
  if (name === "json") return ["jsonText"];
  const known = SAME_AS.get(name) ?? name;
  return [Object.hasOwn(TEXT_FORMATS, known) ? TEXT_FORMATS[known]!.helper : undefined];
}

function withoutParameter(name: string, type: TypeRef, kind: ValueKind): RuleCode | undefined {
  if (name === "unique" && type.kind === "array" && type.item.kind === "base") {
    return isBytes(type) ? undefined : { check: { helper: "unique" } };
  }
  if (kind === "number" && (name === "number" || name === "numeric")) return NOTHING;
  if (kind === "boolean" && name === "boolean") return NOTHING;
  if (kind !== "text") return undefined;
  const helpers = formatHelpers(name);
  if (helpers.length > 1) return { anyOf: helpers.filter((helper) => helper !== undefined) };
  return helpers[0] === undefined ? undefined : { check: { helper: helpers[0] } };
}

/** Rules on a length, a count or a number. */
const SIZES: ReadonlySet<string> = new Set(["len", "min", "max", "gt", "gte", "lt", "lte"]);

const NOUNS: Partial<Record<ValueKind, string>> = { text: "Length", list: "Items", map: "Entries" };

function size(name: string, parameter: string, kind: ValueKind): RuleCode | undefined {
  if (kind === "number") return bound(name, parameter);
  const noun = NOUNS[kind];
  if (noun === undefined || !/^\d{1,15}$/.test(parameter)) return undefined;
  const count = Number(parameter) + (name === "gt" ? 1 : name === "lt" ? -1 : 0);
  const extent = name === "len" ? "exact" : name === "min" || name.startsWith("gt") ? "min" : "max";
  return { check: { helper: `${extent}${noun}`, argument: String(count) } };
}

const BOUND_HELPERS: Readonly<Record<string, string>> = {
  min: "atLeast",
  gte: "atLeast",
  gt: "moreThan",
  max: "atMost",
  lte: "atMost",
  lt: "lessThan",
  len: "equalTo",
};

function bound(name: string, parameter: string): RuleCode | undefined {
  if (!isNumber(parameter)) return undefined;
  const side = name === "len" ? "both" : name === "min" || name.startsWith("g") ? "low" : "high";
  return {
    check: { helper: BOUND_HELPERS[name]!, argument: parameter },
    bound: { side, included: name !== "gt" && name !== "lt", text: parameter },
  };
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

const TEXT_RULES: Readonly<Record<string, string>> = {
  contains: "contains",
  excludes: "excludes",
  startswith: "startsWith",
  endswith: "endsWith",
};

function withParameter(name: string, parameter: string, kind: ValueKind): RuleCode | undefined {
  if (kind === "number" && name === "oneof") {
    const words = wordsIn(parameter);
    return words.length > 0 && words.every(isNumber) ? { values: words } : undefined;
  }
  if (name === "oneof") return { values: wordsIn(parameter) };
  if (kind === "number" && !isNumber(parameter)) return undefined;
  const argument = kind === "number" ? parameter : JSON.stringify(parameter);
  if (name === "eq") return { check: { helper: "equalTo", argument } };
  if (name === "ne") return { check: { helper: "notEqualTo", argument } };
  const helper = kind === "text" && Object.hasOwn(TEXT_RULES, name) ? TEXT_RULES[name] : undefined;
  return helper === undefined ? undefined : { check: { helper, argument } };
}
