/**
 * The compiler of `.proto` files that `zeno rpc gen` stands on; protoc is not needed.
 *
 * It reads proto3, with imports, all options and comments, and makes the descriptors that protoc makes, byte for
 * byte. Files of proto2 may be imported, for their options and messages, but for groups; to compile them is refused,
 * as are editions. What is wrong comes as diagnostics, each with its place and what would help. The well-known types,
 * `google/api` annotations and `google/rpc` come with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compileProtos, descriptorOf } from "@zeno/zeno/cli/proto";
 *
 * const text = 'syntax = "proto3"; package shop; message Order { string id = 1; }';
 * const { program } = compileProtos(["/protos/shop.proto"], {
 *   readFile: (path) => {
 *     if (path === "/protos/shop.proto") return text;
 *     throw new Error("no such file");
 *   },
 *   importPaths: ["/protos"],
 * });
 * const [file] = program!.mains;
 * assertEquals(file!.messages[0]!.fullName, "shop.Order");
 * assertEquals(descriptorOf(file!, program!).length > 0, true);
 * ```
 *
 * @module
 */

export type { Diagnostic, Severity } from "../api/diagnostic.ts";
export type {
  Declaration,
  EnumNode,
  EnumValueNode,
  ExtendNode,
  FieldNode,
  ImportNode,
  MessageNode,
  MethodNode,
  OneofNode,
  OptionField,
  OptionNamePart,
  OptionNode,
  OptionValue,
  Position,
  ProtoFile,
  RangeNode,
  ServiceNode,
  TypeNode,
} from "./ast.ts";
export { type CompiledProtos, compileProtos, descriptorOf, type ProtoProgram } from "./compile.ts";
export type { LoadOptions } from "./loader.ts";
export type { OptionMessage, TypedValue } from "./option_message.ts";
export type { ProgramOptions } from "./program_options.ts";
export type { JsonValue } from "../../rpc/proto/json_value.ts";
export type { Writer } from "../../rpc/proto/writer.ts";
