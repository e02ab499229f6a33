/**
 * The intermediate representation of a checked `.api` program: what every generator reads.
 *
 * It is plain data in a fixed order (types by name, groups by folder, routes by path), so that the
 * same sources give the same bytes on every run and every file system.
 *
 * @module
 */

/** A place in a source file. */
export interface Position {
  /** Path of the file, absolute as the loader resolved it. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1, in code points. */
  readonly column: number;
}

/** A whole program: the main file and everything it imports. */
export interface ApiSpec {
  /** Name of the service, `greet-api`; all service blocks share it. */
  service: string;
  /** The `info` statement of the main file, quotes removed. */
  info: Record<string, string>;
  /** Declared structures, sorted by name. */
  types: StructType[];
  /** Route groups, sorted by `group`, in source order where that is equal. */
  groups: RouteGroupSpec[];
  /** Dialect, `v1` unless the files say otherwise. */
  syntax: string;
  /** Absolute paths of all files, the main file first, then imports in source order, depth first. */
  files: string[];
}

/** A declared structure. */
export interface StructType {
  /** Declared name. */
  name: string;
  /** Comment lines above the declaration, without comment markers. */
  docs: string[];
  /** Members in source order. */
  fields: Field[];
  /** Where the name stands. */
  pos: Position;
}

/** One member of a structure; `A, B int` gives two. */
export interface Field {
  /** Member name; of an embedded one, the name of its type. */
  name: string;
  /** Member type. */
  type: TypeRef;
  /** Tags in source order; empty when there is none. */
  tags: Tag[];
  /** Comment lines above the member, without comment markers. */
  docs: string[];
  /** Comment behind the member on its line, without comment markers, or `""`. */
  comment: string;
  /** Whether the member has no name of its own, so its members are flattened into the parent. */
  embedded: boolean;
  /** Where the name stands. */
  pos: Position;
}

/** One `key:"name,option,..."` of a field tag. */
export interface Tag {
  /** Source or encoder: `json`, `path`, `form`, `header`, `validate`, ... */
  key: string;
  /** Wire name: the text before the first comma; `""` means the member name, `-` means ignored. */
  name: string;
  /** Options behind the name. Empty for the keys that only pass through (`validate`, `db`, ...). */
  options: TagOption[];
  /** The text between the quotes, unescaped. */
  raw: string;
}

/** One option of a tag: `optional`, or `range=[0:150]`. */
export interface TagOption {
  /** Option name. */
  key: string;
  /** Text behind `=`, if there is one. Lists are normalised to `a|b|c` for `options`. */
  value?: string;
}

/** A type as it is used by a member, a request or a response. */
export type TypeRef =
  | {
    /** A base type. */
    kind: "base";
    /** `bool`, `string`, `int64`, ... */
    name: string;
  }
  | {
    /** A declared structure. */
    kind: "ref";
    /** Its name, always one of {@link ApiSpec.types}. */
    name: string;
  }
  | {
    /** A slice, or with `length` a fixed array. */
    kind: "array";
    /** Element type. */
    item: TypeRef;
    /** Exact number of elements of a fixed array. */
    length?: number;
  }
  | {
    /** A map. */
    kind: "map";
    /** Base type of the keys. */
    key: string;
    /** Value type. */
    value: TypeRef;
  }
  | {
    /** A pointer; it never makes a member optional by itself. */
    kind: "pointer";
    /** What it points to. */
    target: TypeRef;
  }
  | {
    /** `interface{}`: any value. */
    kind: "any";
  }
  | {
    /** A structure without a name, written in place. */
    kind: "struct";
    /** Its members. */
    fields: Field[];
  };

/** One service block: routes that share annotations. */
export interface RouteGroupSpec {
  /** All `@server` entries as text, quotes removed, keys as written. */
  annotations: Record<string, string>;
  /** Cleaned prefix: `/v1`, or `""`. */
  prefix: string;
  /** Cleaned folder: `user/admin`, or `""`. */
  group: string;
  /** Names of the middleware, in order. */
  middleware: string[];
  /** Config section of the JWT check. */
  jwt?: string;
  /** Config section of the key rotation. */
  jwtTransition?: string;
  /** Whether requests must be signed. */
  signature: boolean;
  /** Whether the routes stream server-sent events. */
  sse: boolean;
  /** Time limit of a request, in ms; fractions are possible, 0 means none. */
  timeoutMs?: number;
  /** Limit of a request body, in bytes. */
  maxBytes?: number;
  /** Routes, sorted by path, in source order where that is equal. */
  routes: RouteSpec[];
  /** Where the block starts. */
  pos: Position;
}

/** One route. */
export interface RouteSpec {
  /** HTTP method in upper case. */
  method: string;
  /** Path as written, without the prefix: `/users/:id`. */
  path: string;
  /** Handler name without the suffixes `handler` and `Handler`. */
  handler: string;
  /** Type of the request, absent when the route takes none. */
  request?: TypeRef;
  /** Type of the response, absent when the route gives none. */
  response?: TypeRef;
  /** `@doc` entries, quotes removed; `text` is the short form `@doc "text"`. */
  doc: Record<string, string> & { text?: string };
  /** Comment lines above the route, without comment markers. */
  docs: string[];
  /** Comment lines between `@doc` and `@handler`, without comment markers. */
  handlerDocs: string[];
  /** Comment behind the route on its line, without comment markers, or `""`. */
  comment: string;
  /** Where the method stands. */
  pos: Position;
}
