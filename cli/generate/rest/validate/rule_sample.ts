/**
 * Values that the rules of the tag `validate` take, and values that they refuse, for generated tests.
 *
 * @module
 */

import type { TypeRef } from "../../../api/spec.ts";
import { TEXT_FORMATS } from "./formats.ts";
import { type Rule, wordsIn } from "./rule.ts";
import { kindOf, ruleCode } from "./rule_code.ts";

type Rules = readonly Rule[];

/** A text or a number that the rules take; `undefined` if they leave the choice. */
export function ruledScalar(rules: Rules, type: TypeRef): string | number | undefined {
  if (rules.length === 0) return undefined;
  const kind = kindOf(type);
  if (kind === "text") return ruledText(rules);
  return kind === "number" ? ruledNumber(rules, type) : undefined;
}

function parameterOf(rules: Rules, ...names: string[]): string | undefined {
  return rules.find(({ name, others }) => others.length === 0 && names.includes(name))?.parameter;
}

function ruledText(rules: Rules): string {
  const words = wordsIn(parameterOf(rules, "oneof") ?? "");
  const format = rules.map(({ name }) => formatOf(name)).find((format) => format !== undefined);
  const exact = parameterOf(rules, "eq") ?? words[0] ?? format?.sample;
  if (exact !== undefined) return exact;
  const part = (name: string) => parameterOf(rules, name) ?? "";
  const middle = part("contains") || "text";
  const { min, max } = sizesOf(rules);
  return `${part("startswith")}${middle.padEnd(min, "x").slice(0, max)}${part("endswith")}`;
}

function formatOf(name: string) {
  if (name === "ip" || name === "ip_addr") return TEXT_FORMATS["ipv4"];
  if (name === "json") return { sample: "{}" };
  return Object.hasOwn(TEXT_FORMATS, name) ? TEXT_FORMATS[name] : undefined;
}

/** Least and most characters or items. */
function sizesOf(rules: Rules): { min: number; max: number } {
  const exact = parameterOf(rules, "len");
  const above = parameterOf(rules, "gt");
  const below = parameterOf(rules, "lt");
  const min = exact ?? parameterOf(rules, "min", "gte") ?? (above && Number(above) + 1) ?? 0;
  const max = exact ?? parameterOf(rules, "max", "lte") ?? (below && Number(below) - 1) ?? 4096;
  return { min: Number(min), max: Number(max) };
}

function ruledNumber(rules: Rules, type: TypeRef): number | undefined {
  const exact = parameterOf(rules, "eq") ?? wordsIn(parameterOf(rules, "oneof") ?? "")[0];
  if (exact !== undefined) return Number(exact);
  const bounds = rules.map((rule) => ruleCode(rule, type)?.bound).filter((bound) => bound);
  const low = bounds.find((bound) => bound!.side !== "high");
  const high = bounds.find((bound) => bound!.side !== "low");
  if (low) return Number(low.text) + (low.included ? 0 : stepBetween(low.text, high?.text));
  if (high) return Math.min(1, Number(high.text) - (high.included ? 0 : 1));
  return undefined;
}

/** A step from the lower bound that does not reach the upper one. */
function stepBetween(low: string, high: string | undefined): number {
  return high === undefined ? 1 : Math.min(1, (Number(high) - Number(low)) / 2);
}

/** How many items a list or a map must have at least. */
export function ruledCount(rules: Rules): number {
  return sizesOf(rules).min;
}

/** Forms that "?" has too. */
const TAKES_ALL: ReadonlySet<string> = new Set(["ascii", "printascii", "lowercase", "uppercase"]);

/** A text or a number that the rules refuse; `undefined` if there is none at hand. */
export function refusedScalar(rules: Rules, type: TypeRef): string | number | undefined {
  if (kindOf(type) === "number") {
    const bounds = rules.map((rule) => ruleCode(rule, type)?.bound).filter((bound) => bound);
    const [first] = bounds;
    return first && Number(first.text) + (first.side === "low" ? -1 : 1);
  }
  if (kindOf(type) !== "text") return undefined;
  const isStrict = rules.some(({ name, others }) =>
    others.length === 0 && formatOf(name) !== undefined && !TAKES_ALL.has(name)
  );
  return isStrict ? "?" : undefined;
}
