/**
 * Tables of vectors: one test a row.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Issue } from "./errors.ts";
import type { ParseOptions, Schema } from "./field.ts";
import { parseJson } from "./json.ts";

/** One problem a row expects. `text` is part of the message. */
export type Expected = readonly [path: string, code: Issue["code"], text: string];

/** One row: JSON text in, a value or problems out. */
export interface Row {
  readonly name: string;
  readonly schema: Schema<unknown>;
  readonly json: string;
  readonly value?: unknown;
  readonly issues?: readonly Expected[];
  readonly options?: ParseOptions;
}

/** Compares issues with what a row expects. */
export function assertIssues(issues: readonly Issue[], expected: readonly Expected[]): void {
  assertEquals(
    issues.map(({ path, code }) => [path, code]),
    expected.map(([path, code]) => [path, code]),
    JSON.stringify(issues),
  );
  for (const [index, [path, , text]] of expected.entries()) {
    const { message } = issues[index]!;
    assertStringIncludes(message, text);
    assertStringIncludes(message, path); // Every message names its place.
  }
}

/** Registers one test a row. */
export function testRows(subject: string, rows: readonly Row[]): void {
  for (const { name, schema, json, value, issues, options } of rows) {
    Deno.test(`${subject} ${name}: ${json.length > 60 ? `${json.slice(0, 60)}...` : json}`, () => {
      const result = schema.safeParse(parseJson(json), options);
      if (issues) {
        assertEquals(result.ok, false, "accepted");
        if (!result.ok) assertIssues(result.issues, issues);
      } else {
        if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join("; "));
        assertEquals(result.value, value);
      }
    });
  }
}
