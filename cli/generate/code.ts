/**
 * Pieces of TypeScript, written the way `deno fmt` leaves them.
 *
 * A piece stands on one line when that fits in {@link LINE_WIDTH}; otherwise it is broken where the
 * formatter keeps a break.
 *
 * @module
 */

/** Longest line of generated code; the generated `deno.json` says the same to `deno fmt`. */
export const LINE_WIDTH = 100;

/** Whether every line of `text`, the first one indented by `indent`, fits. */
export function fits(text: string, indent: string = ""): boolean {
  return text.split("\n").every((line, index) => {
    return (index === 0 ? indent.length : 0) + line.length <= LINE_WIDTH;
  });
}

/** `text` with `indent` before each line that is not empty. */
export function indentLines(text: string, indent: string): string {
  return text.replace(/^(?=.)/gm, indent);
}

/** Text as a literal, in the quotes that the formatter prefers: double ones, unless single ones need fewer escapes. */
export function textLiteral(text: string): string {
  const double = JSON.stringify(text);
  const count = (quote: string) => text.split(quote).length - 1;
  if (count('"') <= count("'")) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** What {@link importLine} imports. */
export interface ImportSpec {
  /** Names, `name` or `name as other`; sorted here. */
  readonly names: readonly string[];
  /** Module specifier. */
  readonly from: string;
  /** Whether only types are imported. */
  readonly typeOnly?: boolean;
  /** Whether the one name stands for all that the module exports. */
  readonly namespace?: boolean;
}

/** An import statement; `""` when there are no names. */
export function importLine(
  { names, from, typeOnly = false, namespace = false }: ImportSpec,
): string {
  if (names.length === 0) return "";
  if (namespace) return `import * as ${names[0]} from "${from}";`;
  const sorted = [...new Set(names)].sort(compareNames);
  const keyword = typeOnly ? "import type" : "import";
  const line = `${keyword} { ${sorted.join(", ")} } from "${from}";`;
  if (fits(line)) return line;
  return `${keyword} {\n${sorted.map((name) => `  ${name},\n`).join("")}} from "${from}";`;
}

/** The formatter orders names without regard to case, then by code unit. */
function compareNames(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  if (a !== b) return a < b ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Import statements: packages first, then files, by specifier; types first; empty ones dropped. */
export function importBlock(specs: readonly ImportSpec[]): string {
  const rank = ({ from, typeOnly }: ImportSpec) =>
    `${from.startsWith(".") ? 1 : 0}${from} ${typeOnly ? 0 : 1}`;
  return specs.filter(({ names }) => names.length > 0)
    .sort((left, right) => compareNames(rank(left), rank(right)))
    .map(importLine).join("\n");
}

/** `key: value,` at this indentation, on two lines if it does not fit on one; it ends with a newline. */
export function propertyLine(key: string, value: string, indent: string): string {
  const line = `${indent}${key}: ${value},`;
  return fits(line) ? `${line}\n` : `${indent}${key}:\n${indent}  ${value},\n`;
}

/** A documentation comment of these lines; `""` when there are none, else it ends with a newline. */
export function docComment(lines: readonly string[], indent: string = ""): string {
  const clean = lines.map((line) => line.trimEnd().replaceAll("*/", "*\\/"))
    // The formatter leaves one empty line of several.
    .filter((line, index, all) => line !== "" || all[index - 1] !== "");
  while (clean.length > 0 && clean.at(-1) === "") clean.pop();
  while (clean.length > 0 && clean[0] === "") clean.shift();
  if (clean.length === 0) return "";
  const single = `${indent}/** ${clean[0]!.trim()} */\n`;
  if (clean.length === 1 && single.length <= LINE_WIDTH + 1) return single;
  const body = clean.map((line) => `${indent} *${line === "" ? "" : ` ${line}`}\n`).join("");
  return `${indent}/**\n${body}${indent} */\n`;
}

/** A call of a method chain: `.options(["a", "b"])`. */
export interface ChainCall {
  /** Method name. */
  readonly name: string;
  /** Arguments as code; an array stands for an array literal of code. */
  readonly args: readonly (string | readonly string[])[];
}

/** A call with a chain of calls behind it: `array(string()).optional()`. */
export interface Expression {
  /** Name of the function, or any code when there are no `args`. */
  readonly head: string;
  /** Its arguments; absent when `head` is no function. */
  readonly args?: readonly (Expression | string)[];
  /** The chain. */
  readonly calls: readonly ChainCall[];
}

/**
 * An expression as code.
 *
 * @param indent Indentation of the line it begins on.
 * @param around Columns that other code takes on its line, before and behind it.
 */
export function expressionText(expression: Expression, indent: string, around: number): string {
  const flat = flatText(expression);
  if (fitsAround(flat, indent, around)) return flat;
  const { head, args, calls } = expression;
  const deeper = `${indent}  `;
  const start = flatText({ ...expression, calls: [] });
  const broken = args === undefined || args.length === 0 || fitsAround(start, indent, around)
    ? start
    : `${head}(\n${args.map((arg) => `${deeper}${argText(arg, deeper)},\n`).join("")}${indent})`;
  return broken + calls.map((call) => `\n${deeper}${callText(call, deeper)}`).join("");
}

/** The first and the last line; those between, of an object literal, are laid out already. */
function fitsAround(text: string, indent: string, around: number): boolean {
  const lines = text.split("\n");
  const first = indent.length + around + lines[0]!.length;
  return first <= LINE_WIDTH && (lines.length === 1 || lines.at(-1)!.length < LINE_WIDTH);
}

function argText(arg: Expression | string, indent: string): string {
  return typeof arg === "string" ? arg : expressionText(arg, indent, 1);
}

function flatText({ head, args, calls }: Expression): string {
  const list = args?.map((arg) => typeof arg === "string" ? arg : flatText(arg)).join(", ");
  return head + (list === undefined ? "" : `(${list})`) + calls.map(flatCall).join("");
}

function flatCall({ name, args }: ChainCall): string {
  const texts = args.map((arg) => typeof arg === "string" ? arg : `[${arg.join(", ")}]`);
  return `.${name}(${texts.join(", ")})`;
}

/** A call on a line of its own, with a column left for a comma behind it. */
function callText(call: ChainCall, indent: string): string {
  const flat = flatCall(call);
  if (fits(`${flat},`, indent)) return flat;
  const [only] = call.args;
  const isList = call.args.length === 1 && typeof only !== "string";
  const [open, close] = isList ? ["([", "])"] : ["(", ")"];
  const parts = isList ? only as readonly string[] : call.args;
  return `.${call.name}${open}\n${parts.map((part) => `${indent}  ${part},\n`).join("")}` +
    `${indent}${close}`;
}

/** Import specifier of `to` in a file at `from`; both relative to one folder, with `/`. */
export function relativeImport(from: string, to: string): string {
  const base = from.split("/").slice(0, -1);
  const target = to.split("/");
  let shared = 0;
  while (shared < base.length && base[shared] === target[shared]) shared++;
  const up = "../".repeat(base.length - shared);
  return `${up === "" ? "./" : up}${target.slice(shared).join("/")}`;
}
