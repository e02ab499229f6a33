/**
 * The tag `validate` of a Go structure: `validate:"required,min=1,dive,email"`.
 *
 * @see https://pkg.go.dev/github.com/go-playground/validator/v10
 * @module
 */

import type { Field } from "../../../api/spec.ts";

/** One rule: `min=1`. */
export interface Rule {
  /** Name of the rule. */
  readonly name: string;
  /** What stands behind `=`. */
  readonly parameter: string | undefined;
  /** Rules of which another may hold instead: those behind each `|`. */
  readonly others: readonly Rule[];
  /** The rule as written. */
  readonly text: string;
}

/** The rules of a value, and behind each `dive` those of what it holds. */
export type RuleLevels = readonly (readonly Rule[])[];

/** The rules of a member, level by level; none if it has no tag. */
export function ruleLevels({ tags }: Field): RuleLevels {
  const raw = tags.find(({ key }) => key === "validate")?.raw.trim() ?? "";
  if (raw === "" || raw === "-") return [];
  const levels: Rule[][] = [[]];
  for (const text of raw.split(",").map((part) => part.trim()).filter((part) => part !== "")) {
    if (text === "dive") levels.push([]);
    else levels.at(-1)!.push(parseRule(text));
  }
  return levels;
}

function parseRule(text: string): Rule {
  const [first, ...others] = text.split("|").map((part) => {
    const equals = part.indexOf("=");
    const [name, parameter] = equals < 0
      ? [part, undefined]
      : [part.slice(0, equals), unescaped(part.slice(equals + 1))];
    return { name, parameter, others: [], text: part };
  });
  return { ...first!, others, text };
}

/** A comma and a bar cannot stand for themselves. */
function unescaped(parameter: string): string {
  return parameter.replaceAll("0x2C", ",").replaceAll("0x7C", "|");
}

/** The words of a parameter, of which some may be quoted: `red 'dark red'`. */
export function wordsIn(parameter: string): string[] {
  return [...parameter.matchAll(/'([^']*)'|[^\s']+/g)].map(([word, quoted]) => quoted ?? word);
}
