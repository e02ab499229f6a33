/**
 * What `.proto` files declare, from their descriptors.
 *
 * @module
 */

import { type EnumType, enumType } from "../../proto/enum_type.ts";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSet,
  type ServiceDescriptorProto,
} from "../../proto/google/protobuf/descriptor.gen.ts";
import type { MessageType } from "../../proto/message_type.ts";
import type { TypeRegistry } from "../../proto/registry.ts";
import { describeMessage, type MessageNode, type TypeFinder } from "./describe_message.ts";
import { dynamicType } from "./dynamic_type.ts";
import { type FieldFeatures, fileFeatures, withFeatures } from "./field_features.ts";

/** A service with its full name. */
export interface ServiceNode {
  /** Full name. */
  readonly typeName: string;
  /** The descriptor. */
  readonly descriptor: ServiceDescriptorProto;
}

/** The files of a program as descriptors: message types by name, and services. */
export class DescriptorPool implements TypeRegistry {
  readonly #messages = new Map<string, MessageNode>();
  readonly #types = new Map<string, MessageType<object>>();
  readonly #enums = new Map<string, EnumType>();
  readonly #services = new Map<string, ServiceNode>();
  readonly #files = new Set<string>();
  readonly #finder: TypeFinder = {
    typeOf: (typeName) => this.#types.get(typeName) ?? this.#enums.get(typeName),
    nodeOf: (typeName) => this.#messages.get(typeName),
  };

  /**
   * Reads `google.protobuf.FileDescriptorSet`s, such as `protoc --include_imports --descriptor_set_out` writes.
   *
   * @throws {DecodeError} If the bytes are none.
   */
  static fromSets(...sets: readonly Uint8Array[]): DescriptorPool {
    return new DescriptorPool(sets.flatMap((set) => FileDescriptorSet.decode(set).file));
  }

  /** Takes files; of those with one name the first. */
  constructor(files: readonly FileDescriptorProto[]) {
    for (const file of files) {
      const name = file.name ?? "";
      if (this.#files.has(name)) continue;
      this.#files.add(name);
      this.#addFile(file);
    }
  }

  /** The services, in the order of the files. */
  get services(): readonly ServiceNode[] {
    return [...this.#services.values()];
  }

  /** The message type of this full name. */
  find(typeName: string): MessageType<object> | undefined {
    return this.#types.get(typeName);
  }

  #addFile(file: FileDescriptorProto): void {
    const scope = file.package ? `${file.package}.` : "";
    const features = fileFeatures(file);
    for (const message of file.messageType) this.#addMessage(scope, message, features);
    for (const each of file.enumType) this.#addEnum(scope, each);
    for (const descriptor of file.service) {
      const typeName = scope + descriptor.name;
      this.#services.set(typeName, { typeName, descriptor });
    }
  }

  #addMessage(scope: string, descriptor: DescriptorProto, outer: FieldFeatures): void {
    const typeName = scope + descriptor.name;
    const node: MessageNode = { typeName, descriptor, features: outer };
    this.#messages.set(typeName, node);
    this.#types.set(typeName, dynamicType(typeName, () => describeMessage(node, this.#finder)));
    const inner = withFeatures(outer, descriptor.options?.features);
    for (const nested of descriptor.nestedType) this.#addMessage(`${typeName}.`, nested, inner);
    for (const each of descriptor.enumType) this.#addEnum(`${typeName}.`, each);
  }

  #addEnum(scope: string, { name, value }: EnumDescriptorProto): void {
    const numbers = value.map(({ name = "", number = 0 }) => [name, number] as const);
    this.#enums.set(scope + name, enumType(scope + name, Object.fromEntries(numbers)));
  }
}
