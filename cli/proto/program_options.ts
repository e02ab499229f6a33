/**
 * All options of a program.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
import type { FieldNode, MessageNode, OptionNode, ProtoFile } from "./ast.ts";
import { OptionInterpreter, type OptionPlace } from "./interpret.ts";
import type { OptionMessage } from "./option_message.ts";
import type { NameFinder } from "./symbol_table.ts";

/** Options by the list of nodes that sets them. */
export type ProgramOptions = ReadonlyMap<readonly OptionNode[], OptionMessage>;

/** Interprets all options of the files. */
export function interpretOptions(
  files: readonly ProtoFile[],
  descriptor: ProtoFile,
  find: NameFinder,
): { options: ProgramOptions; diagnostics: readonly Diagnostic[] } {
  const interpreter = new OptionInterpreter(descriptor, find);
  const options = new Map<readonly OptionNode[], OptionMessage>();
  for (const file of files) {
    visit(file, (nodes, type, scope) => {
      if (nodes.length === 0) return;
      const place: OptionPlace = { type, scope, file };
      const message = interpreter.interpret(nodes, place);
      if (!message.isEmpty) options.set(nodes, message);
    });
  }
  return { options, diagnostics: interpreter.diagnostics };
}

type Visitor = (nodes: readonly OptionNode[], type: string, scope: string) => void;

/** Options are looked up in the scope that their declaration stands in. */
function visit(file: ProtoFile, visitor: Visitor): void {
  const scope = file.package;
  visitor(file.options, "FileOptions", scope);
  visitIn(file, scope, visitor);
  for (const service of file.services) {
    visitor(service.options, "ServiceOptions", scope);
    for (const { options } of service.methods) visitor(options, "MethodOptions", service.fullName);
  }
}

function visitIn(
  { messages, enums, extensions }: Pick<MessageNode, "messages" | "enums" | "extensions">,
  scope: string,
  visitor: Visitor,
): void {
  const fields = (nodes: readonly FieldNode[], scope: string) => {
    for (const { options } of nodes) visitor(options, "FieldOptions", scope);
  };
  for (const message of messages) {
    const { fullName } = message;
    visitor(message.options, "MessageOptions", scope);
    fields(message.fields, fullName);
    for (const { options } of message.oneofs) visitor(options, "OneofOptions", fullName);
    // Ranges of one statement share their options.
    const ranges = new Set(message.extensionRanges.map(({ options }) => options));
    for (const options of ranges) visitor(options, "ExtensionRangeOptions", scope);
    visitIn(message, fullName, visitor);
  }
  for (const { options, values } of enums) {
    visitor(options, "EnumOptions", scope);
    for (const value of values) visitor(value.options, "EnumValueOptions", scope);
  }
  for (const extend of extensions) fields(extend.fields, scope);
}
