/**
 * The syntax tree of an `.api` file. Nodes keep their tokens, and tokens keep the comments, so the
 * formatter loses nothing.
 *
 * @module
 */

import type { Diagnostic } from "./diagnostic.ts";
import type { Token } from "./token.ts";

/** What every node has. */
export interface Node {
  /** Its first token. */
  readonly first: Token;
  /** Its last token. */
  readonly last: Token;
}

/** One parsed file. */
export interface SourceFile {
  /** Path as the loader resolved it. */
  readonly file: string;
  /** All tokens, the last one is the end of the file. */
  readonly tokens: readonly Token[];
  /** Statements in source order. */
  readonly statements: readonly Statement[];
  /** What the scanner and the parser found. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A statement. */
export type Statement =
  | SyntaxStatement
  | InfoStatement
  | ImportStatement
  | TypeStatement
  | ServiceStatement;

/** `syntax = "v1"` */
export interface SyntaxStatement extends Node {
  /** Node kind. */
  readonly kind: "syntax";
  /** The string. */
  readonly value: Token;
}

/** `( key: value ... )` */
export interface KeyValueList extends Node {
  /** The bracket tokens. */
  readonly open: Token;
  /** The closing bracket. */
  readonly close: Token;
  /** Entries in source order. */
  readonly entries: readonly KeyValue[];
}

/** `info ( ... )` */
export interface InfoStatement extends Node {
  /** Node kind. */
  readonly kind: "info";
  /** Its entries. */
  readonly list: KeyValueList;
}

/** `key: value` */
export interface KeyValue extends Node {
  /** The key. */
  readonly key: Token;
  /** The value. */
  readonly value: Value;
}

/** A value of a key. */
export interface Value extends Node {
  /** How it is written: with quotes, as one word or number, or as a list or path of words. */
  readonly kind: "string" | "raw" | "word" | "int" | "duration" | "path" | "list";
  /** Canonical source text: a list without spaces, a string with its quotes. */
  readonly text: string;
}

/** `import "a.api"` or `import ( ... )` */
export interface ImportStatement extends Node {
  /** Node kind. */
  readonly kind: "import";
  /** The brackets of the group form. */
  readonly group?: { readonly open: Token; readonly close: Token } | undefined;
  /** The strings. */
  readonly paths: readonly Token[];
}

/** `type T { ... }` or `type ( ... )` */
export interface TypeStatement extends Node {
  /** Node kind. */
  readonly kind: "type";
  /** The brackets of the group form. */
  readonly group?: { readonly open: Token; readonly close: Token } | undefined;
  /** The declarations. */
  readonly declarations: readonly TypeDeclaration[];
}

/** `T { ... }` or `T = { ... }` */
export interface TypeDeclaration extends Node {
  /** The declared name. */
  readonly name: Token;
  /** Whether `=` stands behind the name. */
  readonly assigned: boolean;
  /** The declared type. */
  readonly type: TypeNode;
}

/** A type as written. */
export type TypeNode =
  | NameType
  | InterfaceType
  | ListType
  | MapType
  | PointerType
  | StructNode;

/** A base type (`any` too) or a declared name. */
export interface NameType extends Node {
  /** Node kind. */
  readonly kind: "name";
  /** The name. */
  readonly name: string;
}

/** `interface{}` */
export interface InterfaceType extends Node {
  /** Node kind. */
  readonly kind: "interface";
}

/** `[]T`, `[3]T` or `[...]T` */
export interface ListType extends Node {
  /** Node kind. */
  readonly kind: "list";
  /** Text between the brackets, `""` for a slice. */
  readonly length: string;
  /** Element type. */
  readonly item: TypeNode;
}

/** `map[K]V` */
export interface MapType extends Node {
  /** Node kind. */
  readonly kind: "map";
  /** Key type. */
  readonly key: TypeNode;
  /** Value type. */
  readonly value: TypeNode;
}

/** `*T` */
export interface PointerType extends Node {
  /** Node kind. */
  readonly kind: "pointer";
  /** What it points to. */
  readonly target: TypeNode;
}

/** `{ ... }` */
export interface StructNode extends Node {
  /** Node kind. */
  readonly kind: "struct";
  /** The brackets. */
  readonly open: Token;
  /** The closing bracket. */
  readonly close: Token;
  /** Members in source order. */
  readonly fields: readonly FieldNode[];
}

/** A member: names and a type, or an embedded type. */
export interface FieldNode extends Node {
  /** The names; none when the member is embedded. */
  readonly names: readonly Token[];
  /** Its type. */
  readonly type: TypeNode;
  /** Its tag. */
  readonly tag?: Token | undefined;
}

/** `@server ( ... ) service name { ... }` */
export interface ServiceStatement extends Node {
  /** Node kind. */
  readonly kind: "service";
  /** Annotations of the block. */
  readonly server?: ServerNode | undefined;
  /** The word `service`. */
  readonly keyword: Token;
  /** First token of the name. */
  readonly nameToken: Token;
  /** The name, `greet-api`. */
  readonly name: string;
  /** The brackets. */
  readonly open: Token;
  /** The closing bracket. */
  readonly close: Token;
  /** Routes in source order. */
  readonly items: readonly RouteItem[];
}

/** `@server ( ... )` */
export interface ServerNode extends Node {
  /** Its entries. */
  readonly list: KeyValueList;
}

/** `@doc "text"` or `@doc ( ... )` */
export interface DocNode extends Node {
  /** The string of the short form. */
  readonly text?: Token | undefined;
  /** The entries of the long form. */
  readonly list?: KeyValueList | undefined;
}

/** `@handler name` */
export interface HandlerNode extends Node {
  /** The name. */
  readonly name: Token;
}

/** A route with its annotations. */
export interface RouteItem extends Node {
  /** Its documentation. */
  readonly doc?: DocNode | undefined;
  /** Its handler. */
  readonly handler: HandlerNode;
  /** Its method, path and bodies. */
  readonly route: RouteNode;
}

/** `get /path (Req) returns (Resp)` */
export interface RouteNode extends Node {
  /** The method. */
  readonly method: Token;
  /** The path. */
  readonly path: Token;
  /** The request. */
  readonly request?: BodyNode | undefined;
  /** The response. */
  readonly response?: BodyNode | undefined;
}

/** `(Req)`, `(*Req)`, `([]Req)` or `()` */
export interface BodyNode extends Node {
  /** Its type, if it has one. */
  readonly type?: TypeNode | undefined;
}
