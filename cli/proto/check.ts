/**
 * Checks what can be wrong with declarations whose names are all found.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
import type { EnumNode, ExtendNode, MessageNode, ProtoFile } from "./ast.ts";
import { checkEnum } from "./check_enum.ts";
import { checkExtension, checkField } from "./check_field.ts";
import { checkJsonNames } from "./check_json_names.ts";
import { checkNumbers } from "./check_numbers.ts";
import type { ReportProblem } from "./check_report.ts";
import { diagnosticAt } from "./fault.ts";
import { optionOf, plainOption } from "./field_traits.ts";

/** What is wrong with the declarations of a file. */
export function checkProto(file: ProtoFile): Diagnostic[] {
  if (file.bundled) return [];
  const diagnostics: Diagnostic[] = [];
  const report: ReportProblem = (pos, code, message, hint) => {
    diagnostics.push(diagnosticAt(pos, code, message, hint));
  };
  checkImports(file, report);
  checkDeclared(file, file, report);
  return diagnostics;
}

function checkImports(file: ProtoFile, report: ReportProblem): void {
  if (isLite(file)) return;
  for (const { path, pos } of file.imports) {
    const imported = file.dependencies.find(({ name }) => name === path);
    if (imported === undefined || !isLite(imported)) continue;
    const hint = "give this file that option too, or take it from the other";
    const message =
      `Cannot import "${path}": it has optimize_for = LITE_RUNTIME, this file has not`;
    report(pos, "E-import", message, hint);
  }
}

function isLite({ options }: ProtoFile): boolean {
  return plainOption(options, "optimize_for") === "LITE_RUNTIME";
}

function checkDeclared(
  { messages, enums, extensions }: {
    readonly messages: readonly MessageNode[];
    readonly enums: readonly EnumNode[];
    readonly extensions: readonly ExtendNode[];
  },
  file: ProtoFile,
  report: ReportProblem,
): void {
  for (const message of messages) checkMessage(message, file, report);
  for (const node of enums) checkEnum(node, file, report);
  for (const node of extensions) checkExtend(node, file, report);
}

function checkMessage(message: MessageNode, file: ProtoFile, report: ReportProblem): void {
  checkNumbers(message, report);
  checkJsonNames(message, report);
  for (const field of message.fields) checkField(field, report);
  for (const { name, pos, size } of message.oneofs) {
    if (size === 0) report(pos, "E-oneof", `Cannot declare oneof "${name}": it has no field`);
  }
  if (file.syntax === "proto3") checkProto3(message, report);
  const entry = optionOf(message.options, "map_entry");
  if (entry !== undefined) {
    report(entry.pos, "E-option", "Cannot set map_entry: it is no option of yours", "write map<,>");
  }
  checkDeclared(message, file, report);
}

/** What only proto2 has. */
function checkProto3({ extensionRanges, options }: MessageNode, report: ReportProblem): void {
  for (const { pos } of extensionRanges) {
    const hint = "use google.protobuf.Any, or a field of your own";
    report(pos, "E-extension", "Cannot declare extensions: proto3 has none", hint);
  }
  const set = optionOf(options, "message_set_wire_format");
  if (set?.value.kind === "name" && set.value.name === "true") {
    report(set.pos, "E-option", "Cannot set message_set_wire_format: proto3 has none");
  }
}

function checkExtend(node: ExtendNode, file: ProtoFile, report: ReportProblem): void {
  const { target, pos, extendee, fields } = node;
  if (target === undefined) {
    const message = `Cannot extend "${extendee}": it is no message`;
    return report(pos, "E-extension", message);
  }
  if (file.syntax === "proto3" && !/^google\.protobuf\.\w+Options$/.test(target.fullName)) {
    const hint = "only the options of google/protobuf/descriptor.proto can be extended";
    const message = `Cannot extend "${extendee}": it is no options message`;
    return report(pos, "E-extension", message, hint);
  }
  for (const field of fields) checkExtension(field, target, report);
}
