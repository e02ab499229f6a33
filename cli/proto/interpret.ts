/**
 * Finds out what options mean.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
import type {
  FieldNode,
  MessageNode,
  OptionField,
  OptionNode,
  OptionValue,
  Position,
  ProtoFile,
} from "./ast.ts";
import { diagnosticAt } from "./fault.ts";
import { OptionMessage } from "./option_message.ts";
import { scalarOf } from "./option_scalar.ts";
import type { NameFinder } from "./resolve.ts";

/** Where options stand. */
export interface OptionPlace {
  /** Message of `descriptor.proto` that they set fields of, `MethodOptions`. */
  readonly type: string;
  /** Scope in which the names of extensions are looked up. */
  readonly scope: string;
  readonly file: ProtoFile;
}

/** Options that are no fields of an options message. */
const APART: ReadonlySet<string> = new Set(["json_name", "default"]);

/** Interprets options; what is wrong with them is kept. */
export class OptionInterpreter {
  /** What is wrong. */
  readonly diagnostics: Diagnostic[] = [];
  readonly #descriptor: ProtoFile;
  readonly #find: NameFinder;
  #place!: OptionPlace;

  /** `descriptor` is the file that declares the options. */
  constructor(descriptor: ProtoFile, find: NameFinder) {
    this.#descriptor = descriptor;
    this.#find = find;
  }

  /** The message that `options` make. */
  interpret(options: readonly OptionNode[], place: OptionPlace): OptionMessage {
    this.#place = place;
    const node = this.#descriptor.messages.find(({ name }) => name === place.type)!;
    const message = new OptionMessage(node);
    for (const option of options) {
      const [first] = option.name;
      const isApart = option.name.length === 1 && !first!.isExtension && APART.has(first!.name);
      if (!isApart) this.#set(option, message);
    }
    return message;
  }

  #set({ name, value, pos }: OptionNode, root: OptionMessage): void {
    let message = root;
    for (const [index, part] of name.entries()) {
      const found = this.#field(part.name, part.isExtension, message.node, pos);
      if (found === undefined) return;
      const { field, extensionName } = found;
      if (index === name.length - 1) {
        this.#assign(message, field, value, extensionName);
        return;
      }
      if (field.target?.kind !== "message" || field.label === "repeated") {
        return this.#fail(`"${part.name}" is no message with fields`, pos);
      }
      let inner = message.values(field).at(-1);
      if (!(inner instanceof OptionMessage)) {
        inner = new OptionMessage(field.target);
        message.add(field, inner, extensionName);
      }
      message = inner;
    }
  }

  #field(
    name: string,
    isExtension: boolean,
    node: MessageNode,
    pos: Position,
  ): { field: FieldNode; extensionName?: string } | undefined {
    if (!isExtension) {
      const field = node.fields.find((field) => field.name === name);
      if (field !== undefined) return { field };
      this.#fail(`${node.name} has no option "${name}"`, pos);
      return undefined;
    }
    const { scope, file } = this.#place;
    const symbol = this.#find(name, scope, file);
    if (symbol?.kind !== "extension") {
      this.#fail(`there is no option (${name})`, pos, "import the file that declares it");
      return undefined;
    }
    if (symbol.extendee !== node) {
      this.#fail(`(${name}) is an option of ${symbol.extendee?.name}, not of ${node.name}`, pos);
      return undefined;
    }
    return { field: symbol.node, extensionName: symbol.fullName };
  }

  #assign(
    message: OptionMessage,
    field: FieldNode,
    value: OptionValue,
    extensionName?: string,
  ): void {
    const isList = field.label === "repeated";
    if (field.mapKey !== undefined) {
      return this.#fail(`"${field.name}" is a map, which options cannot set`, value.pos);
    }
    if (!isList && message.values(field).length > 0) {
      return this.#fail(`"${field.name}" is set already`, value.pos);
    }
    if (value.kind === "list") {
      if (!isList) return this.#fail(`"${field.name}" is no list`, value.pos);
      for (const item of value.items) this.#assign(message, field, item, extensionName);
      return;
    }
    const typed = field.target?.kind === "message"
      ? this.#message(field.target, value)
      : scalarOf(field, value);
    if (typeof typed === "object" && "problem" in typed) this.#fail(typed.problem, value.pos);
    else message.add(field, typed, extensionName);
  }

  #message(node: MessageNode, value: OptionValue): OptionMessage | { problem: string } {
    if (value.kind !== "message") return { problem: `need { ... } of type ${node.fullName}` };
    const message = new OptionMessage(node);
    for (const field of value.fields) this.#setField(message, field);
    return message;
  }

  #setField(message: OptionMessage, { name, value, pos }: OptionField): void {
    const isExtension = name.startsWith("[");
    const plain = isExtension ? name.slice(1, -1) : name;
    if (plain.includes("/")) return this.#fail("an Any cannot be written in options", pos);
    const found = this.#field(plain, isExtension, message.node, pos);
    if (found !== undefined) this.#assign(message, found.field, value, found.extensionName);
  }

  #fail(problem: string, pos: Position, hint?: string): void {
    this.diagnostics.push(diagnosticAt(pos, "E-option", `Cannot set option: ${problem}`, hint));
  }
}
