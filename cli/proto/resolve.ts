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
import { lookUp, type ProtoSymbol, qualify, visibleFiles } from "./symbols.ts";

/** Finds what a name stands for, as seen from a scope of a file. */
export type NameFinder = (name: string, scope: string, file: ProtoFile) => ProtoSymbol | undefined;

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
  readonly #visible = new Map<ProtoFile, Set<ProtoFile>>();
  #file!: ProtoFile;

  readonly find: NameFinder = (name, scope, file) => {
    let visible = this.#visible.get(file);
    if (visible === undefined) this.#visible.set(file, visible = visibleFiles(file));
    const seen = visible;
    return lookUp(name, scope, (fullName) => {
      const symbol = this.#symbols.get(fullName);
      if (symbol !== undefined && seen.has(symbol.file)) return symbol;
      const owner = [...this.#packages.get(fullName) ?? []].find((file) => seen.has(file));
      return owner === undefined ? undefined : { kind: "package", file: owner };
    });
  };

  declare(file: ProtoFile): void {
    this.#file = file;
    const parts = file.package === "" ? [] : file.package.split(".");
    for (let count = 1; count <= parts.length; count++) {
      const name = parts.slice(0, count).join(".");
      this.#packages.set(name, (this.#packages.get(name) ?? new Set()).add(file));
    }
    this.#declareIn(file.package, file);
    for (const service of file.services) {
      service.fullName = qualify(file.package, service.name);
      this.#add(service.fullName, { kind: "service", node: service, file }, service.pos);
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
      this.#declareIn(message.fullName, message);
    }
    for (const node of enums) this.#declareEnum(scope, node);
    for (const { fields } of extensions) {
      for (const node of fields) {
        const fullName = qualify(scope, node.name);
        const symbol = { kind: "extension", node, extendee: undefined, fullName, file } as const;
        this.#add(fullName, symbol, node.pos);
      }
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
    const before = this.#symbols.get(fullName);
    if (before === undefined) {
      this.#symbols.set(fullName, symbol);
      return;
    }
    const hint = before.kind === "value" || symbol.kind === "value"
      ? "values of enums are names beside their enum: begin them with its name"
      : undefined;
    this.#fail("E-duplicate", `Cannot declare "${fullName}": it is declared already`, pos, hint);
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
    field.target = this.#type(field.type, scope, field.typePos);
  }

  #linkExtend(extend: ExtendNode, scope: string): void {
    const target = this.#type(extend.extendee, scope, extend.pos);
    if (target?.kind === "message") extend.target = target;
    for (const field of extend.fields) {
      this.#linkField(field, scope);
      const fullName = qualify(scope, field.name);
      const symbol = { kind: "extension", node: field, extendee: extend.target } as const;
      this.#symbols.set(fullName, { ...symbol, fullName, file: this.#file });
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

  #type(name: string, scope: string, pos: Position): MessageNode | EnumNode | undefined {
    const symbol = this.find(name, scope, this.#file);
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
