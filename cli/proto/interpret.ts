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
  OptionNamePart,
  OptionNode,
  OptionValue,
  Position,
  ProtoFile,
} from "./ast.ts";
import { diagnosticAt } from "./fault.ts";
import { isMapEntry, mapEntryOf, optionOf } from "./field_traits.ts";
import { OptionMessage } from "./option_message.ts";
import { scalarOf } from "./option_scalar.ts";
import type { NameFinder } from "./symbol_table.ts";

/** Where options stand. */
export interface OptionPlace {
  /** Message of `descriptor.proto` that they set fields of, `MethodOptions`. */
  readonly type: string;
  /** Scope that what has the options is declared in: there the names of extensions are looked up. */
  readonly scope: string;
  readonly file: ProtoFile;
}

/** Options that are no fields of an options message. */
const APART: ReadonlySet<string> = new Set(["json_name", "default"]);

/** Types named by an address that has one of these at its begin can be written in an `Any`. */
const ANY_ADDRESS = /^type\.google(?:apis|prod)\.com\/([\w.]+)$/;

/** Names of the kinds of declarations in `TARGET_TYPE_*`, by their options message. */
const TARGETS: Readonly<Record<string, string>> = {
  FileOptions: "FILE",
  ExtensionRangeOptions: "EXTENSION_RANGE",
  MessageOptions: "MESSAGE",
  FieldOptions: "FIELD",
  OneofOptions: "ONEOF",
  EnumOptions: "ENUM",
  EnumValueOptions: "ENUM_ENTRY",
  ServiceOptions: "SERVICE",
  MethodOptions: "METHOD",
};

/** How a value is given to a field. */
interface Assignment {
  /** Full name of the field when it is an extension. */
  readonly extensionName: string | undefined;
  /** Whether the value stands within braces. */
  readonly isText: boolean;
}

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
      const name = first!.isExtension ? undefined : first!.name;
      const isApart = place.type === "FieldOptions" && option.name.length === 1;
      if (isApart && name !== undefined && APART.has(name)) continue;
      if (name === "features") this.#fail("features are for editions", option.pos);
      else if (name === "uninterpreted_option") {
        this.#fail(`"${name}" is none of yours`, option.pos);
      } else this.#set(option, message);
    }
    return message;
  }

  #set({ name, value, pos }: OptionNode, root: OptionMessage): void {
    let message = root;
    for (const [index, part] of name.entries()) {
      const found = this.#field(part, message.node, pos, this.#place.scope);
      if (found === undefined) return;
      const { field, extensionName } = found;
      if (!this.#isAllowed(field, pos)) return;
      if (index === name.length - 1) {
        this.#assign(message, field, value, { extensionName, isText: false });
        return;
      }
      const isSingle = field.label !== "repeated" && field.mapKey === undefined;
      if (field.target?.kind !== "message" || !isSingle) {
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

  /** Whether the option may stand where it does. */
  #isAllowed({ name, options }: FieldNode, pos: Position): boolean {
    const targets = options.filter((option) => optionOf([option], "targets") !== undefined)
      .map(({ value }) => value.kind === "name" ? value.name : "");
    const target = `TARGET_TYPE_${TARGETS[this.#place.type]}`;
    if (targets.length === 0 || targets.includes(target)) return true;
    this.#fail(`"${name}" is for ${targets.join(", ")}, not for ${target}`, pos);
    return false;
  }

  #field(
    { name, isExtension }: OptionNamePart,
    node: MessageNode,
    pos: Position,
    scope: string,
  ): { field: FieldNode; extensionName: string | undefined } | undefined {
    if (!isExtension) {
      const field = node.fields.find((field) => field.name === name);
      if (field !== undefined) return { field, extensionName: undefined };
      this.#fail(`${node.name} has no option "${name}"`, pos);
      return undefined;
    }
    const symbol = this.#find(name, scope, this.#place.file);
    if (symbol?.kind !== "extension") {
      this.#fail(`there is no option (${name})`, pos, "import the file that declares it");
      return undefined;
    }
    const { target } = symbol.extend;
    if (target !== node) {
      this.#fail(`(${name}) is an option of ${target?.name}, not of ${node.name}`, pos);
      return undefined;
    }
    return { field: symbol.node, extensionName: symbol.fullName };
  }

  #assign(message: OptionMessage, field: FieldNode, value: OptionValue, how: Assignment): void {
    const isList = field.label === "repeated" || field.mapKey !== undefined;
    if (!isList && message.values(field).length > 0) {
      return this.#fail(`"${field.name}" is set already`, value.pos);
    }
    if (how.isText && message.hasRival(field)) {
      return this.#fail(`"${field.name}" is one of a oneof that is set already`, value.pos);
    }
    if (value.kind === "list") {
      if (!isList) return this.#fail(`"${field.name}" is no list`, value.pos);
      for (const item of value.items) this.#assign(message, field, item, how);
      return;
    }
    const node = field.mapKey !== undefined
      ? mapEntryOf(field, message.node.fullName)
      : field.target;
    const typed = node?.kind === "message"
      ? this.#message(node, value)
      : scalarOf(field, value, how.isText);
    if (typeof typed === "object" && "problem" in typed) this.#fail(typed.problem, value.pos);
    else message.add(field, typed, how.extensionName);
  }

  #message(node: MessageNode, value: OptionValue): OptionMessage | { problem: string } {
    if (value.kind !== "message") return { problem: `need { ... } of type ${node.fullName}` };
    const message = new OptionMessage(node);
    for (const field of value.fields) this.#setField(message, field);
    if (isMapEntry(node)) message.fill();
    const missing = node.fields.find((field) =>
      field.label === "required" && message.values(field).length === 0
    );
    return missing === undefined ? message : { problem: `"${missing.name}" is required` };
  }

  #setField(message: OptionMessage, { name, value, pos }: OptionField): void {
    const isExtension = name.startsWith("[");
    const plain = isExtension ? name.slice(1, -1) : name;
    if (plain.includes("/")) return this.#pack(message, plain, value, pos);
    const part = { name: plain, isExtension };
    const found = this.#field(part, message.node, pos, message.node.fullName);
    if (found === undefined) return;
    const { field, extensionName } = found;
    this.#assign(message, field, value, { extensionName, isText: true });
  }

  /** `[type.googleapis.com/shop.Order] { ... }`. */
  #pack(any: OptionMessage, address: string, value: OptionValue, pos: Position): void {
    if (any.node.fullName !== "google.protobuf.Any") {
      return this.#fail(`${any.node.fullName} is no Any`, pos);
    }
    const name = ANY_ADDRESS.exec(address)?.[1];
    const found = name === undefined ? undefined : this.#find(`.${name}`, "", this.#place.file);
    if (found?.kind !== "type" || found.node.kind !== "message") {
      return this.#fail(
        `there is no message ${address}`,
        pos,
        "write type.googleapis.com/pkg.Name",
      );
    }
    const message = this.#message(found.node, value);
    if ("problem" in message) this.#fail(message.problem, value.pos);
    else any.pack(address, message);
  }

  #fail(problem: string, pos: Position, hint?: string): void {
    this.diagnostics.push(diagnosticAt(pos, "E-option", `Cannot set option: ${problem}`, hint));
  }
}
