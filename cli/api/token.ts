/**
 * Tokens of the `.api` language.
 *
 * @module
 */

/** What a token is; punctuation is its own kind. */
export type TokenKind =
  | "ident"
  | "int"
  | "duration"
  | "string"
  | "raw"
  | "interface{}"
  | "@doc"
  | "@handler"
  | "@server"
  | "path"
  | "line"
  | "..."
  | "-"
  | "*"
  | "/"
  | "="
  | "("
  | ")"
  | "["
  | "]"
  | "{"
  | "}"
  | ","
  | "."
  | ";"
  | ":"
  | "illegal"
  | "eof";

/** A comment. It belongs to the token before it or to the one behind it. */
export interface Comment {
  /** The comment with its markers, without the line end. */
  readonly text: string;
  /** Line of its start, from 1. */
  readonly line: number;
  /** Line of its end. */
  readonly endLine: number;
  /** Whether an empty line stands above it. */
  readonly blankBefore: boolean;
}

/** One token with the comments around it. */
export interface Token {
  /** What it is. */
  readonly kind: TokenKind;
  /** Its text as written. */
  readonly text: string;
  /** Offset of its start in the text, in UTF-16 units. */
  readonly offset: number;
  /** Offset behind its end. */
  readonly end: number;
  /** Line of its start, from 1. For an illegal token the line of the problem. */
  readonly line: number;
  /** Column of its start, from 1, in code points. For an illegal token that of the problem. */
  readonly column: number;
  /** Line of its end. */
  readonly endLine: number;
  /** Number of the token in its file. */
  readonly index: number;
  /** Whether an empty line stands above it. */
  readonly blankBefore: boolean;
  /** Comments before it that are not behind another token on that token's line. */
  readonly leading: readonly Comment[];
  /** Comments behind it on its line; known once the next token is scanned. */
  trailing: readonly Comment[];
  /** What is wrong with an illegal token. */
  readonly problem?: string | undefined;
}

/** The words Go reserves; they cannot name types and members. */
export const GO_KEYWORDS: ReadonlySet<string> = new Set(
  ("break case chan const continue default defer else fallthrough for func go goto if import " +
    "interface map package range return select struct switch type var").split(" "),
);

/** The types that need no declaration. */
export const BASE_TYPES: ReadonlySet<string> = new Set(
  ("bool string byte rune int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr " +
    "float32 float64 complex64 complex128 any").split(" "),
);

/** How a token is named in a message. */
export function describeToken(token: Token): string {
  if (token.kind === "eof") return "the end of the file";
  const text = token.text.length > 40 ? `${token.text.slice(0, 40)}...` : token.text;
  return JSON.stringify(text);
}
