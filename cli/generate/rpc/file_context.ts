/**
 * What the parts of a generated file share: names and imports.
 *
 * @module
 */

import type { EnumNode, MessageNode, ProtoFile } from "../../proto/ast.ts";
import { importBlock, type ImportSpec } from "../code.ts";
import { type FileNames, fileNames } from "./proto_names.ts";

/** Where generated files stand and where they import from. */
export interface ProtoPlaces {
  /** Path of the file generated for a `.proto` file, below the target folder. */
  readonly pathOf: (file: ProtoFile) => string;
  /** Specifier of what is generated for `file`, in the file at `from`. */
  readonly specifierOf: (file: ProtoFile, from: string) => string;
  /** Specifier of the runtime, in the file at `from`. */
  readonly runtime: (from: string) => string;
  /** Specifier of the types of services, in the file at `from`. */
  readonly rpc: (from: string) => string;
}

/** Names of all files, each chosen once. */
export class NameBook {
  readonly #names = new Map<ProtoFile, FileNames>();

  /** The names of a file. */
  of(file: ProtoFile): FileNames {
    let names = this.#names.get(file);
    if (names === undefined) this.#names.set(file, names = fileNames(file));
    return names;
  }
}

/** The file that is being generated. */
export class FileContext {
  /** What it is generated from. */
  readonly file: ProtoFile;
  /** Names in it. */
  readonly names: FileNames;
  /** Its path below the target folder. */
  readonly path: string;
  readonly #book: NameBook;
  readonly #places: ProtoPlaces;
  /** Local name by specifier and name. */
  readonly #imports = new Map<string, Map<string, { local: string; typeOnly: boolean }>>();
  readonly #taken = new Set<string>();

  constructor(file: ProtoFile, book: NameBook, places: ProtoPlaces) {
    this.file = file;
    this.names = book.of(file);
    this.path = places.pathOf(file);
    this.#book = book;
    this.#places = places;
    const { types, enumTypes, services, methods } = this.names;
    for (const names of [types, enumTypes, services, methods]) {
      for (const name of names.values()) this.#taken.add(name);
    }
  }

  /** Uses something of the runtime. */
  runtime(name: string, { typeOnly = false }: { typeOnly?: boolean } = {}): string {
    return this.#import(this.#places.runtime(this.path), name, name, typeOnly);
  }

  /** Uses a type of services. */
  rpc(name: string): string {
    return this.#import(this.#places.rpc(this.path), name, name, true);
  }

  /** Name of a message or enum here; imports it where it is declared elsewhere. */
  type(node: MessageNode | EnumNode, { typeOnly = false }: { typeOnly?: boolean } = {}): string {
    const file = node.file!;
    return this.#use(file, this.#book.of(file).types.get(node)!, typeOnly);
  }

  /** Name of the constant that describes an enum. */
  enumType(node: EnumNode): string {
    const file = node.file!;
    return this.#use(file, this.#book.of(file).enumTypes.get(node)!, false);
  }

  /** Name of the constant of a file. */
  fileConstant(file: ProtoFile): string {
    return this.#use(file, this.#book.of(file).file, false);
  }

  #use(file: ProtoFile, name: string, typeOnly: boolean): string {
    if (file === this.file) return name;
    const specifier = this.#places.specifierOf(file, this.path);
    const prefix = file.package.split(".").at(-1) || "root";
    const local = this.#taken.has(name) ? `${prefix}_${name}` : name;
    return this.#import(specifier, name, local, typeOnly);
  }

  #import(specifier: string, name: string, local: string, typeOnly: boolean): string {
    const names = this.#imports.get(specifier) ?? new Map();
    this.#imports.set(specifier, names);
    const before = names.get(name);
    if (before === undefined) {
      let free = local;
      while (this.#taken.has(free)) free += "_";
      this.#taken.add(free);
      names.set(name, { local: free, typeOnly });
      return free;
    }
    before.typeOnly &&= typeOnly;
    return before.local;
  }

  /** All imports, to stand before what used them. */
  imports(): string {
    const specs: ImportSpec[] = [];
    for (const [from, names] of this.#imports) {
      for (const typeOnly of [true, false]) {
        const used = [...names].filter(([, use]) => use.typeOnly === typeOnly);
        const words = used.map(([name, { local }]) =>
          local === name ? name : `${name} as ${local}`
        );
        specs.push({ names: words, from, typeOnly });
      }
    }
    return importBlock(specs);
  }
}
