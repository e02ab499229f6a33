/**
 * Files that are created once for each method: its logic.
 *
 * @module
 */

import { docComment, fits, importBlock, relativeImport } from "../code.ts";
import { onceFile, type TextFile } from "../generated_file.ts";
import { CONTRACT_PATH } from "./contract_file.ts";
import { describe } from "./message_text.ts";
import { MessageNames, parameterOf, resultOf } from "./method_types.ts";
import { type MethodModel, RPC, type RpcModel } from "./model.ts";
import { NAMES } from "./rpc_names.ts";

/** Logic that is known, for services that come with it. */
export interface LogicBody {
  /** Lines of the method. They may read `request`. */
  readonly lines: readonly string[];
  /** What the method is asked in its test, and what it must answer; as code. */
  readonly example: { readonly request: string; readonly answer: string };
}

/** Bodies by path of the method. */
export type LogicBodies = ReadonlyMap<string, LogicBody>;

/** Logic of all methods. */
export function logicFiles(model: RpcModel, bodies: LogicBodies): TextFile[] {
  return model.services.flatMap(({ methods }) => methods)
    .map((method) =>
      onceFile(method.logicFile, logicText(method, model, bodies.get(method.path)?.lines))
    );
}

function logicText(
  method: MethodModel,
  model: RpcModel,
  body: readonly string[] | undefined,
): string {
  const { logic, logicFile, contract, path } = method;
  const taken = [logic, contract, NAMES.context, "ServiceContext", "ServiceError"];
  const names = new MessageNames(model, logicFile, taken);
  const methodPart = methodText(method, names, body);
  const imports = importBlock([
    { names: [NAMES.context], from: RPC, typeOnly: true },
    { names: body === undefined ? ["ServiceError"] : [], from: "@zeno/zeno/core/errors" },
    { names: [contract], from: relativeImport(logicFile, CONTRACT_PATH), typeOnly: true },
    {
      names: ["ServiceContext"],
      from: relativeImport(logicFile, model.contextFile),
      typeOnly: true,
    },
    ...names.imports(),
  ]);
  const doc = docComment([`Logic of \`${path}\`.`]);
  return `${imports}\n\n${doc}${classHead(logic, contract)}\n` +
    `  readonly #context: ${NAMES.context};\n  readonly #svc: ServiceContext;\n\n` +
    docComment(["Made for each call."], "  ") +
    `  constructor(context: ${NAMES.context}, svc: ServiceContext) {\n` +
    "    this.#context = context;\n    this.#svc = svc;\n  }\n\n" +
    `${methodPart}}\n`;
}

function classHead(name: string, contract: string): string {
  const line = `export class ${name} implements ${contract} {`;
  if (fits(line)) return line;
  const second = `  implements ${contract} {`;
  return `export class ${name}\n${fits(second) ? second : `  implements\n    ${contract} {`}`;
}

function methodText(
  method: MethodModel,
  names: MessageNames,
  body: readonly string[] | undefined,
): string {
  const { key, kind, node } = method;
  const parameter = parameterOf(method, names);
  const isStream = kind === "server_stream" || kind === "bidi_stream";
  const keyword = isStream ? "async *" : "";
  const name = body === undefined ? `_${parameter.name}` : parameter.name;
  const line = `${keyword}${key}(${name}: ${parameter.type}): ${resultOf(method, names)} {`;
  const head = fits(line, "  ")
    ? `  ${line}\n`
    : `  ${keyword}${key}(\n    ${name}: ${parameter.type},\n  ): ${resultOf(method, names)} {\n`;
  const doc = docComment(describe(node.docs, "", "Answers a call."), "  ");
  const lines = body ?? scaffoldLines(method, isStream);
  return `${doc}${head}${lines.map((text) => `    ${text}\n`).join("")}  }\n`;
}

/** A body that says that the logic is still to be written. */
function scaffoldLines({ path }: MethodModel, isStream: boolean): string[] {
  const message = JSON.stringify(`Cannot answer ${path}: its logic is not written yet`);
  const line = `throw new ServiceError("unimplemented", ${message});`;
  if (!isStream) {
    return fits(line, "    ")
      ? [line]
      : ["throw new ServiceError(", `  "unimplemented",`, `  ${message},`, ");"];
  }
  return [
    "const error = new ServiceError(",
    `  "unimplemented",`,
    `  ${message},`,
    ");",
    "// Each `yield` sends one message.",
    "yield await Promise.reject(error);",
  ];
}
