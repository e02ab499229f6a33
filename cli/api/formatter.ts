/**
 * The canonical format of `.api` files.
 *
 * One tab a level, one entry a line, aligned columns in structures and lists, one empty line
 * between statements and between routes. Nothing is sorted and no comment is lost: one in the
 * middle of a construct moves above it. An empty line is kept only next to a comment, where it says
 * whether the comment belongs to what follows.
 *
 * @module
 */

import type { ImportStatement, SourceFile, Statement } from "./ast.ts";
import { type Head, headOf } from "./comments.ts";
import { isEmptyList } from "./declarations.ts";
import { type Diagnostic, hasErrors } from "./diagnostic.ts";
import { closingHead, type FormatContext, headApart, stringText } from "./format_context.ts";
import { Lines } from "./format_lines.ts";
import { formatList, formatService, serviceHead } from "./format_service.ts";
import { formatTypeStatement, openingOf } from "./format_type.ts";
import { parse } from "./parser.ts";
import type { Comment } from "./token.ts";

/** Options for {@link formatApi}. */
export interface FormatOptions {
  /** Path of the file, for the diagnostics. */
  file: string;
  /** Read the old dialect, and write today's. @default {false} */
  compat?: boolean;
}

/** What {@link formatApi} gives. */
export interface FormatResult {
  /** The formatted text; absent when the file does not parse. */
  text?: string;
  /** What the parser found. */
  diagnostics: Diagnostic[];
}

/**
 * Formats the text of a file that parses; it need not pass any other check.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { text } = formatApi("type T { A int\nLong string }", { file: "a.api" });
 * assertEquals(text, "type T {\n\tA    int\n\tLong string\n}\n");
 * ```
 */
export function formatApi(text: string, options: FormatOptions): FormatResult {
  const source = parse(text, options);
  const diagnostics = [...source.diagnostics];
  if (hasErrors(diagnostics)) return { diagnostics };
  return { text: new FileFormat(source).format(), diagnostics };
}

class FileFormat {
  readonly #context: FormatContext;
  readonly #source: SourceFile;

  constructor(source: SourceFile) {
    this.#source = source;
    this.#context = { tokens: source.tokens, lines: new Lines() };
  }

  format(): string {
    const { lines } = this.#context;
    let omitted: Comment[] = [];
    let previous: Statement | undefined;
    for (const statement of this.#source.statements) {
      if (isOmitted(statement)) {
        omitted.push(...this.#allComments(statement, omitted.length > 0));
        continue;
      }
      if (!(isSingleImport(previous) && isSingleImport(statement))) lines.blank();
      lines.head(headApart(omitted, this.#head(statement)));
      this.#statement(statement);
      omitted = [];
      previous = statement;
    }
    lines.blank();
    const end = this.#source.tokens.at(-1);
    lines.head(headApart(omitted, { comments: end?.leading ?? [], detached: false }));
    return lines.render();
  }

  /** The comments of a statement that is left out; `apart`: from those of another one. */
  #allComments(statement: Statement, apart: boolean): Comment[] {
    const all = [...headOf(this.#context.tokens, statement).comments, ...statement.last.trailing];
    const [first, ...rest] = all;
    return first !== undefined && apart ? [{ ...first, blankBefore: true }, ...rest] : all;
  }

  #head(statement: Statement): Head {
    const { tokens } = this.#context;
    const { first } = statement;
    switch (statement.kind) {
      case "info":
        return headOf(tokens, { first, last: statement.list.open });
      case "service":
        return serviceHead(this.#context, statement);
      case "type": {
        const [declaration] = statement.declarations;
        const last = statement.group?.open ??
          (declaration === undefined ? first : openingOf(declaration, declaration.type).last);
        return headOf(tokens, { first, last });
      }
      case "import":
        return headOf(tokens, { first, last: statement.group?.open ?? statement.last });
      case "syntax":
        return headOf(tokens, statement);
    }
  }

  #statement(statement: Statement): void {
    const context = this.#context;
    switch (statement.kind) {
      case "syntax":
        return context.lines.add(
          `syntax = ${stringText(statement.value)}`,
          statement.last.trailing,
        );
      case "info":
        return formatList(context, "info", statement.list);
      case "import":
        return this.#import(statement);
      case "type":
        return formatTypeStatement(context, statement);
      case "service":
        return formatService(context, statement);
    }
  }

  #import(statement: ImportStatement): void {
    const { lines } = this.#context;
    const { group, paths } = statement;
    if (group === undefined) {
      const [path] = paths;
      if (path !== undefined) lines.add(`import ${stringText(path)}`, path.trailing);
      return;
    }
    lines.add("import (", group.open.trailing);
    lines.indented(() => {
      for (const path of paths) {
        lines.head({ comments: path.leading, detached: path.blankBefore });
        lines.add(stringText(path), path.trailing);
      }
      lines.head(closingHead(group.close));
    });
    lines.add(")", group.close.trailing);
  }
}

function isSingleImport(statement: Statement | undefined): boolean {
  return statement?.kind === "import" && statement.group === undefined;
}

/** Whether a statement says nothing. */
function isOmitted(statement: Statement): boolean {
  switch (statement.kind) {
    case "info":
      return isEmptyList(statement.list);
    case "import":
      return statement.paths.every((path) => path.text === '""');
    case "type":
      return statement.declarations.length === 0;
    default:
      return false;
  }
}
