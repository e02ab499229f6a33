/**
 * Checks enums.
 *
 * @module
 */

import type { EnumNode, EnumValueNode, ProtoFile } from "./ast.ts";
import { checkRanges, isIn } from "./check_numbers.ts";
import type { ReportProblem } from "./check_report.ts";
import { optionOf, plainOption } from "./field_traits.ts";

/** Checks an enum. */
export function checkEnum(node: EnumNode, file: ProtoFile, report: ReportProblem): void {
  const { name, pos, values, reserved, reservedNames } = node;
  const [first] = values;
  if (first === undefined) {
    return report(pos, "E-enum", `Cannot declare enum "${name}": it has no value`);
  }
  if (file.syntax === "proto3" && first.number !== 0) {
    const message = `Cannot declare enum "${name}": its first value must be 0, not ${first.number}`;
    report(first.numberPos, "E-enum", message, "add a value that means unspecified");
  }
  checkRanges(reserved, report);
  for (const value of values) {
    if (isIn(value.number, reserved) || reservedNames.includes(value.name)) {
      report(value.pos, "E-reserved", `Cannot declare "${value.name}": it is reserved`);
    }
  }
  checkAliases(node, report);
  checkShortNames(node, report);
}

function checkAliases({ name, values, options }: EnumNode, report: ReportProblem): void {
  const option = optionOf(options, "allow_alias");
  const allowed = plainOption(options, "allow_alias") === "true";
  const names = new Map<number, string>();
  let aliases = 0;
  for (const value of values) {
    const before = names.get(value.number);
    if (before === undefined) names.set(value.number, value.name);
    else {
      aliases++;
      const message = `Cannot number "${value.name}" ${value.number}: "${before}" has it`;
      const hint = "option allow_alias = true; allows it";
      if (!allowed) report(value.numberPos, "E-number", message, hint);
    }
  }
  if (option === undefined || allowed && aliases > 0) return;
  const why = allowed ? "no two values have one number" : "false is what it is without";
  report(option.pos, "E-option", `Cannot set allow_alias of "${name}": ${why}`, "leave it out");
}

/** Many languages drop the name of the enum from those of its values: then they have to differ too. */
function checkShortNames({ name, values }: EnumNode, report: ReportProblem): void {
  const known = new Map<string, EnumValueNode>();
  for (const value of values) {
    const short = pascalCase(withoutPrefix(value.name, name));
    const before = known.get(short);
    if (before === undefined) known.set(short, value);
    else if (before.number !== value.number && before.name !== value.name) {
      const message = `Cannot declare "${value.name}": without the name of its enum it is as ` +
        `"${before.name}" in some languages`;
      report(
        value.pos,
        "E-enum",
        message,
        "names have to differ in more than case and underscores",
      );
    }
  }
}

/** `value` without the letters of `name` at its begin, unless nothing would be left. */
function withoutPrefix(value: string, name: string): string {
  const prefix = name.replaceAll("_", "").toLowerCase();
  let at = 0;
  for (let met = 0; met < prefix.length; at++) {
    if (at === value.length) return value;
    if (value[at] === "_") continue;
    if (value[at]!.toLowerCase() !== prefix[met++]) return value;
  }
  return value.slice(at).replace(/^_+/, "") || value;
}

function pascalCase(name: string): string {
  return name.split("_").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join("");
}
