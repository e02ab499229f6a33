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
import { plainOption } from "./field_traits.ts";
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
    for (const { kind, path } of imports) {
      const index = names.indexOf(path);
      if (index < 0 || kind === "normal") continue;
      this.#number(kind === "public" ? 10 : 11, index);
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
    const lone = message.fields.filter((field) => this.#isLoneOptional(field));
    for (const field of message.fields) {
      const at = lone.indexOf(field);
      const oneof = at < 0 ? field.oneof : message.oneofs.length + at;
      this.#part(2, () => this.#field(field, message, oneof));
    }
    for (const field of message.fields) {
      if (field.mapKey !== undefined) this.#part(3, () => this.#mapEntry(field, message));
    }
    for (const inner of message.messages) this.#part(3, () => this.#message(inner));
    for (const node of message.enums) this.#part(4, () => this.#enum(node));
    for (const range of message.extensionRanges) this.#part(5, () => this.#range(range));
    this.#extensions(6, message.extensions);
    this.#options(7, message.options);
    for (const { name, options } of message.oneofs) {
      this.#part(8, () => {
        this.#text(1, name);
        this.#options(2, options);
      });
    }
    for (const name of loneNames(lone, message)) this.#part(8, () => this.#text(1, name));
    for (const range of message.reserved) this.#part(9, () => this.#range(range));
    for (const name of message.reservedNames) this.#text(10, name);
  }

  /** `optional` of proto3 stands alone in a oneof of its own. */
  #isLoneOptional({ label }: FieldNode): boolean {
    return this.#file.syntax === "proto3" && label === "optional";
  }

  #field(field: FieldNode, message: MessageNode | undefined, oneof: number | undefined): void {
    this.#text(1, field.name);
    this.#number(3, field.number);
    const isMap = field.mapKey !== undefined;
    this.#number(4, isMap ? LABELS.repeated : LABELS[field.label ?? "optional"]);
    this.#type(field, message);
    const fallback = plainOption(field.options, "default");
    if (fallback !== undefined) this.#text(7, fallback);
    this.#options(8, field.options);
    if (oneof !== undefined) this.#number(9, oneof);
    this.#text(10, plainOption(field.options, "json_name") ?? lowerCamel(field.name));
    this.#flag(17, message !== undefined && this.#isLoneOptional(field));
  }

  #type({ type, target, mapKey, name }: FieldNode, message: MessageNode | undefined): void {
    if (mapKey !== undefined && message !== undefined) {
      this.#number(5, MESSAGE);
      this.#text(6, `.${message.fullName}.${entryName(name)}`);
    } else if (target === undefined) this.#number(5, SCALARS.get(type)!.descriptor);
    else {
      this.#number(5, target.kind === "message" ? MESSAGE : ENUM);
      this.#text(6, `.${target.fullName}`);
    }
  }

  #mapEntry(field: FieldNode, message: MessageNode): void {
    this.#text(1, entryName(field.name));
    const common = { ...field, label: undefined, mapKey: undefined, options: [], oneof: undefined };
    const { target: _, ...key } = { ...common, name: "key", number: 1, type: field.mapKey! };
    this.#part(2, () => this.#field(key, message, undefined));
    const value = { ...common, name: "value", number: 2 };
    this.#part(2, () => this.#field(value, message, undefined));
    // options { map_entry: true }
    this.#part(7, () => this.#flag(7, true));
  }

  /** Ends of ranges are not part of them, but for enums. */
  #range({ from, to }: RangeNode, isEnum: boolean = false): void {
    this.#number(1, from);
    this.#number(2, isEnum ? to : to + 1);
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
          this.#text(2, `.${target!.fullName}`);
          this.#field(field, undefined, undefined);
          this.#flag(17, this.#isLoneOptional(field));
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
    this.#options(4, method.options);
    this.#flag(5, method.clientStreaming);
    this.#flag(6, method.serverStreaming);
  }
}

/** `UserIdsEntry` of `user_ids`. */
function entryName(field: string): string {
  return `${field.replace(/(?:^|_+)(.?)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}

/** Names of the oneofs of lone optional fields. */
function loneNames(lone: readonly FieldNode[], message: MessageNode): string[] {
  const taken = new Set(
    [...message.fields, ...message.oneofs, ...message.messages, ...message.enums].map(({ name }) =>
      name
    ),
  );
  return lone.map(({ name }) => {
    let free = `_${name}`;
    while (taken.has(free)) free = `X${free}`;
    taken.add(free);
    return free;
  });
}
