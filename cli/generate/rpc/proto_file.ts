/**
 * Plans the generated file of a `.proto` file.
 *
 * @module
 */

import { bytesToBase64 } from "../../../rpc/proto/base64.ts";
import type { ProtoFile } from "../../proto/ast.ts";
import { docComment, fits, indentLines, propertyLine } from "../code.ts";
import { genFile, type TextFile } from "../generated_file.ts";
import { enumText } from "./enum_text.ts";
import { messageModel } from "./field_model.ts";
import { FileContext, type NameBook, type ProtoPlaces } from "./file_context.ts";
import { messageText } from "./message_text.ts";
import { declaredTypes } from "./proto_names.ts";
import { type MethodOptions, serviceText } from "./service_text.ts";

/** What {@link protoFile} is told beside the file. */
export interface ProtoFileOptions {
  /** Names of all files. */
  readonly book: NameBook;
  /** Where generated files stand. */
  readonly places: ProtoPlaces;
  /** Bytes of the `FileDescriptorProto` of a file. */
  readonly descriptorOf: (file: ProtoFile) => Uint8Array;
  /** Options of a method as plain data. */
  readonly optionsOf: MethodOptions;
}

/** Characters of a line of base64. */
const LINE = 80;

/** The file: messages, enums and services of `file`, and the file itself. */
export function protoFile(file: ProtoFile, options: ProtoFileOptions): TextFile {
  const context = new FileContext(file, options.book, options.places);
  const types = declaredTypes(file).map((node) =>
    node.kind === "enum"
      ? enumText(node, context)
      : messageText(messageModel(node, context), context)
  );
  const services = file.services.map((service) => serviceText(service, context, options.optionsOf));
  const body = [...types, ...services, fileText(context, options)].join("\n");
  const imports = context.imports();
  const doc = docComment([...moduleDoc(file), "", "@module"]);
  return genFile(context.path, file.name, `${doc}\n${imports}\n\n${body}`);
}

function moduleDoc({ docs, name }: ProtoFile): string[] {
  return docs.some((line) => line.trim() !== "") ? [...docs] : [`What \`${name}\` declares.`];
}

function fileText(context: FileContext, { descriptorOf }: ProtoFileOptions): string {
  const { file } = context;
  const make = context.runtime("fileInfo");
  const name = context.fileConstant(file);
  const messages = declaredTypes(file).filter(({ kind }) => kind === "message")
    .map((node) => context.type(node));
  const imports = file.dependencies.map((imported) => context.fileConstant(imported));
  const type = context.runtime("FileInfo", { typeOnly: true });
  const body = `{\n${propertyLine("name", JSON.stringify(file.name), "  ")}` +
    `  imports: ${listText(imports)},\n  messages: ${listText(messages)},\n` +
    `  descriptor:${base64Text(descriptorOf(file))},\n}`;
  return docComment([`The file \`${file.name}\`, for reflection and for \`Any\` in JSON.`]) +
    declaration(name, type, `${make}(${body});\n`);
}

/** `export const name: Type = make({`, broken where that does not fit on a line. */
function declaration(name: string, type: string, value: string): string {
  const start = value.slice(0, value.indexOf("\n"));
  const head = `export const ${name}: ${type} =`;
  if (fits(`${head} ${start}`)) return `${head} ${value}`;
  const inner = indentLines(value, "  ");
  return fits(head)
    ? `${head}\n${inner}`
    : `export const ${name}:\n  ${type} = ${inner.trimStart()}`;
}

function listText(names: readonly string[]): string {
  const line = `[${names.join(", ")}]`;
  return line.length <= 80 ? line : `[\n${names.map((name) => `    ${name},\n`).join("")}  ]`;
}

function base64Text(bytes: Uint8Array): string {
  const lines = bytesToBase64(bytes).match(new RegExp(`.{1,${LINE}}`, "g")) ?? [""];
  if (lines.length === 1) return ` "${lines[0]}"`;
  return ` "${lines[0]}" +\n${lines.slice(1).map((line) => `    "${line}"`).join(" +\n")}`;
}
