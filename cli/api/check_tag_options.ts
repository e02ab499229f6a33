/**
 * Checks of the options of one tag against the type of its member.
 *
 * @module
 */

import type { TypeNode } from "./ast.ts";
import type { Tag } from "./spec.ts";
import { parseOptionList } from "./tag.ts";
import { isInRange, isLiteral, isNumeric, type NumberRange, parseRange } from "./tag_literal.ts";
import { BASE_TYPES } from "./token.ts";

/** Options that are understood. */
const KNOWN = new Set(
  "optional options default range string inherit env example omitempty omitzero".split(" "),
);

const NEEDS_VALUE = new Set(["options", "default", "range", "env"]);

/** What is wrong with the options of a tag. */
export interface OptionProblem {
  /** Whether the tag is refused for it. */
  readonly severity: "error" | "warning";
  /** What is wrong. */
  readonly message: string;
}

/** Checks the options of `tag` on a member of type `type`. */
export function optionProblems(tag: Tag, type: TypeNode): OptionProblem[] {
  return new OptionCheck(tag, type).problems();
}

/** What the options are about: a base type, or a list of it. */
interface Target {
  /** The base type; undefined for structures, maps and anything. */
  readonly base: string | undefined;
  /** Whether the member is a list. */
  readonly isList: boolean;
  /** Whether a value may be of any type. */
  readonly isOpen: boolean;
}

function targetOf(type: TypeNode): Target {
  switch (type.kind) {
    case "pointer":
      return targetOf(type.target);
    case "list":
      return { ...targetOf(type.item), isList: true };
    case "name": {
      const isBase = BASE_TYPES.has(type.name);
      return { base: isBase ? type.name : undefined, isList: false, isOpen: false };
    }
    default:
      return { base: undefined, isList: false, isOpen: type.kind === "interface" };
  }
}

class OptionCheck {
  readonly #tag: Tag;
  readonly #target: Target;
  readonly #problems: OptionProblem[] = [];

  constructor(tag: Tag, type: TypeNode) {
    this.#tag = tag;
    this.#target = targetOf(type);
  }

  problems(): OptionProblem[] {
    const seen = new Set<string>();
    for (const { key, value } of this.#tag.options) {
      if (!KNOWN.has(key)) this.#warn(`the option "${key}" is not known`);
      if (seen.has(key)) this.#error(`the option "${key}" stands there twice`);
      seen.add(key);
      if (NEEDS_VALUE.has(key) && value === undefined) {
        this.#error(`the option "${key}" needs a value`);
      }
      if (key === "optional" && (value === "" || value === "!")) {
        this.#error(`"optional=" needs the name of another field`);
      }
    }
    const choices = this.#choices();
    const range = this.#range();
    this.#default(choices, range);
    return this.#problems;
  }

  #value(key: string): string | undefined {
    return this.#tag.options.find((option) => option.key === key)?.value;
  }

  #choices(): string[] | undefined {
    const value = this.#value("options");
    if (value === undefined) return undefined;
    const choices = value.split("|");
    if (value === "") this.#error(`"options" names no value`);
    for (const choice of choices) {
      if (value !== "" && !this.#fits(choice)) {
        this.#error(`the option value "${choice}" is no ${this.#target.base}`);
      }
    }
    return choices;
  }

  #range(): NumberRange | undefined {
    const value = this.#value("range");
    if (value === undefined) return undefined;
    const { base, isList, isOpen } = this.#target;
    if (!isOpen && (isList || base === undefined || !isNumeric(base))) {
      this.#error(`"range" is for numbers`);
      return undefined;
    }
    const range = parseRange(value);
    if (range === undefined) this.#error(`"range=${value}" is no range such as [0:150] or (0:1]`);
    return range;
  }

  #default(choices: string[] | undefined, range: NumberRange | undefined): void {
    const value = this.#value("default");
    if (value === undefined) return;
    const isBracketed = value.startsWith("[") && value.endsWith("]");
    if (this.#target.isList && !isBracketed) {
      return this.#error(`the default of a list is written [a,b]`);
    }
    const empty = this.#target.isList && value.slice(1, -1).trim() === "";
    const items = empty ? [] : this.#target.isList ? parseOptionList(value) : [value];
    for (const item of items) {
      if (!this.#fits(item)) this.#error(`the default "${item}" is no ${this.#target.base}`);
      else if (choices !== undefined && !choices.includes(item)) {
        this.#error(`the default "${item}" is none of the options`);
      } else if (range !== undefined && !isInRange(Number(item), range)) {
        this.#error(`the default ${item} is out of range`);
      }
    }
  }

  #fits(text: string): boolean {
    return this.#target.base === undefined || isLiteral(this.#target.base, text);
  }

  #error(message: string): void {
    this.#problems.push({ severity: "error", message });
  }

  #warn(message: string): void {
    this.#problems.push({ severity: "warning", message });
  }
}
