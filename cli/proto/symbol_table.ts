/**
 * Gives declarations their full names, and finds them by these.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
import type { EnumNode, MessageNode, Position, ProtoFile } from "./ast.ts";
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

/** All names of a program. */
export class SymbolTable {
  /** Names that are declared twice. */
  readonly diagnostics: Diagnostic[] = [];
  readonly #symbols = new Map<string, ProtoSymbol>();
  /** All packages and the scopes above them. */
  readonly #packages = new Map<string, Set<ProtoFile>>();
  readonly #visible = new Map<ProtoFile, Set<ProtoFile>>();
  #file!: ProtoFile;

  /** Finds a name that has been declared. */
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

  /** Gives all that a file declares its full name. */
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
    for (const extend of extensions) {
      for (const node of extend.fields) {
        node.file = file;
        const fullName = qualify(scope, node.name);
        this.#add(fullName, { kind: "extension", node, extend, fullName, file }, node.pos);
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
    this.diagnostics.push(diagnosticAt(pos, "E-duplicate", message, hint));
  }

  /** Where a type with this last name is declared, for who looked for it in `from` in vain. */
  hint(name: string, from: ProtoFile): string | undefined {
    const last = name.split(".").at(-1)!;
    for (const [fullName, { kind, file }] of this.#symbols) {
      if (kind !== "type" || fullName.split(".").at(-1) !== last) continue;
      const seen = this.#visible.get(from)?.has(file);
      return seen ? `there is ${fullName}` : `${fullName} is in ${file.name}: import that`;
    }
    return undefined;
  }
}
