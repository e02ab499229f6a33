/**
 * What all parts of the parser stand on: lookahead, expectation, recovery.
 *
 * @module
 */

import type { Diagnostic } from "./diagnostic.ts";
import { pathEnd, pathProblem } from "./path.ts";
import { describeToken, type Token, type TokenKind } from "./token.ts";
import { TokenCursor } from "./token_cursor.ts";

/** Unwinds to the construct that can go on after an error; the error is noted already. */
export class ParseFailure extends Error {
  override readonly name = "ParseFailure";
  /** Whether nothing of the file can be read any more. */
  readonly fatal: boolean;

  /** `fatal`: whether to give up on the file. */
  constructor(fatal: boolean) {
    super("Cannot parse file");
    this.fatal = fatal;
  }
}

/** Options for the parser of one file. */
export interface ParseOptions {
  /** Path of the file, for the diagnostics. */
  file: string;
  /** Accept the constructs of the old dialect, with a warning each. @default {false} */
  compat?: boolean | undefined;
}

/** More errors than this in one file help nobody. */
const MAX_ERRORS = 50;

/** Types and structures may nest this deep; it bounds the recursion of all passes. */
export const MAX_DEPTH = 200;

/** A cursor that expects, notes what is wrong, and finds its way back after an error. */
export class TokenReader extends TokenCursor {
  /** Path of the file. */
  readonly file: string;
  /** Whether the old dialect is accepted. */
  readonly compat: boolean;
  /** Findings in the order they were made. */
  readonly diagnostics: Diagnostic[] = [];
  #depth = 0;
  #errors = 0;
  #lastErrorOffset = -1;

  /** Reads `text` from its beginning. */
  constructor(text: string, options: ParseOptions) {
    super(text, options.compat ?? false);
    this.file = options.file;
    this.compat = options.compat ?? false;
  }

  /** Takes the next token, which must be of this kind. `what` names it in the message. */
  expect(kind: TokenKind, what = `"${kind}"`): Token {
    return this.accept(kind) ?? this.fail(what);
  }

  /** Takes a path that begins with the next token; it is read by characters. */
  takePath(): Token {
    const start = this.peek();
    const end = pathEnd(this.text, start.offset);
    this.retake("path", end);
    const path = this.next();
    const problem = pathProblem(path.text);
    if (problem !== undefined && problem.index < path.text.length) {
      const column = path.column + problem.index;
      this.#note({ ...path, offset: path.offset + problem.index, column }, "E-path", {
        message: `Cannot read path: ${problem.message}`,
      });
      throw new ParseFailure(false);
    }
    if (problem !== undefined) this.fail(problem.message.replace("must follow", "after"));
    if (this.text.startsWith("//", end)) this.warnPathComment(end);
    return path;
  }

  /** Takes the rest of the line, without a comment, as one token; only the old dialect has these. */
  takeLine(): Token {
    const start = this.peek();
    const line = /^[^\n\0]*?(?=\s+\/\/|\s*(?:\n|\0|$))/.exec(this.text.slice(start.offset));
    let text = line?.[0] ?? "";
    const closes = text.endsWith(")") && text.split(")").length > text.split("(").length;
    if (closes) text = text.slice(0, -1).trimEnd();
    if (text === "") this.fail("a value");
    this.retake("line", start.offset + text.length);
    return this.next();
  }

  /** Warns of a comment at `offset`, which was perhaps meant as part of a path. */
  warnPathComment(offset: number): void {
    this.warn({ ...this.position(offset) }, "W-path-comment", {
      message: `A comment begins directly behind the path`,
      hint: `"//" is not part of a path; put a space before a comment`,
    });
  }

  /** Notes an error at the next token: something else was expected. */
  fail(expected: string, hint?: string): never {
    this.error(expected, hint);
    throw new ParseFailure(this.#errors >= MAX_ERRORS);
  }

  /** Like {@link TokenReader.fail}, but reading goes on: the text is understood all the same. */
  error(expected: string, hint?: string): void {
    const token = this.peek();
    const message = token.kind === "illegal"
      ? `Cannot read file: ${token.problem}`
      : `Cannot parse file: expected ${expected}, found ${describeToken(token)}`;
    this.#note(token, token.kind === "illegal" ? "E-token" : "E-syntax", { message, hint });
  }

  /**
   * Notes that the next token is of the old dialect, an error unless that is accepted. The
   * construct is understood either way, so reading goes on.
   */
  legacy(what: string, remedy: string): void {
    const token = this.peek();
    if (this.compat) {
      this.warn(token, "W-legacy", { message: `${what} is of the old dialect`, hint: remedy });
      return;
    }
    this.#note(token, "E-legacy", {
      message: `Cannot parse file: ${what} is of the old dialect, accepted with --compat`,
      hint: remedy,
    });
  }

  /** Adds a warning. */
  warn(
    at: { line: number; column: number },
    code: string,
    text: { message: string; hint?: string | undefined },
  ): void {
    this.diagnostics.push(this.#diagnostic(at, "warning", code, text));
  }

  /** Runs `parse` one level deeper and gives up on the file when that is too deep. */
  nested<T>(parse: () => T): T {
    if (this.#depth >= MAX_DEPTH) {
      const message = `Cannot parse file: types nest deeper than ${MAX_DEPTH} levels`;
      this.#note(this.peek(), "E-too-deep", { message });
      throw new ParseFailure(true);
    }
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  /**
   * Runs `parse` for one entry of a list. After an error it goes on at the next token where `stop`
   * holds. Returns whether the list may go on: not where a statement seems to begin.
   */
  entry(parse: () => void, stop: (token: Token) => boolean): boolean {
    const start = this.at;
    const wasStatement = this.atStatement();
    if (this.#succeeds(parse)) return true;
    if (wasStatement) {
      this.rewind(start);
      return false;
    }
    this.#skip(start, stop);
    return !this.atStatement();
  }

  /** Runs `parse` for one statement. After an error it goes on where the next one seems to begin. */
  statement(parse: () => void): void {
    const start = this.at;
    if (this.#succeeds(parse)) return;
    this.#skip(start, () => false);
  }

  /** Runs `parse`; when it fails or gives undefined, all is as it was before. */
  tryParse<T>(parse: () => T | undefined): T | undefined {
    const at = this.at;
    const errors = this.#errors;
    const lastError = this.#lastErrorOffset;
    const found = this.diagnostics.length;
    let result: T | undefined;
    if (this.#succeeds(() => void (result = parse())) && result !== undefined) return result;
    this.rewind(at);
    this.#errors = errors;
    this.#lastErrorOffset = lastError;
    this.diagnostics.length = found;
    return undefined;
  }

  #succeeds(parse: () => void): boolean {
    const depth = this.#depth;
    try {
      parse();
      return true;
    } catch (failure) {
      if (!(failure instanceof ParseFailure) || failure.fatal) throw failure;
      this.#depth = depth;
      return false;
    }
  }

  /**
   * Skips at least one token from `start` on, and whole bracket pairs at once, until `stop` holds,
   * a statement seems to begin, or the file ends.
   */
  #skip(start: number, stop: (token: Token) => boolean): void {
    let depth = 0;
    for (let token = this.peek(); token.kind !== "eof"; token = this.peek()) {
      if (this.at !== start && ((depth === 0 && stop(token)) || this.atStatement())) return;
      if (token.kind === "(" || token.kind === "{") depth++;
      if ((token.kind === ")" || token.kind === "}") && depth > 0) depth--;
      this.next();
    }
  }

  /** One error a place, and none about the end once there was another: those only follow from it. */
  #note(token: Token, code: string, text: { message: string; hint?: string | undefined }): void {
    const isNoise = token.offset === this.#lastErrorOffset || this.#errors >= MAX_ERRORS ||
      (token.kind === "eof" && this.#errors > 0);
    if (isNoise && code !== "E-too-deep") return;
    this.#lastErrorOffset = token.offset;
    this.#errors++;
    // What is missing at the end is missing behind the last token, not behind the empty lines.
    const place = token.kind === "eof" && token.index > 0
      ? this.position(this.tokens[token.index - 1]!.end)
      : token;
    this.diagnostics.push(this.#diagnostic(place, "error", code, text));
  }

  #diagnostic(
    at: { line: number; column: number },
    severity: "error" | "warning",
    code: string,
    text: { message: string; hint?: string | undefined },
  ): Diagnostic {
    const { message, hint } = text;
    return {
      file: this.file,
      line: at.line,
      column: at.column,
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
    };
  }
}
