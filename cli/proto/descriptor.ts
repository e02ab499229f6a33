/**
 * Descriptors of files: what reflection tells of a service.
 *
 * @module
 * @see https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto
 */

import { lowerCamel } from "../../rpc/proto/field.ts";
import { Writer } from "../../rpc/proto/writer.ts";
import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  MessageNode,
  MethodNode,
  OptionNode,
  ProtoFile,
  RangeNode,
  ServiceNode,
} from "./ast.ts";
import { defaultText } from "./default_text.ts";
import {
  isLoneOptional,
  isMapEntry,
  mapEntryName,
  mapEntryOf,
  plainOption,
  syntheticOneofs,
} from "./field_traits.ts";
import { SCALARS } from "./scalars.ts";

/** Bytes of the message that options make; none when there are no options. */
export type OptionEncoder = (options: readonly OptionNode[]) => Uint8Array | undefined;

/** Bytes of the `google.protobuf.FileDescriptorProto` of a file, without comments and places. */
export function fileDescriptor(file: ProtoFile, encodeOptions: OptionEncoder): Uint8Array {
  const writer = new Writer();
  new DescriptorWriter(file, writer, encodeOptions).file();
  return writer.finish();
}

const LABELS = { optional: 1, required: 2, repeated: 3 } as const;
const [MESSAGE, ENUM] = [11, 14];

class DescriptorWriter {
  readonly #file: ProtoFile;
  readonly #writer: Writer;
  readonly #encodeOptions: OptionEncoder;

  constructor(file: ProtoFile, writer: Writer, encodeOptions: OptionEncoder) {
    this.#file = file;
    this.#writer = writer;
    this.#encodeOptions = encodeOptions;
  }

  file(): void {
    const { name, package: packageName, syntax, imports, dependencies } = this.#file;
    this.#text(1, name);
    if (packageName !== "") this.#text(2, packageName);
    const names = dependencies.map(({ name }) => name);
    for (const name of names) this.#text(3, name);
    for (const message of this.#file.messages) this.#part(4, () => this.#message(message));
    for (const node of this.#file.enums) this.#part(5, () => this.#enum(node));
    for (const service of this.#file.services) this.#part(6, () => this.#service(service));
    this.#extensions(7, this.#file.extensions);
    this.#options(8, this.#file.options);
    for (const [number, wanted] of [[10, "public"], [11, "weak"]] as const) {
      for (const { kind, path } of imports) {
        if (kind === wanted) this.#number(number, names.indexOf(path));
      }
    }
    if (syntax !== "proto2") this.#text(12, syntax);
  }

  #text(number: number, value: string): void {
    this.#writer.tag(number * 8 + 2).string(value);
  }

  #number(number: number, value: number): void {
    this.#writer.tag(number * 8).int32(value);
  }

  #flag(number: number, value: boolean): void {
    if (value) this.#writer.tag(number * 8).bool(true);
  }

  #part(number: number, write: () => void): void {
    const mark = this.#writer.begin(number * 8 + 2);
    write();
    this.#writer.end(mark);
  }

  #options(number: number, options: readonly OptionNode[]): void {
    const bytes = this.#encodeOptions(options);
    if (bytes !== undefined) this.#writer.tag(number * 8 + 2).bytes(bytes);
  }

  #message(message: MessageNode): void {
    this.#text(1, message.name);
    const lone = syntheticOneofs(message);
    const order = [...lone.keys()];
    for (const field of message.fields) {
      const at = order.indexOf(field);
      const oneof = at < 0 ? field.oneof : message.oneofs.length + at;
      this.#part(2, () => this.#field(field, message, oneof));
    }
    this.#inner(message);
    for (const node of message.enums) this.#part(4, () => this.#enum(node));
    for (const range of message.extensionRanges) this.#part(5, () => this.#range(range));
    this.#extensions(6, message.extensions);
    if (isMapEntry(message)) this.#part(7, () => this.#flag(7, true));
    else this.#options(7, message.options);
    for (const { name, options } of message.oneofs) {
      this.#part(8, () => {
        this.#text(1, name);
        this.#options(2, options);
      });
    }
    for (const name of lone.values()) this.#part(8, () => this.#text(1, name));
    for (const range of message.reserved) this.#part(9, () => this.#range(range));
    for (const name of message.reservedNames) this.#text(10, name);
  }

  /** Messages in a message, those that the entries of maps are too, in the order of their declaration. */
  #inner({ fields, messages, fullName }: MessageNode): void {
    const entries = fields.filter(({ mapKey }) => mapKey !== undefined);
    const nodes = [...entries, ...messages].sort(({ pos: a }, { pos: b }) =>
      a.line - b.line || a.column - b.column
    );
    for (const node of nodes) {
      if ("kind" in node) this.#part(3, () => this.#message(node));
      else this.#part(3, () => this.#message(mapEntryOf(node, fullName)));
    }
  }

  #field(field: FieldNode, message: MessageNode | undefined, oneof: number | undefined): void {
    this.#text(1, field.name);
    this.#fieldBody(field, message);
    if (oneof !== undefined) this.#number(9, oneof);
    this.#fieldEnd(field);
  }

  #fieldBody(field: FieldNode, message: MessageNode | undefined): void {
    this.#number(3, field.number);
    const isMap = field.mapKey !== undefined;
    this.#number(4, isMap ? LABELS.repeated : LABELS[field.label ?? "optional"]);
    this.#type(field, message);
    const fallback = defaultText(field);
    if (fallback !== undefined) this.#text(7, fallback);
    this.#options(8, field.options);
  }

  #fieldEnd(field: FieldNode): void {
    this.#text(10, plainOption(field.options, "json_name") ?? lowerCamel(field.name));
    this.#flag(17, isLoneOptional(field));
  }

  #type({ type, target, mapKey, name }: FieldNode, message: MessageNode | undefined): void {
    if (mapKey !== undefined && message !== undefined) {
      this.#number(5, MESSAGE);
      this.#text(6, `.${message.fullName}.${mapEntryName(name)}`);
    } else if (target === undefined) this.#number(5, SCALARS.get(type)!.descriptor);
    else {
      this.#number(5, target.kind === "message" ? MESSAGE : ENUM);
      this.#text(6, `.${target.fullName}`);
    }
  }

  /** Ends of ranges are not part of them, but for enums. */
  #range({ from, to, options }: RangeNode, isEnum: boolean = false): void {
    this.#number(1, from);
    this.#number(2, isEnum ? to : to + 1);
    this.#options(3, options);
  }

  #enum({ name, values, options, reserved, reservedNames }: EnumNode): void {
    this.#text(1, name);
    for (const value of values) {
      this.#part(2, () => {
        this.#text(1, value.name);
        this.#number(2, value.number);
        this.#options(3, value.options);
      });
    }
    this.#options(3, options);
    for (const range of reserved) this.#part(4, () => this.#range(range, true));
    for (const name of reservedNames) this.#text(5, name);
  }

  #extensions(number: number, nodes: readonly ExtendNode[]): void {
    for (const { fields, target } of nodes) {
      for (const field of fields) {
        this.#part(number, () => {
          this.#text(1, field.name);
          this.#text(2, `.${target!.fullName}`);
          this.#fieldBody(field, undefined);
          this.#fieldEnd(field);
        });
      }
    }
  }

  #service({ name, methods, options }: ServiceNode): void {
    this.#text(1, name);
    for (const method of methods) this.#part(2, () => this.#method(method));
    this.#options(3, options);
  }

  #method(method: MethodNode): void {
    this.#text(1, method.name);
    this.#text(2, `.${method.inputType!.fullName}`);
    this.#text(3, `.${method.outputType!.fullName}`);
    // protoc writes an empty message for empty braces; so do we.
    if (method.hasBody && method.options.length === 0) this.#part(4, () => {});
    else this.#options(4, method.options);
    this.#flag(5, method.clientStreaming);
    this.#flag(6, method.serverStreaming);
  }
}
