/**
 * What the parser makes of a `.proto` file, and what the resolver adds to it.
 *
 * @module
 */

/** A place in a file. */
export interface Position {
  /** Path of the file on disk, or its import name when it is bundled. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1, in code points. */
  readonly column: number;
}

/** A value of an option: a scalar, a name, or text between braces. */
export type OptionValue =
  | { readonly kind: "string"; readonly bytes: Uint8Array; readonly pos: Position }
  | { readonly kind: "integer"; readonly value: bigint; readonly pos: Position }
  | { readonly kind: "float"; readonly value: number; readonly pos: Position }
  /** A word, with a minus sign if there is one: `true`, `SPEED`, `-inf`. */
  | { readonly kind: "name"; readonly name: string; readonly pos: Position }
  | { readonly kind: "list"; readonly items: readonly OptionValue[]; readonly pos: Position }
  | {
    readonly kind: "message";
    readonly fields: readonly OptionField[];
    readonly pos: Position;
  };

/** A field in the text between braces. */
export interface OptionField {
  /** Name; of an extension, or the address of an `Any`, with the brackets. */
  readonly name: string;
  /** What it is set to. */
  readonly value: OptionValue;
  /** Where it stands. */
  readonly pos: Position;
}

/** Part of the name of an option: `deprecated`, or `(google.api.http)`. */
export interface OptionNamePart {
  /** The name, without brackets. */
  readonly name: string;
  /** Whether it stands in brackets. */
  readonly isExtension: boolean;
}

/** `option (google.api.http).get = "/v1";`. */
export interface OptionNode {
  /** Its name, part by part. */
  readonly name: readonly OptionNamePart[];
  /** What it is set to. */
  readonly value: OptionValue;
  /** Where it stands. */
  readonly pos: Position;
}

/** What has a name, documentation and options. */
export interface Declaration {
  /** Its name. */
  readonly name: string;
  /** Where the name stands. */
  readonly pos: Position;
  /** Comment lines before it. */
  readonly docs: readonly string[];
  /** Its options, in order. */
  readonly options: OptionNode[];
}

/** A message, an enum, or a map entry that is no declaration of its own. */
export type TypeNode = MessageNode | EnumNode;

/** `import public "other.proto";`. */
export interface ImportNode {
  /** Name of the file that is imported. */
  readonly path: string;
  /** Whether importers see the file too (`public`), or need not load it at run time (`weak`). */
  readonly kind: "normal" | "public" | "weak";
  /** Where the name stands. */
  readonly pos: Position;
}

/** A range of numbers, both ends included. */
export interface RangeNode {
  /** The first number. */
  readonly from: number;
  /** The last number. */
  readonly to: number;
  /** Where it stands. */
  readonly pos: Position;
  /** Options of a range of extensions, in order. */
  readonly options: OptionNode[];
}

/** A field of a message, or of an `extend`. */
export interface FieldNode extends Declaration {
  /** Its number. */
  readonly number: number;
  /** Where the number stands. */
  readonly numberPos: Position;
  /** The word before its type. */
  readonly label: "optional" | "repeated" | "required" | undefined;
  /** The type as written; that of the values when it is a map. */
  readonly type: string;
  /** Where the type stands. */
  readonly typePos: Position;
  /** Type of the keys of a map. */
  readonly mapKey: string | undefined;
  /** Index of its oneof in the message. */
  readonly oneof: number | undefined;
  /** Comment behind it, on its line. */
  readonly comment: string;
  /** The message or enum that the type names; set by the resolver. */
  target?: TypeNode;
  /** The file it is declared in; set by the resolver. */
  file?: ProtoFile;
}

/** `oneof contact { ... }`. */
export interface OneofNode extends Declaration {
  /** Numbers of its fields, in order, to tell an empty one. */
  readonly size: number;
}

/** `message Order { ... }`. */
export interface MessageNode extends Declaration {
  /** Tells it from an enum. */
  readonly kind: "message";
  /** All fields, those of oneofs too, in order. */
  readonly fields: readonly FieldNode[];
  /** Its oneofs, in order. */
  readonly oneofs: readonly OneofNode[];
  /** Messages declared in it. */
  readonly messages: readonly MessageNode[];
  /** Enums declared in it. */
  readonly enums: readonly EnumNode[];
  /** Options declared in it. */
  readonly extensions: readonly ExtendNode[];
  /** Numbers that no field may have. */
  readonly reserved: readonly RangeNode[];
  /** Names that no field may have. */
  readonly reservedNames: readonly string[];
  /** Numbers of extensions; proto2 only. */
  readonly extensionRanges: readonly RangeNode[];
  /** Full name without a leading dot; set by the resolver. */
  fullName: string;
  /** The file it is declared in; set by the resolver. */
  file?: ProtoFile;
}

/** A value of an enum. */
export interface EnumValueNode extends Declaration {
  /** Its number. */
  readonly number: number;
  /** Where the number stands. */
  readonly numberPos: Position;
  /** Comment behind it, on its line. */
  readonly comment: string;
}

/** `enum Color { ... }`. */
export interface EnumNode extends Declaration {
  /** Tells it from a message. */
  readonly kind: "enum";
  /** Its values, in order. */
  readonly values: readonly EnumValueNode[];
  /** Numbers that no value may have. */
  readonly reserved: readonly RangeNode[];
  /** Names that no value may have. */
  readonly reservedNames: readonly string[];
  /** Full name without a leading dot; set by the resolver. */
  fullName: string;
  /** The file it is declared in; set by the resolver. */
  file?: ProtoFile;
}

/** `extend google.protobuf.MethodOptions { ... }`. */
export interface ExtendNode {
  /** What is extended, as written. */
  readonly extendee: string;
  /** Where that stands. */
  readonly pos: Position;
  /** What it is extended by. */
  readonly fields: readonly FieldNode[];
  /** Set by the resolver. */
  target?: MessageNode;
}

/** `rpc Say(Request) returns (stream Reply);`. */
export interface MethodNode extends Declaration {
  /** Whether `{ ... }` stands behind it. */
  readonly hasBody: boolean;
  /** What the caller sends, as written. */
  readonly input: string;
  /** Where that stands. */
  readonly inputPos: Position;
  /** Whether the caller sends any number of messages. */
  readonly clientStreaming: boolean;
  /** What the service sends, as written. */
  readonly output: string;
  /** Where that stands. */
  readonly outputPos: Position;
  /** Whether the service sends any number of messages. */
  readonly serverStreaming: boolean;
  /** Set by the resolver. */
  inputType?: MessageNode;
  /** Set by the resolver. */
  outputType?: MessageNode;
}

/** `service Greeter { ... }`. */
export interface ServiceNode extends Declaration {
  /** Its methods, in order. */
  readonly methods: readonly MethodNode[];
  /** Full name without a leading dot; set by the resolver. */
  fullName: string;
}

/** A whole file. */
export interface ProtoFile {
  /** Name by which others import it, `shop/v1/order.proto`. */
  readonly name: string;
  /** Where it was read from; its name when it is bundled. */
  readonly path: string;
  /** Whether it comes with the command. */
  readonly bundled: boolean;
  /** What it begins with. */
  readonly syntax: "proto2" | "proto3";
  /** Its package; `""` when it has none. */
  readonly package: string;
  /** Where the package is named. */
  readonly packagePos: Position | undefined;
  /** Comment before its first line. */
  readonly docs: readonly string[];
  /** Its imports, in order. */
  readonly imports: readonly ImportNode[];
  /** Its options, in order. */
  readonly options: OptionNode[];
  /** Messages declared in it. */
  readonly messages: readonly MessageNode[];
  /** Enums declared in it. */
  readonly enums: readonly EnumNode[];
  /** Services declared in it. */
  readonly services: readonly ServiceNode[];
  /** Options declared in it. */
  readonly extensions: readonly ExtendNode[];
  /** Files that it imports, in order; set by the loader. */
  readonly dependencies: ProtoFile[];
}
