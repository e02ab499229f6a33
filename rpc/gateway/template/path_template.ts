/**
 * Path templates of `google.api.http`.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 * @module
 */

/** A part of a path between slashes: fixed text, any one segment, or all the rest. */
export type TemplateSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "one" }
  | { readonly kind: "rest" };

/** A part of the path that a field is set from. */
export interface TemplateVariable {
  /** Names of fields, each within the one before. */
  readonly fieldPath: readonly string[];
  /** Index of its first segment. */
  readonly from: number;
  /** Index behind its last segment; `Infinity` if it takes the rest. */
  readonly to: number;
}

/** A template. */
export interface PathTemplate {
  /** As it was written. */
  readonly text: string;
  /** The segments; only the last may be the rest. */
  readonly segments: readonly TemplateSegment[];
  /** The variables, from left to right. */
  readonly variables: readonly TemplateVariable[];
  /** What must stand behind a colon at the end; empty if nothing. */
  readonly verb: string;
}

/**
 * Parses a template:
 *
 * ```text
 * Template = "/" [ Segments [ ":" Literal ] ]
 * Segments = Segment { "/" Segment }
 * Segment  = "*" | "**" | Literal | "{" FieldPath [ "=" Segments ] "}"
 * ```
 *
 * `**` takes all segments that are left, none too, and stands last. Beyond the grammar, `/` alone is the root.
 *
 * @throws {SyntaxError} If it is none; the message shows the place.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { variables, verb } = parseTemplate("/v1/{book.name=shelves/*}:archive");
 * assertEquals(variables, [{ fieldPath: ["book", "name"], from: 1, to: 3 }]);
 * assertEquals(verb, "archive");
 * ```
 */
export function parseTemplate(text: string): PathTemplate {
  return new TemplateParser(text).parse();
}

const LITERAL = /(?:[A-Za-z0-9\-._~!$&'()+,;:@]|%[0-9A-Fa-f]{2})+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const ONE: TemplateSegment = { kind: "one" };
const REST: TemplateSegment = { kind: "rest" };

class TemplateParser {
  readonly #text: string;
  readonly #segments: TemplateSegment[] = [];
  readonly #variables: TemplateVariable[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PathTemplate {
    this.#expect("/");
    let verb = "";
    if (this.#at < this.#text.length) {
      this.#segmentList(false);
      verb = this.#verb();
    }
    if (this.#at < this.#text.length) throw this.#fault("unexpected text");
    return { text: this.#text, segments: this.#segments, variables: this.#variables, verb };
  }

  #segmentList(inVariable: boolean): void {
    do {
      if (this.#segments.at(-1) === REST) throw this.#fault("nothing may follow **");
      this.#segment(inVariable);
    } while (this.#take("/"));
  }

  #segment(inVariable: boolean): void {
    if (this.#take("**")) this.#segments.push(REST);
    else if (this.#take("*")) this.#segments.push(ONE);
    else if (!inVariable && this.#take("{")) this.#variable();
    else this.#literal(inVariable);
  }

  #variable(): void {
    const fieldPath = [this.#name()];
    while (this.#take(".")) fieldPath.push(this.#name());
    const from = this.#segments.length;
    if (this.#take("=")) this.#segmentList(true);
    else this.#segments.push(ONE);
    this.#expect("}");
    const to = this.#segments.at(-1) === REST ? Infinity : this.#segments.length;
    const name = fieldPath.join(".");
    if (this.#variables.some((known) => known.fieldPath.join(".") === name)) {
      throw this.#fault(`variable ${name} is there twice`);
    }
    this.#variables.push({ fieldPath, from, to });
  }

  #literal(inVariable: boolean): void {
    let literal = this.#match(LITERAL);
    // A colon behind the last slash begins the verb, and the last colon does.
    const isLast = !inVariable && this.#at === this.#text.length;
    const colon = isLast ? literal.lastIndexOf(":") : -1;
    if (colon >= 0) {
      this.#at -= literal.length - colon;
      literal = literal.slice(0, colon);
    }
    if (literal === "") throw this.#fault(inVariable ? "need a segment" : "need a segment or {");
    this.#segments.push({ kind: "literal", text: this.#decoded(literal) });
  }

  #verb(): string {
    if (!this.#take(":")) return "";
    const verb = this.#match(LITERAL);
    if (verb === "" || verb.includes(":")) throw this.#fault("need a verb behind the colon");
    return this.#decoded(verb);
  }

  /** As canonical paths have it: only `/` and `%` stay escaped. */
  #decoded(literal: string): string {
    try {
      return decodeURIComponent(literal.replace(/%(?=2[Ff]|25)/g, "%25")).replace(/%2f/g, "%2F");
    } catch {
      throw this.#fault("a percent-escape that is not UTF-8");
    }
  }

  #name(): string {
    const name = this.#match(NAME);
    if (name === "") throw this.#fault("need the name of a field");
    return name;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#fault(`need ${JSON.stringify(text)}`);
  }

  #fault(problem: string): SyntaxError {
    const shown = JSON.stringify(this.#text);
    return new SyntaxError(
      `Cannot parse path template ${shown}: ${problem} at character ${this.#at + 1}`,
    );
  }
}
