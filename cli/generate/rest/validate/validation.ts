/**
 * What the tag `validate` of a member is in its schema.
 *
 * Only `required` has a say on what is absent: it makes a required member of one that is `optional`. In Go an absent member
 * has the zero of its type, which its other rules see too.
 *
 * @module
 */

import type { TypeRef } from "../../../api/spec.ts";
import type { ChainCall } from "../../code.ts";
import { hasDefault, type Member, pointee } from "../member.ts";
import type { Int64Mode } from "../options.ts";
import { isWideInteger } from "../type_text.ts";
import { oneOfValues } from "./one_of.ts";
import { type Rule, ruleLevels } from "./rule.ts";
import { type Bound, kindOf, type RuleCode, ruleCode } from "./rule_code.ts";

/** The calls of a schema that stand for a tag. */
export interface Validation {
  /** Calls on the value, then those on its items, and on their items. */
  readonly levels: readonly (readonly ChainCall[])[];
  /** Rules that are in no call, as written. */
  readonly unknown: readonly string[];
}

/** What calls depend on. */
export interface ValidationContext {
  /** How 64-bit integers read. */
  readonly int64: Int64Mode;
  /** Notes that code uses a function of the file of rules; answers with code that names it. */
  useRule(helper: string): string;
}

/** The tag of a member as calls. */
export function validationOf(member: Member, context: ValidationContext): Validation {
  const unknown: string[] = [];
  const levels: ChainCall[][] = [];
  let type: TypeRef | undefined = member.field.type;
  for (const rules of ruleLevels(member.field)) {
    if (type === undefined) {
      unknown.push("dive");
      break;
    }
    const level = new Level(type, { member, depth: levels.length, context });
    unknown.push(...level.read(rules));
    levels.push(level.calls());
    type = inside(type);
  }
  return { levels, unknown };
}

/** The type of what a list or a map holds. */
function inside(type: TypeRef): TypeRef | undefined {
  const target = pointee(type);
  if (target.kind === "array") return target.item;
  return target.kind === "map" ? target.value : undefined;
}

interface Place {
  readonly member: Member;
  readonly depth: number;
  readonly context: ValidationContext;
}

/** The rules of a value at one depth. */
class Level {
  readonly #type: TypeRef;
  readonly #isPointer: boolean;
  readonly #place: Place;
  readonly #codes: RuleCode[] = [];
  #skipsEmpty = false;

  constructor(declared: TypeRef, place: Place) {
    this.#type = pointee(declared);
    this.#isPointer = declared.kind === "pointer";
    this.#place = place;
  }

  /** Takes the rules; answers with those that it does not know. */
  read(rules: readonly Rule[]): string[] {
    const unknown: string[] = [];
    for (const rule of rules) {
      const code = this.#read(rule);
      if (code === undefined) unknown.push(rule.text);
      else this.#codes.push(code);
    }
    return unknown;
  }

  #read(rule: Rule): RuleCode | undefined {
    const { context, depth, member } = this.#place;
    switch (rule.name) {
      case "omitnil":
        return {};
      case "omitempty":
        // Behind a pointer, and of a list or a map, only what is absent counts as empty.
        this.#skipsEmpty = !this.#isPointer && ["text", "number"].includes(kindOf(this.#type));
        return {};
      case "required":
        if (this.#isPointer) return {};
        break;
      case "oneof":
        // The type of the member says it, and with it its schema.
        if (depth === 0) return oneOfValues(member) === undefined ? undefined : {};
    }
    // An integer that is read as text has no bounds.
    return this.#isWide && context.int64 === "string" ? undefined : ruleCode(rule, this.#type);
  }

  get #isWide(): boolean {
    return this.#type.kind === "base" && isWideInteger(this.#type.name);
  }

  /** The rules as calls. */
  calls(): ChainCall[] {
    const range = this.#mayHaveRange ? rangeOf(this.#codes) : undefined;
    const calls = range === undefined ? [] : [{ name: "range", args: [JSON.stringify(range)] }];
    return [...calls, ...this.#codes.flatMap((code) => this.#call(code, range !== undefined))];
  }

  /** A range of its own would take its place, a default may be outside, and what is empty is inside. */
  get #mayHaveRange(): boolean {
    const { member, depth } = this.#place;
    return !this.#skipsEmpty && !member.options.has("range") &&
      !(depth === 0 && hasDefault(member));
  }

  #call(code: RuleCode, isInRange: boolean): ChainCall[] {
    if (code.values !== undefined) {
      const empty = this.#skipsEmpty ? [kindOf(this.#type) === "text" ? "" : "0"] : [];
      return [{
        name: "options",
        args: [[...code.values, ...empty].map((text) => this.#literal(text))],
      }];
    }
    const check = code.bound !== undefined && isInRange ? undefined : this.#check(code);
    if (check === undefined) return [];
    const { useRule } = this.#place.context;
    const wrapped = this.#skipsEmpty ? `${useRule("unlessEmpty")}(${check})` : check;
    return [{ name: "check", args: [wrapped] }];
  }

  #check({ check, anyOf }: RuleCode): string | undefined {
    const { useRule } = this.#place.context;
    if (anyOf !== undefined) return `${useRule("anyOf")}(${anyOf.map(useRule).join(", ")})`;
    if (check === undefined) return undefined;
    const helper = useRule(check.helper);
    return check.argument === undefined ? helper : `${helper}(${this.#argument(check.argument)})`;
  }

  /** A count is a number, whatever is counted. */
  #argument(code: string): string {
    const isBigint = this.#isWide && this.#place.context.int64 === "bigint";
    return isBigint && /^-?\d+$/.test(code) ? `${code}n` : code;
  }

  #literal(text: string): string {
    return kindOf(this.#type) === "text" ? JSON.stringify(text) : this.#argument(text);
  }
}

/** Bounds as the text of a range, if one range can say them all. */
function rangeOf(codes: readonly RuleCode[]): string | undefined {
  const bounds = codes.map(({ bound }) => bound).filter((bound) => bound !== undefined);
  const lows = bounds.filter(({ side }) => side !== "high");
  const highs = bounds.filter(({ side }) => side !== "low");
  if (bounds.length === 0 || lows.length > 1 || highs.length > 1) return undefined;
  const [low, high] = [lows[0], highs[0]];
  if (low && high && !isRange(low, high)) return undefined;
  return `${low?.included === false ? "(" : "["}${low?.text ?? ""}:${high?.text ?? ""}${
    high?.included === false ? ")" : "]"
  }`;
}

/** Whether any number is between the bounds. */
function isRange(low: Bound, high: Bound): boolean {
  const [from, to] = [Number(low.text), Number(high.text)];
  return from < to || (from === to && low.included && high.included);
}
