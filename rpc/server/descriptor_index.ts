/**
 * Which file declares what.
 *
 * @module
 */

import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  FileDescriptorProto,
  FileDescriptorSet,
} from "../proto/google/protobuf/descriptor.gen.ts";

/** A file, and where what it imports is to be looked for. */
interface IndexedFile {
  readonly bytes: Uint8Array;
  readonly imports: readonly string[];
  /** The files of the service that brought it, by name: another service may have another file of the same name. */
  readonly siblings: ReadonlyMap<string, IndexedFile>;
}

/** The files of some services and of all they import, by the names of what they declare. */
export class DescriptorIndex {
  readonly #files = new Map<string, IndexedFile>();
  readonly #symbols = new Map<string, IndexedFile>();
  readonly #extensions = new Map<string, Map<number, IndexedFile>>();

  /**
   * Adds the files of a `google.protobuf.FileDescriptorSet`. What is declared twice counts as it was declared first; of two
   * files of one name the first is found by its name, both by what they declare.
   */
  add(descriptorSet: Uint8Array): void {
    const siblings = new Map<string, IndexedFile>();
    for (const file of FileDescriptorSet.decode(descriptorSet).file) {
      const { name = "", dependency: imports } = file;
      const indexed = { bytes: FileDescriptorProto.encode(file), imports, siblings };
      siblings.set(name, indexed);
      if (!this.#files.has(name)) this.#files.set(name, indexed);
      this.#addFile(file, indexed);
    }
  }

  /** A file and all that it imports, each once, the file itself first; `undefined` if there is none. */
  file(name: string): Uint8Array[] | undefined {
    return withImports(this.#files.get(name));
  }

  /** The file that declares a message, enum, value, service, method, field or extension by its full name. */
  fileOf(symbol: string): Uint8Array[] | undefined {
    return withImports(this.#symbols.get(symbol));
  }

  /** The file that declares this extension of a message. */
  fileOfExtension(typeName: string, number: number): Uint8Array[] | undefined {
    return withImports(this.#extensions.get(typeName)?.get(number));
  }

  /** The numbers of all extensions of a message; `undefined` if there is no such message. */
  extensionsOf(typeName: string): number[] | undefined {
    const numbers = this.#extensions.get(typeName);
    if (!numbers && !this.#symbols.has(typeName)) return undefined;
    return [...numbers?.keys() ?? []].sort((a, b) => a - b);
  }

  #addFile(file: FileDescriptorProto, indexed: IndexedFile): void {
    const prefix = file.package ? `${file.package}.` : "";
    for (const message of file.messageType) this.#addMessage(message, prefix, indexed);
    for (const each of file.enumType) this.#addEnum(each, prefix, indexed);
    for (const service of file.service) {
      this.#add(prefix + service.name, indexed);
      for (const { name } of service.method) this.#add(`${prefix}${service.name}.${name}`, indexed);
    }
    this.#addExtensions(file.extension, prefix, indexed);
  }

  #addMessage(message: DescriptorProto, prefix: string, file: IndexedFile): void {
    const inner = `${prefix}${message.name}.`;
    this.#add(prefix + message.name, file);
    for (const { name } of [...message.field, ...message.oneofDecl]) this.#add(inner + name, file);
    for (const nested of message.nestedType) this.#addMessage(nested, inner, file);
    for (const each of message.enumType) this.#addEnum(each, inner, file);
    this.#addExtensions(message.extension, inner, file);
  }

  /** The values of an enum are declared beside it, not within. */
  #addEnum({ name, value }: EnumDescriptorProto, prefix: string, file: IndexedFile): void {
    this.#add(prefix + name, file);
    for (const each of value) this.#add(prefix + each.name, file);
  }

  #addExtensions(
    extensions: readonly FieldDescriptorProto[],
    prefix: string,
    file: IndexedFile,
  ): void {
    for (const { name, extendee = "", number = 0 } of extensions) {
      this.#add(prefix + name, file);
      const typeName = extendee.replace(/^\./, "");
      const numbers = this.#extensions.get(typeName) ?? new Map<number, IndexedFile>();
      this.#extensions.set(typeName, numbers);
      if (!numbers.has(number)) numbers.set(number, file);
    }
  }

  #add(symbol: string, file: IndexedFile): void {
    if (!this.#symbols.has(symbol)) this.#symbols.set(symbol, file);
  }
}

function withImports(file: IndexedFile | undefined): Uint8Array[] | undefined {
  if (!file) return undefined;
  const seen = new Set([file]);
  for (const { imports, siblings } of seen) {
    for (const name of imports) {
      const imported = siblings.get(name);
      if (imported) seen.add(imported);
    }
  }
  return Array.from(seen, ({ bytes }) => bytes);
}
