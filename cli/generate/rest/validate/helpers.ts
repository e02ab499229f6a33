/**
 * The functions that generated schemas check values with, as TypeScript.
 *
 * @module
 */

import { docComment, fits } from "../../code.ts";
import { TEXT_FORMATS } from "./formats.ts";

const FORMATS = new Map(Object.values(TEXT_FORMATS).map((format) => [format.helper, format]));

/** Text of functions of these names, in the order of their names. */
export function helpersText(names: Iterable<string>): string {
  const texts = [...names].sort().map((name) => HELPERS[name] ?? formatText(name));
  if (texts.some((text) => text.includes("Check<"))) texts.unshift(CHECK);
  return texts.join("\n");
}

const CHECK = docComment(["Answers with what is wrong with a value, or with nothing."]) +
  "export type Check<T> = (value: T) => string | undefined;\n";

function formatText(name: string): string {
  const { about, test } = FORMATS.get(name)!;
  return check(name, "string", test, `must be ${about}`);
}

/** A function that answers with what is wrong with a value, or with nothing. */
function check(name: string, type: string, test: string, problem: string): string {
  const line = `return ${test} ? undefined : "${problem}";`;
  const body = fits(line, "  ") ? line : `return ${test}\n    ? undefined\n    : "${problem}";`;
  return docComment([`Checks a value that ${problem}.`]) +
    `export function ${name}(value: ${type}): string | undefined {\n  ${body}\n}\n`;
}

/** A function that takes a parameter and answers with a check. */
function checkWith(
  name: string,
  parameter: string,
  type: string,
  test: string,
  problem: string,
): string {
  const result = `${test} ? undefined : \`${problem}\`;`;
  const line = `return (value) => ${result}`;
  const body = fits(line, "  ") ? line : `return (value) =>\n    ${result}`;
  return docComment([`Checks a value that ${problem.replace(/\$\{(\w+)\}/g, "`$1`")}.`]) +
    `export function ${name}(${parameter}): Check<${type}> {\n  ${body}\n}\n`;
}

/** Three functions: at least, at most, and as many. */
function sizeChecks(
  noun: string,
  type: string,
  size: string,
  unit: string,
): Record<string, string> {
  const parameter = "count: number";
  const of = (name: string, operator: string, words: string) =>
    checkWith(name, parameter, type, `${size} ${operator} count`, `must have ${words} ${unit}`);
  return {
    [`min${noun}`]: of(`min${noun}`, ">=", "at least ${count}"),
    [`max${noun}`]: of(`max${noun}`, "<=", "at most ${count}"),
    [`exact${noun}`]: of(`exact${noun}`, "===", "${count}"),
  };
}

function numberCheck(name: string, operator: string, words: string): string {
  const type = "number | bigint";
  return checkWith(name, `bound: ${type}`, type, `value ${operator} bound`, `must be ${words}`);
}

function textCheck(name: string, test: string, words: string): string {
  return checkWith(name, "part: string", "string", test, `must ${words} \${part}`);
}

/** Names of all functions. */
export function helperNames(): string[] {
  return [...Object.keys(HELPERS), ...FORMATS.keys()];
}

const SCALAR = "string | number | bigint";

const HELPERS: Readonly<Record<string, string>> = {
  ...sizeChecks("Length", "string", "[...value].length", "characters"),
  ...sizeChecks("Items", "{ readonly length: number }", "value.length", "items"),
  ...sizeChecks("Entries", "object", "Object.keys(value).length", "entries"),
  atLeast: numberCheck("atLeast", ">=", "at least ${bound}"),
  atMost: numberCheck("atMost", "<=", "at most ${bound}"),
  moreThan: numberCheck("moreThan", ">", "more than ${bound}"),
  lessThan: numberCheck("lessThan", "<", "less than ${bound}"),
  equalTo: checkWith("equalTo", `other: ${SCALAR}`, SCALAR, "value === other", "must be ${other}"),
  notEqualTo: checkWith(
    "notEqualTo",
    `other: ${SCALAR}`,
    SCALAR,
    "value !== other",
    "must not be ${other}",
  ),
  contains: textCheck("contains", "value.includes(part)", "contain"),
  excludes: textCheck("excludes", "!value.includes(part)", "not contain"),
  startsWith: textCheck("startsWith", "value.startsWith(part)", "begin with"),
  endsWith: textCheck("endsWith", "value.endsWith(part)", "end with"),
  notEmpty: check("notEmpty", "string", 'value !== ""', "must not be empty"),
  notZero: check("notZero", "number | bigint", "value", "must not be zero"),
  isTrue: check("isTrue", "boolean", "value", "must be true"),
  unique: check(
    "unique",
    "readonly unknown[]",
    "new Set(value).size === value.length",
    "must not hold an item twice",
  ),
  jsonText: docComment(["Checks a value that must be JSON."]) +
    "export function jsonText(value: string): string | undefined {\n  try {\n" +
    "    JSON.parse(value);\n    return undefined;\n  } catch {\n" +
    '    return "must be JSON";\n  }\n}\n',
  anyOf: docComment(["Checks a value that one of the checks must find nothing wrong with."]) +
    "export function anyOf<T>(...checks: Check<T>[]): Check<T> {\n" +
    "  return (value) => {\n" +
    "    const problems = checks.map((check) => check(value));\n" +
    '    return problems.includes(undefined) ? undefined : problems.join(" or ");\n' +
    "  };\n}\n",
  unlessEmpty: docComment(['Checks a value unless it is empty: `""` or 0.']) +
    "export function unlessEmpty<T>(check: Check<T>): Check<T> {\n" +
    "  return (value) => value ? check(value) : undefined;\n}\n",
};
