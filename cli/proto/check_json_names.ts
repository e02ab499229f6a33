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
  if (plainOption(message.options, "deprecated_legacy_json_field_conflicts") === "true") return;
  for (const [field, clash] of clashesOf(message)) {
    const { name, pos } = field;
    const message = `Cannot declare field "${name}": in JSON it is "${clash.json}", as ` +
      `"${clash.before}" is`;
    report(pos, "E-json-name", message, "rename it, or give it another json_name");
  }
}

interface Clash {
  readonly json: string;
  readonly before: string;
}

function clashesOf({ fields, file }: MessageNode): Map<FieldNode, Clash> {
  // In proto2 only names that somebody chose have to differ.
  const chosen = fields.filter(({ options }) => plainOption(options, "json_name") !== undefined);
  if (file?.syntax === "proto2") return clashes(chosen, jsonNameOf);
  // Field masks know nothing of json_name: names have to differ without it too.
  const plain = clashes(fields, ({ name }) => lowerCamel(name));
  return new Map([...clashes(fields, jsonNameOf), ...plain]);
}

/** The name of a field in JSON. */
function jsonNameOf({ options, name }: FieldNode): string {
  return plainOption(options, "json_name") ?? lowerCamel(name);
}

/** Fields that have the name of one before them. */
function clashes(
  fields: readonly FieldNode[],
  nameOf: (field: FieldNode) => string,
): Map<FieldNode, Clash> {
  const found = new Map<FieldNode, Clash>();
  const names = new Map<string, string>();
  for (const field of fields) {
    const json = nameOf(field);
    const before = names.get(json);
    if (before !== undefined) found.set(field, { json, before });
    else names.set(json, field.name);
  }
  return found;
}
