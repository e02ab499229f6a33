/**
 * Checks of the members of structures: names, tags and wire names.
 *
 * @module
 */

import type { FieldNode, SourceFile, StructNode } from "./ast.ts";
import { optionProblems } from "./check_tag_options.ts";
import type { DeclaredType } from "./declarations.ts";
import { tagResult } from "./field_tag.ts";
import type { Report } from "./report.ts";
import type { Tag } from "./spec.ts";
import { SOURCE_KEYS } from "./tag.ts";

/** Checks the members of all declared structures. */
export function checkFields(types: readonly DeclaredType[], report: Report): void {
  for (const { source, declaration: { type } } of types) {
    if (type.kind === "struct") checkStruct(source, type, report);
  }
}

function checkStruct(source: SourceFile, struct: StructNode, report: Report): void {
  const names = new Set<string>();
  const wireNames = new Map<string, string>();
  for (const field of struct.fields) {
    const tags = readTag(source, field, report);
    const isNew = checkNames(source, field, names, report);
    if (isNew && tags !== undefined) checkWireNames(source, field, tags, wireNames, report);
    if (field.type.kind === "struct") checkStruct(source, field.type, report);
  }
}

/** Reads the tag and checks it; undefined when it is malformed. */
function readTag(source: SourceFile, field: FieldNode, report: Report): readonly Tag[] | undefined {
  const { tag, type, names } = field;
  if (tag === undefined) return [];
  const result = tagResult(field);
  if (!result.ok) {
    report.error(source.file, tag, "E-tag", `Cannot read tag: ${result.message}`);
    return undefined;
  }
  for (const part of result.tags) {
    if (!SOURCE_KEYS.has(part.key)) continue;
    if (names.length > 1 && part.name !== "" && part.name !== "-") {
      const message = `Cannot give ${names.length} members the one ${part.key} name "${part.name}"`;
      report.error(source.file, tag, "E-tag", message);
    }
    for (const { severity, message } of optionProblems(part, type)) {
      if (severity === "error") {
        report.error(source.file, tag, "E-tag-option", `Cannot use tag ${part.key}: ${message}`);
      } else {
        report.warn(source.file, tag, "W-tag-option", `In tag ${part.key}, ${message}`);
      }
    }
  }
  return result.tags;
}

/** Whether the names of a member are new in the structure. */
function checkNames(
  source: SourceFile,
  field: FieldNode,
  seen: Set<string>,
  report: Report,
): boolean {
  let isNew = true;
  for (const name of field.names) {
    if (seen.has(name.text)) {
      const message = `Cannot have two members "${name.text}"`;
      report.error(source.file, name, "E-duplicate-field", message);
      isNew = false;
    }
    seen.add(name.text);
  }
  return isNew;
}

function checkWireNames(
  source: SourceFile,
  field: FieldNode,
  tags: readonly Tag[],
  seen: Map<string, string>,
  report: Report,
): void {
  const sourceTags = tags.filter((tag) => SOURCE_KEYS.has(tag.key));
  for (const name of field.names) {
    // A member without a tag is a JSON member of its own name.
    const wires = tags.length === 0 ? [{ key: "json", name: name.text }] : sourceTags;
    for (const wire of wires) {
      if (wire.name === "-") continue;
      const text = wire.name === "" ? name.text : wire.name;
      const id = `${wire.key}\0${wire.key === "header" ? text.toLowerCase() : text}`;
      const other = seen.get(id);
      if (other === undefined) {
        seen.set(id, name.text);
        continue;
      }
      if (other === name.text || field.names.length > 1 && wire.name !== "") continue;
      const message = `Cannot have the ${wire.key} name "${text}" twice: "${other}" has it`;
      report.error(source.file, field.tag ?? name, "E-duplicate-wire-name", message);
    }
  }
}
