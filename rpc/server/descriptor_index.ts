/**
 * Which file declares what.
 *
 * @module
 */

import {
  type DescriptorProto,
  type FieldDescriptorProto,
  FileDescriptorProto,
  FileDescriptorSet,
} from "../proto/google/protobuf/descriptor.gen.ts";

interface IndexedFile {
  readonly bytes: Uint8Array;
  readonly imports: readonly string[];
}

/** The files of some services and of all they import, by the names of what they declare. */
export class DescriptorIndex {
  readonly #files = new Map<string, IndexedFile>();
  readonly #symbols = new Map<string, string>();
  readonly #extensions = new Map<string, Map<number, string>>();

  /** Adds the files of a `google.protobuf.FileDescriptorSet`. Of two files of one name the first counts. */
  add(descriptorSet: Uint8Array): void {
    for (const file of FileDescriptorSet.decode(descriptorSet).file) this.#addFile(file);
  }

  /** A file and all that it imports, each once, the file itself first; `undefined` if there is none. */
  file(name: string): Uint8Array[] | undefined {
    if (!this.#files.has(name)) return undefined;
    const seen = new Set<string>([name]);
    for (const each of seen) {
      for (const imported of this.#files.get(each)?.imports ?? []) seen.add(imported);
    }
    return Array.from(seen, (each) => this.#files.get(each)?.bytes).filter((bytes) =>
      bytes !== undefined
    );
  }

  /** The file that declares a message, enum, service, method, field or extension by its full name. */
  fileOf(symbol: string): Uint8Array[] | undefined {
    const name = this.#symbols.get(symbol);
    return name === undefined ? undefined : this.file(name);
  }

  /** The file that declares this extension of a message. */
  fileOfExtension(typeName: string, number: number): Uint8Array[] | undefined {
    const name = this.#extensions.get(typeName)?.get(number);
    return name === undefined ? undefined : this.file(name);
  }

  /** The numbers of all extensions of a message; `undefined` if there is no such message. */
  extensionsOf(typeName: string): number[] | undefined {
    const numbers = this.#extensions.get(typeName);
    if (!numbers && !this.#symbols.has(typeName)) return undefined;
    return [...numbers?.keys() ?? []].sort((a, b) => a - b);
  }

  #addFile(file: FileDescriptorProto): void {
    const name = file.name ?? "";
    if (this.#files.has(name)) return;
    this.#files.set(name, { bytes: FileDescriptorProto.encode(file), imports: file.dependency });
    const prefix = file.package ? `${file.package}.` : "";
    for (const message of file.messageType) this.#addMessage(message, prefix, name);
    for (const each of file.enumType) this.#symbols.set(prefix + each.name, name);
    for (const service of file.service) {
      this.#symbols.set(prefix + service.name, name);
      for (const method of service.method) {
        this.#symbols.set(`${prefix}${service.name}.${method.name}`, name);
      }
    }
    this.#addExtensions(file.extension, prefix, name);
  }

  #addMessage(message: DescriptorProto, prefix: string, file: string): void {
    const inner = `${prefix}${message.name}.`;
    this.#symbols.set(prefix + message.name, file);
    for (const field of message.field) this.#symbols.set(inner + field.name, file);
    for (const nested of message.nestedType) this.#addMessage(nested, inner, file);
    for (const each of message.enumType) this.#symbols.set(inner + each.name, file);
    this.#addExtensions(message.extension, inner, file);
  }

  #addExtensions(extensions: readonly FieldDescriptorProto[], prefix: string, file: string): void {
    for (const { name, extendee = "", number = 0 } of extensions) {
      this.#symbols.set(prefix + name, file);
      const typeName = extendee.replace(/^\./, "");
      const numbers = this.#extensions.get(typeName) ?? new Map<number, string>();
      this.#extensions.set(typeName, numbers.set(number, file));
    }
  }
}
