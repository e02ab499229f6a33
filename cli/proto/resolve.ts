/**
 * Gives every declaration its full name, and every name what it stands for.
 *
 * @module
 */

import type { Diagnostic } from "../api/diagnostic.ts";
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
import { SCALARS } from "./scalars.ts";
import { type FindOptions, type NameFinder, SymbolTable } from "./symbol_table.ts";

/** What {@link resolveProtos} found. */
export interface ResolvedProtos {
  readonly find: NameFinder;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves the names of all files, each behind those it imports; sets the fields kept for it. */
export function resolveProtos(files: readonly ProtoFile[]): ResolvedProtos {
  const table = new SymbolTable();
  for (const file of files) table.declare(file);
  const resolver = new Resolver(table);
  for (const file of files) resolver.link(file);
  const diagnostics = [...table.diagnostics, ...resolver.diagnostics];
  return { find: table.find, diagnostics };
}

class Resolver {
  readonly diagnostics: Diagnostic[] = [];
  readonly #table: SymbolTable;
  /** Names of the extensions of a message by number. */
  readonly #extensions = new Map<MessageNode, Map<number, string>>();
  #file!: ProtoFile;

  constructor(table: SymbolTable) {
    this.#table = table;
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
    const symbol = this.#table.find(name, scope, this.#file, options);
    if (symbol?.kind === "type") return symbol.node;
    const message = symbol === undefined
      ? `Cannot find type "${name}"`
      : `Cannot use "${name}" as type: it is a ${symbol.kind}`;
    this.#fail("E-unresolved", message, pos, this.#table.hint(name, this.#file));
    return undefined;
  }

  #fail(code: string, message: string, pos: Position, hint?: string): void {
    this.diagnostics.push(diagnosticAt(pos, code, message, hint));
  }
}
