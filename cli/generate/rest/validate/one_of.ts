/**
 * Members whose values the tag `validate` lists, or that it requires.
 *
 * @module
 */

import type { Field } from "../../../api/spec.ts";
import type { Member } from "../member.ts";
import { ruleLevels } from "./rule.ts";
import { kindOf, ruleCode } from "./rule_code.ts";

/**
 * The values of the rule `oneof` of a member, and the empty one if `omitempty` allows it; none if there is no such rule, or
 * it does not allow the default of the member.
 */
export function oneOfValues(
  { field, options }: Pick<Member, "field" | "options">,
): string[] | undefined {
  const rules = ruleLevels(field)[0] ?? [];
  const rule = rules.find(({ name, others }) => name === "oneof" && others.length === 0);
  const type = field.type.kind === "pointer" ? field.type.target : field.type;
  const values = rule && ruleCode(rule, type)?.values;
  if (!values) return undefined;
  const allowsEmpty = field.type.kind !== "pointer" &&
    rules.some(({ name }) => name === "omitempty");
  const empty = kindOf(type) === "text" ? "" : "0";
  const allowed = allowsEmpty ? [...new Set([...values, empty])] : [...values];
  const fallback = options.get("default") ?? "";
  return fallback === "" || allowed.includes(fallback) ? allowed : undefined;
}

/** Whether the tag of a member requires that it is there. */
export function isRequiredByRule(field: Field): boolean {
  const rules = ruleLevels(field)[0] ?? [];
  return rules.some(({ name, others }) => name === "required" && others.length === 0);
}
