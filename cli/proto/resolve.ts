/**
 * Gives every declaration its full name, and every name what it stands for.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
import { SCALARS } from "./scalars.ts";
import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  MessageNode,
  Position,
  ProtoFile,
  ServiceNode,
} from "./ast.ts";
import { diagnosticAt } from "./fault.ts";
import { mapEntryName, syntheticOneofs } from "./field_traits.ts";
import { lookUp, type ProtoSymbol, qualify, visibleFiles } from "./symbols.ts";

/** Finds what a name stands for, as seen from a scope of a file. */
export type NameFinder = (
  name: string,
  scope: string,
  file: ProtoFile,
  options?: FindOptions,
) => ProtoSymbol | undefined;

/** Choices of a {@link NameFinder}. */
export interface FindOptions {
  /** Whether what is no type does not hide a type further out. @default {false} */
  typesOnly?: boolean;
}

/** What {@link resolveProtos} found. */
export interface ResolvedProtos {
  readonly find: NameFinder;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves the names of all files, each behind those it imports; sets the fields kept for it. */
export function resolveProtos(files: readonly ProtoFile[]): ResolvedProtos {
  const resolver = new Resolver();
  for (const file of files) resolver.declare(file);
  for (const file of files) resolver.link(file);
  return { find: resolver.find, diagnostics: resolver.diagnostics };
}

class Resolver {
  readonly diagnostics: Diagnostic[] = [];
  readonly #symbols = new Map<string, ProtoSymbol>();
  /** All packages and the scopes above them. */
  readonly #packages = new Map<string, Set<ProtoFile>>();
  /** Names of the extensions of a message by number. */
  readonly #extensions = new Map<MessageNode, Map<number, string>>();
  readonly #visible = new Map<ProtoFile, Set<ProtoFile>>();
  #file!: ProtoFile;

  readonly find: NameFinder = (name, scope, file, { typesOnly = false } = {}) => {
    let visible = this.#visible.get(file);
    if (visible === undefined) this.#visible.set(file, visible = visibleFiles(file));
    const seen = visible;
    const find = (fullName: string): ProtoSymbol | undefined => {
      const symbol = this.#symbols.get(fullName);
      if (symbol !== undefined && seen.has(symbol.file)) return symbol;
      const owner = [...this.#packages.get(fullName) ?? []].find((file) => seen.has(file));
      return owner === undefined ? undefined : { kind: "package", file: owner };
    };
    return lookUp(name, scope, find, ({ kind }) => !typesOnly || kind === "type");
  };

  declare(file: ProtoFile): void {
    this.#file = file;
    const parts = file.package === "" ? [] : file.package.split(".");
    for (let count = 1; count <= parts.length; count++) {
      const name = parts.slice(0, count).join(".");
      const before = this.#symbols.get(name);
      if (before !== undefined) this.#taken(name, before, file.packagePos!);
      this.#packages.set(name, (this.#packages.get(name) ?? new Set()).add(file));
    }
    this.#declareIn(file.package, file);
    for (const service of file.services) {
      service.fullName = qualify(file.package, service.name);
      this.#add(service.fullName, { kind: "service", node: service, file }, service.pos);
      for (const node of service.methods) {
        this.#add(qualify(service.fullName, node.name), { kind: "rpc", node, file }, node.pos);
      }
    }
  }

  #declareIn(
    scope: string,
    { messages, enums, extensions }: Pick<MessageNode, "messages" | "enums" | "extensions">,
  ): void {
    const file = this.#file;
    for (const message of messages) {
      message.file = file;
      message.fullName = qualify(scope, message.name);
      this.#add(message.fullName, { kind: "type", node: message, file }, message.pos);
      this.#declareMembers(message);
      this.#declareIn(message.fullName, message);
    }
    for (const node of enums) this.#declareEnum(scope, node);
    for (const { fields } of extensions) {
      for (const node of fields) {
        node.file = file;
        const fullName = qualify(scope, node.name);
        const symbol = { kind: "extension", node, extendee: undefined, fullName, file } as const;
        this.#add(fullName, symbol, node.pos);
      }
    }
  }

  /** Fields and oneofs are names as types are: a message cannot have both of one name. */
  #declareMembers(message: MessageNode): void {
    const file = this.#file;
    const add = (name: string, symbol: ProtoSymbol, pos: Position) =>
      this.#add(qualify(message.fullName, name), symbol, pos);
    for (const node of message.fields) {
      node.file = file;
      add(node.name, { kind: "field", node, file }, node.pos);
      if (node.mapKey === undefined) continue;
      add(mapEntryName(node.name), { kind: "map entry", node, file }, node.pos);
    }
    for (const node of message.oneofs) add(node.name, { kind: "oneof", node, file }, node.pos);
    for (const [node, name] of syntheticOneofs(message)) {
      add(name, { kind: "field", node, file }, node.pos);
    }
  }

  #declareEnum(scope: string, node: EnumNode): void {
    const file = this.#file;
    node.file = file;
    node.fullName = qualify(scope, node.name);
    this.#add(node.fullName, { kind: "type", node, file }, node.pos);
    // Values are names beside the enum, not in it.
    for (const value of node.values) {
      this.#add(qualify(scope, value.name), { kind: "value", node: value, file }, value.pos);
    }
  }

  #add(fullName: string, symbol: ProtoSymbol, pos: Position): void {
    const [owner] = this.#packages.get(fullName) ?? [];
    const before = this.#symbols.get(fullName) ??
      (owner === undefined ? undefined : { kind: "package" as const, file: owner });
    if (before === undefined) {
      this.#symbols.set(fullName, symbol);
      return;
    }
    const hint = before.kind === "value" || symbol.kind === "value"
      ? "values of enums are names beside their enum: begin them with its name"
      : undefined;
    this.#taken(fullName, before, pos, hint);
  }

  #taken(
    name: string,
    { kind, file }: Pick<ProtoSymbol, "kind" | "file">,
    pos: Position,
    hint?: string,
  ): void {
    const place = file === this.#file ? "" : ` of ${file.name}`;
    const message = `Cannot declare "${name}": it is declared already, as ${kind}${place}`;
    this.#fail("E-duplicate", message, pos, hint);
  }

  link(file: ProtoFile): void {
    this.#file = file;
    this.#linkIn(file.package, file);
    for (const service of file.services) this.#linkService(service);
  }

  #linkIn(
    scope: string,
    { messages, extensions }: Pick<MessageNode, "messages" | "extensions">,
  ): void {
    for (const message of messages) {
      for (const field of message.fields) this.#linkField(field, message.fullName);
      this.#linkIn(message.fullName, message);
    }
    for (const extend of extensions) this.#linkExtend(extend, scope);
  }

  #linkField(field: FieldNode, scope: string): void {
    if (SCALARS.has(field.type)) return;
    field.target = this.#type(field.type, scope, field.typePos, { typesOnly: true });
  }

  #linkExtend(extend: ExtendNode, scope: string): void {
    const target = this.#type(extend.extendee, scope, extend.pos);
    if (target?.kind === "message") extend.target = target;
    for (const field of extend.fields) {
      this.#linkField(field, scope);
      if (extend.target !== undefined) this.#linkExtension(field, extend.target);
      const fullName = qualify(scope, field.name);
      const symbol = { kind: "extension", node: field, extendee: extend.target } as const;
      this.#symbols.set(fullName, { ...symbol, fullName, file: this.#file });
    }
  }

  /** Numbers of the extensions of a message are one space, whatever file they are in. */
  #linkExtension({ name, number, numberPos }: FieldNode, target: MessageNode): void {
    const names = this.#extensions.get(target) ?? new Map<number, string>();
    this.#extensions.set(target, names);
    const before = names.get(number);
    if (before === undefined) names.set(number, name);
    else {
      const message = `Cannot number extension "${name}" ${number}: "${before}" has it`;
      this.#fail("E-number", message, numberPos);
    }
  }

  #linkService({ methods, fullName }: ServiceNode): void {
    for (const method of methods) {
      const input = this.#type(method.input, fullName, method.inputPos);
      const output = this.#type(method.output, fullName, method.outputPos);
      if (input?.kind === "message") method.inputType = input;
      else if (input !== undefined) this.#notMessage(method.input, method.inputPos);
      if (output?.kind === "message") method.outputType = output;
      else if (output !== undefined) this.#notMessage(method.output, method.outputPos);
    }
  }

  #notMessage(name: string, pos: Position): void {
    this.#fail("E-type", `Cannot use "${name}" in rpc: it is an enum; need a message`, pos);
  }

  #type(
    name: string,
    scope: string,
    pos: Position,
    options?: FindOptions,
  ): MessageNode | EnumNode | undefined {
    const symbol = this.find(name, scope, this.#file, options);
    if (symbol?.kind === "type") return symbol.node;
    const message = symbol === undefined
      ? `Cannot find type "${name}"`
      : `Cannot use "${name}" as type: it is a ${symbol.kind}`;
    this.#fail("E-unresolved", message, pos, this.#hint(name));
    return undefined;
  }

  /** A type with this last name that is declared somewhere. */
  #hint(name: string): string | undefined {
    const last = name.split(".").at(-1)!;
    for (const [fullName, { kind, file }] of this.#symbols) {
      if (kind !== "type" || fullName.split(".").at(-1) !== last) continue;
      const seen = this.#visible.get(this.#file)?.has(file);
      return seen ? `there is ${fullName}` : `${fullName} is in ${file.name}: import that`;
    }
    return undefined;
  }

  #fail(code: string, message: string, pos: Position, hint?: string): void {
    this.diagnostics.push(diagnosticAt(pos, code, message, hint));
  }
}
