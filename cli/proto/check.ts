/**
 * Checks what can be wrong with declarations whose names are all found.
 *
 * @module
 */

import { lowerCamel } from "../../rpc/proto/field.ts";
import type { Diagnostic } from "../api/diagnostic.ts";
import type {
  Declaration,
  EnumNode,
  ExtendNode,
  FieldNode,
  MessageNode,
  Position,
  ProtoFile,
  RangeNode,
  ServiceNode,
} from "./ast.ts";
import { diagnosticAt } from "./fault.ts";
import { plainOption } from "./field_traits.ts";
import { MAP_KEYS } from "./scalars.ts";

/** Field numbers that the wire format keeps for itself. */
const KEPT: readonly [number, number] = [19_000, 19_999];

/** What is wrong with the declarations of a file. */
export function checkProto(file: ProtoFile): Diagnostic[] {
  const checker = new Checker();
  if (file.bundled) return [];
  checker.extensions(file.extensions);
  for (const message of file.messages) checker.message(message);
  for (const node of file.enums) checker.enum(node);
  for (const service of file.services) checker.service(service);
  return checker.diagnostics;
}

class Checker {
  readonly diagnostics: Diagnostic[] = [];

  #fail(pos: Position, code: string, message: string, hint?: string): void {
    this.diagnostics.push(diagnosticAt(pos, code, message, hint));
  }

  message(message: MessageNode): void {
    this.#unique([...message.fields, ...message.oneofs], "field");
    this.#numbers(message);
    this.#jsonNames(message);
    for (const field of message.fields) this.#field(field);
    for (const { name, pos, size } of message.oneofs) {
      if (size === 0) this.#fail(pos, "E-oneof", `Cannot declare oneof "${name}": it has no field`);
    }
    for (const { pos } of message.extensionRanges) {
      const hint = "use google.protobuf.Any, or a field of your own";
      this.#fail(pos, "E-extension", "Cannot declare extensions: proto3 has none", hint);
    }
    this.extensions(message.extensions);
    for (const inner of message.messages) this.message(inner);
    for (const node of message.enums) this.enum(node);
  }

  #unique(nodes: readonly Declaration[], what: string): void {
    const seen = new Set<string>();
    for (const { name, pos } of nodes) {
      if (seen.has(name)) {
        this.#fail(pos, "E-duplicate", `Cannot declare ${what} "${name}": it is declared already`);
      }
      seen.add(name);
    }
  }

  #numbers({ fields, reserved, reservedNames }: MessageNode): void {
    const names = new Map<number, string>();
    for (const { name, number, numberPos, pos } of fields) {
      const before = names.get(number);
      const why = before !== undefined
        ? `"${before}" has it`
        : isIn(number, reserved)
        ? "it is reserved"
        : number >= KEPT[0] && number <= KEPT[1]
        ? `${KEPT[0]} to ${KEPT[1]} belong to protobuf`
        : undefined;
      if (why !== undefined) {
        const free = `the next free number is ${nextFree(fields, reserved)}`;
        this.#fail(numberPos, "E-number", `Cannot number field "${name}" ${number}: ${why}`, free);
      }
      if (reservedNames.includes(name)) {
        this.#fail(pos, "E-reserved", `Cannot declare field "${name}": the name is reserved`);
      }
      names.set(number, name);
    }
  }

  #jsonNames({ fields }: MessageNode): void {
    const names = new Map<string, string>();
    for (const { name, pos, options } of fields) {
      const json = plainOption(options, "json_name") ?? lowerCamel(name);
      const before = names.get(json);
      if (before !== undefined) {
        const hint = "rename it, or give it another json_name";
        const message =
          `Cannot declare field "${name}": in JSON it is "${json}", as "${before}" is`;
        this.#fail(pos, "E-json-name", message, hint);
      }
      names.set(json, name);
    }
  }

  #field(field: FieldNode): void {
    const { name, label, oneof, mapKey, typePos, options, pos } = field;
    if (label === "required") {
      this.#fail(typePos, "E-label", `Cannot declare field "${name}": proto3 has no required`);
    }
    if (oneof !== undefined && label !== undefined) {
      this.#fail(typePos, "E-label", `Cannot declare field "${name}": a oneof takes no ${label}`);
    }
    if (mapKey !== undefined && !MAP_KEYS.has(mapKey)) {
      const message =
        `Cannot use ${mapKey} as key of map "${name}": need a whole number, bool or string`;
      this.#fail(typePos, "E-map", message);
    }
    if (options.some((option) => option.name.length === 1 && option.name[0]!.name === "default")) {
      this.#fail(pos, "E-default", `Cannot set default of "${name}": proto3 has zero only`);
    }
  }

  extensions(nodes: readonly ExtendNode[]): void {
    for (const { target, pos, extendee } of nodes) {
      const isOptions = target?.file?.bundled === true && target.name.endsWith("Options");
      if (isOptions) continue;
      const hint = "only the options of google/protobuf/descriptor.proto can be extended";
      this.#fail(pos, "E-extension", `Cannot extend "${extendee}": it is no options message`, hint);
    }
  }

  enum(node: EnumNode): void {
    const { name, pos, values, options, reserved, reservedNames } = node;
    const [first] = values;
    if (first === undefined) {
      return this.#fail(pos, "E-enum", `Cannot declare enum "${name}": it has no value`);
    }
    if (first.number !== 0) {
      const message =
        `Cannot declare enum "${name}": its first value must be 0, not ${first.number}`;
      this.#fail(first.numberPos, "E-enum", message, "add a value that means unspecified");
    }
    const aliases = plainOption(options, "allow_alias") === "true";
    const names = new Map<number, string>();
    for (const value of values) {
      const before = names.get(value.number);
      if (before !== undefined && !aliases) {
        const message = `Cannot number "${value.name}" ${value.number}: "${before}" has it`;
        this.#fail(value.numberPos, "E-number", message, "option allow_alias = true; allows it");
      }
      names.set(value.number, value.name);
      if (isIn(value.number, reserved) || reservedNames.includes(value.name)) {
        this.#fail(value.pos, "E-reserved", `Cannot declare "${value.name}": it is reserved`);
      }
    }
  }

  service({ methods }: ServiceNode): void {
    this.#unique(methods, "rpc");
  }
}

function isIn(number: number, ranges: readonly RangeNode[]): boolean {
  return ranges.some(({ from, to }) => number >= from && number <= to);
}

function nextFree(fields: readonly FieldNode[], reserved: readonly RangeNode[]): number {
  const used = new Set(fields.map(({ number }) => number));
  let number = 1;
  while (used.has(number) || isIn(number, reserved) || number >= KEPT[0] && number <= KEPT[1]) {
    number++;
  }
  return number;
}
