/**
 * Checks fields.
 *
 * @module
 */

import type { FieldNode, MessageNode } from "./ast.ts";
import { isIn } from "./check_numbers.ts";
import type { ReportProblem } from "./check_report.ts";
import { canPack, optionOf, plainOption } from "./field_traits.ts";
import { scalarOf } from "./option_scalar.ts";
import { MAP_KEYS } from "./scalars.ts";

/** Checks a field of a message. */
export function checkField(field: FieldNode, report: ReportProblem): void {
  const { name, label, oneof, mapKey, typePos, type, target, file } = field;
  const fail = (what: string) =>
    report(typePos, "E-label", `Cannot declare field "${name}": ${what}`);
  if (label === "required" && file?.syntax === "proto3") fail("proto3 has no required");
  if (oneof !== undefined && label !== undefined) fail(`a oneof takes no ${label}`);
  if (
    oneof === undefined && label === undefined && mapKey === undefined && file?.syntax === "proto2"
  ) {
    fail("proto2 needs optional, repeated or required before it");
  }
  if (mapKey !== undefined && !MAP_KEYS.has(mapKey)) {
    const message =
      `Cannot use ${mapKey} as key of map "${name}": need a whole number, bool or string`;
    report(typePos, "E-map", message);
  }
  if (file?.syntax === "proto3" && target?.kind === "enum" && target.file?.syntax === "proto2") {
    const message = `Cannot use "${type}" in a message of proto3: it is an enum of proto2`;
    report(typePos, "E-type", message, "declare it in a file of proto3, or use int32");
  }
  checkOptions(field, report);
}

/** Checks a field that extends `target`. */
export function checkExtension(
  field: FieldNode,
  target: MessageNode,
  report: ReportProblem,
): void {
  const { name, number, numberPos, label, mapKey, typePos, options } = field;
  if (!isIn(number, target.extensionRanges)) {
    const { from, to } = target.extensionRanges[0] ?? { from: 0, to: 0 };
    const hint = to === 0 ? "it takes none" : `take one of ${from} to ${to}`;
    const message =
      `Cannot number extension "${name}" ${number}: it is none that ${target.fullName} takes`;
    report(numberPos, "E-number", message, hint);
  }
  if (label === "required") {
    report(typePos, "E-label", `Cannot declare extension "${name}": it cannot be required`);
  }
  if (mapKey !== undefined) {
    report(typePos, "E-map", `Cannot declare extension "${name}": it cannot be a map`);
  }
  const json = optionOf(options, "json_name");
  if (json !== undefined) {
    report(json.pos, "E-option", `Cannot set json_name of "${name}": extensions have none`);
  }
  checkOptions(field, report);
}

const JSTYPES: ReadonlySet<string> = new Set(["int64", "uint64", "sint64", "fixed64", "sfixed64"]);

/** Options that not every field takes. */
function checkOptions(field: FieldNode, report: ReportProblem): void {
  const { name, options, type, target, mapKey } = field;
  const fail = (option: string, why: string) => {
    const { pos } = optionOf(options, option)!;
    report(pos, "E-option", `Cannot set ${option} of "${name}": ${why}`);
  };
  checkDefault(field, report);
  if (plainOption(options, "packed") === "true" && !canPack(field)) {
    fail("packed", "only lists of numbers, bools and enums take it");
  }
  const jstype = plainOption(options, "jstype") ?? "JS_NORMAL";
  if (jstype !== "JS_NORMAL" && !JSTYPES.has(type)) {
    fail("jstype", "only integers of 64 bits take it");
  }
  for (const option of ["lazy", "unverified_lazy"]) {
    const isMessage = target?.kind === "message" && mapKey === undefined;
    if (plainOption(options, option) === "true" && !isMessage) {
      fail(option, "only messages take it");
    }
  }
  checkJsonName(field, report);
}

function checkDefault(field: FieldNode, report: ReportProblem): void {
  const { name, options, file, label, target } = field;
  const [set, again] = options.filter((option) => optionOf([option], "default") !== undefined);
  if (set === undefined) return;
  const fail = (why: string) =>
    report(set.pos, "E-default", `Cannot set default of "${name}": ${why}`);
  if (file?.syntax === "proto3") return fail("proto3 has zero only");
  if (label === "repeated" || target?.kind === "message") {
    return fail("lists and messages have none");
  }
  if (again !== undefined) return fail("it is set twice");
  const value = scalarOf(field, set.value, false);
  if (typeof value === "object" && "problem" in value) fail(value.problem);
}

function checkJsonName({ name, options }: FieldNode, report: ReportProblem): void {
  const set = options.filter((option) => optionOf([option], "json_name") !== undefined);
  for (const { value, pos } of set.slice(0, 1)) {
    const text = plainOption(set, "json_name");
    const why = value.kind !== "string" || text === undefined
      ? "need text that is UTF-8"
      : text.startsWith("[") && text.endsWith("]")
      ? "it cannot stand in brackets"
      : text.includes("\0")
      ? "it cannot hold a zero character"
      : set.length > 1
      ? "it is set twice"
      : undefined;
    if (why !== undefined) report(pos, "E-option", `Cannot set json_name of "${name}": ${why}`);
  }
}
