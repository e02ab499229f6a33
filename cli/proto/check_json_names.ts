/**
 * Checks names in JSON.
 *
 * @module
 */

import { lowerCamel } from "../../rpc/proto/field.ts";
import type { FieldNode, MessageNode } from "./ast.ts";
import type { ReportProblem } from "./check_report.ts";
import { plainOption } from "./field_traits.ts";

/** Checks that the fields of a message differ in JSON. */
export function checkJsonNames(message: MessageNode, report: ReportProblem): void {
  if (message.file?.syntax !== "proto3") return;
  if (plainOption(message.options, "deprecated_legacy_json_field_conflicts") === "true") return;
  // Field masks know nothing of json_name: names have to differ without it too.
  const plain = clashes(message.fields, ({ name }) => lowerCamel(name));
  const custom = clashes(message.fields, jsonNameOf);
  for (const [field, clash] of new Map([...custom, ...plain])) {
    const { name, pos } = field;
    const message = `Cannot declare field "${name}": in JSON it is "${clash.json}", as ` +
      `"${clash.before}" is`;
    report(pos, "E-json-name", message, "rename it, or give it another json_name");
  }
}

/** The name of a field in JSON. */
function jsonNameOf({ options, name }: FieldNode): string {
  return plainOption(options, "json_name") ?? lowerCamel(name);
}

/** Fields that have the name of one before them. */
function clashes(
  fields: readonly FieldNode[],
  nameOf: (field: FieldNode) => string,
): Map<FieldNode, { json: string; before: string }> {
  const found = new Map<FieldNode, { json: string; before: string }>();
  const names = new Map<string, string>();
  for (const field of fields) {
    const json = nameOf(field);
    const before = names.get(json);
    if (before !== undefined) found.set(field, { json, before });
    else names.set(json, field.name);
  }
  return found;
}
