/**
 * `internal/server/contract.gen.ts`: what each logic class must offer, so that a changed `.proto` file is a
 * type error in the logic.
 *
 * @module
 */

import { docComment, fits, importBlock } from "../code.ts";
import { genFile, type TextFile } from "../generated_file.ts";
import { describe } from "./message_text.ts";
import { MessageNames, parameterOf, resultOf } from "./method_types.ts";
import type { MethodModel, RpcModel } from "./model.ts";

/** Path of the file. */
export const CONTRACT_PATH = "internal/server/contract.gen.ts";

/** The file. */
export function contractFile(model: RpcModel): TextFile {
  const methods = model.services.flatMap(({ methods }) => methods);
  const names = new MessageNames(model, CONTRACT_PATH, methods.map(({ contract }) => contract));
  const contracts = methods.map((method) => contractText(method, names));
  const imports = importBlock(names.imports());
  return genFile(
    CONTRACT_PATH,
    model.options.sources.join(", "),
    [imports, ...contracts].filter(Boolean)
      .join("\n\n").replace(/\n\n\n/g, "\n\n"),
  );
}

function contractText(method: MethodModel, names: MessageNames): string {
  const doc = docComment([`What answers \`${method.path}\`.`]);
  const { name, type } = parameterOf(method, names);
  const result = resultOf(method, names);
  // A property, not a method: only then are the types of parameters compared strictly.
  const line = `readonly ${method.key}: (${name}: ${type}) => ${result};`;
  const member = fits(line, "  ")
    ? `  ${line}`
    : `  readonly ${method.key}: (\n    ${name}: ${type},\n  ) => ${result};`;
  const memberDoc = docComment(describe(method.node.docs, "", "Answers a call."), "  ");
  return `${doc}export interface ${method.contract} {\n${memberDoc}${member}\n}\n`;
}
