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
  readonly value: OptionValue;
  readonly pos: Position;
}

/** Part of the name of an option: `deprecated`, or `(google.api.http)`. */
export interface OptionNamePart {
  readonly name: string;
  readonly isExtension: boolean;
}

/** `option (google.api.http).get = "/v1";`. */
export interface OptionNode {
  readonly name: readonly OptionNamePart[];
  readonly value: OptionValue;
  readonly pos: Position;
}

/** What has a name, documentation and options. */
export interface Declaration {
  readonly name: string;
  readonly pos: Position;
  /** Comment lines before it. */
  readonly docs: readonly string[];
  readonly options: OptionNode[];
}

/** A message, an enum, or a map entry that is no declaration of its own. */
export type TypeNode = MessageNode | EnumNode;

/** `import public "other.proto";`. */
export interface ImportNode {
  readonly path: string;
  readonly kind: "normal" | "public" | "weak";
  readonly pos: Position;
}

/** A range of numbers, both ends included. */
export interface RangeNode {
  readonly from: number;
  readonly to: number;
  readonly pos: Position;
}

/** A field of a message, or of an `extend`. */
export interface FieldNode extends Declaration {
  readonly number: number;
  readonly numberPos: Position;
  readonly label: "optional" | "repeated" | "required" | undefined;
  /** The type as written; that of the values when it is a map. */
  readonly type: string;
  readonly typePos: Position;
  /** Type of the keys of a map. */
  readonly mapKey: string | undefined;
  /** Index of its oneof in the message. */
  readonly oneof: number | undefined;
  /** Comment behind it, on its line. */
  readonly comment: string;
  /** The message or enum that the type names; set by the resolver. */
  target?: TypeNode;
}

/** `oneof contact { ... }`. */
export interface OneofNode extends Declaration {
  /** Numbers of its fields, in order, to tell an empty one. */
  readonly size: number;
}

/** `message Order { ... }`. */
export interface MessageNode extends Declaration {
  readonly kind: "message";
  readonly fields: readonly FieldNode[];
  readonly oneofs: readonly OneofNode[];
  readonly messages: readonly MessageNode[];
  readonly enums: readonly EnumNode[];
  readonly extensions: readonly ExtendNode[];
  readonly reserved: readonly RangeNode[];
  readonly reservedNames: readonly string[];
  readonly extensionRanges: readonly RangeNode[];
  /** Full name without a leading dot; set by the resolver. */
  fullName: string;
  /** The file it is declared in; set by the resolver. */
  file?: ProtoFile;
}

/** A value of an enum. */
export interface EnumValueNode extends Declaration {
  readonly number: number;
  readonly numberPos: Position;
  readonly comment: string;
}

/** `enum Color { ... }`. */
export interface EnumNode extends Declaration {
  readonly kind: "enum";
  readonly values: readonly EnumValueNode[];
  readonly reserved: readonly RangeNode[];
  readonly reservedNames: readonly string[];
  /** Full name without a leading dot; set by the resolver. */
  fullName: string;
  /** The file it is declared in; set by the resolver. */
  file?: ProtoFile;
}

/** `extend google.protobuf.MethodOptions { ... }`. */
export interface ExtendNode {
  readonly extendee: string;
  readonly pos: Position;
  readonly fields: readonly FieldNode[];
  /** Set by the resolver. */
  target?: MessageNode;
}

/** `rpc Say(Request) returns (stream Reply);`. */
export interface MethodNode extends Declaration {
  readonly input: string;
  readonly inputPos: Position;
  readonly clientStreaming: boolean;
  readonly output: string;
  readonly outputPos: Position;
  readonly serverStreaming: boolean;
  /** Set by the resolver. */
  inputType?: MessageNode;
  /** Set by the resolver. */
  outputType?: MessageNode;
}

/** `service Greeter { ... }`. */
export interface ServiceNode extends Declaration {
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
  readonly syntax: "proto2" | "proto3";
  readonly package: string;
  readonly docs: readonly string[];
  readonly imports: readonly ImportNode[];
  readonly options: OptionNode[];
  readonly messages: readonly MessageNode[];
  readonly enums: readonly EnumNode[];
  readonly services: readonly ServiceNode[];
  readonly extensions: readonly ExtendNode[];
  /** Files that it imports, in order; set by the loader. */
  readonly dependencies: ProtoFile[];
}
