/**
 * Binding through schemas of other libraries.
 *
 * @see https://standardschema.dev
 * @module
 */

import { type Issue, type Source, ValidationError } from "../../core/schema/errors.ts";
import { Field } from "../../core/schema/field.ts";
import type { StandardIssue, StandardSchemaV1 } from "../../core/schema/standard.ts";
import type { Context } from "../context.ts";
import { parseCookies } from "./cookie.ts";
import type { FormValues } from "./form.ts";
import { toPlain } from "./_plain_json.ts";

/** Which part of the request a schema of another library reads. */
export interface StandardBindOptions {
  /**
   * The part. All but `json` are objects of texts; in `form`, which is query and form together, a key that comes more
   * than once, or ends in `[]`, is a list. @default {"json"}
   */
  from?: Source;
}

/** Reads the parts of a request that need reading; the content type is in lower case. */
interface Readers {
  json(type: string): Promise<unknown>;
  form(type: string): Promise<FormValues>;
}

/** Reads one part of a request and has the schema check it. */
export async function bindStandard<T>(
  schema: StandardSchemaV1<unknown, T>,
  context: Context,
  from: Source,
  readers: Readers,
): Promise<T> {
  const input = await readPart(context, from, readers);
  if (schema instanceof Field) return parseOwn(schema, input, from);
  // Zeno's own schemas read numbers digit by digit; others know only what JavaScript has.
  const plain = from === "json" ? toPlain(input) : input;
  const result = await schema["~standard"].validate(plain);
  if (!result.issues) return result.value;
  throw new ValidationError(result.issues.map((issue) => toIssue(issue, from)), "read request");
}

function parseOwn<T>(schema: Field<T>, input: unknown, from: Source): T {
  const result = schema.safeParse(input);
  if (result.ok) return result.value;
  throw new ValidationError(
    result.issues.map((issue) => ({ ...issue, in: from })),
    "read request",
  );
}

async function readPart(context: Context, from: Source, readers: Readers): Promise<unknown> {
  const { headers } = context.request;
  const type = headers.get("content-type")?.toLowerCase() ?? "";
  switch (from) {
    case "json":
      return await readers.json(type);
    case "form":
      return (await readers.form(type)).toObject();
    case "path":
      return record(Object.entries(context.params));
    case "header":
      return record(headers);
    case "cookie":
      return record(parseCookies(headers.get("cookie")));
  }
}

/** An object without a prototype, so that no name means more than itself. */
function record(entries: Iterable<readonly [string, string]>): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) result[name] = value;
  return result;
}

function toIssue(issue: StandardIssue, from: Source): Issue {
  const path = pathOf(issue.path ?? []);
  const where = path === "" ? "" : `field "${path}": `;
  return { in: from, path, code: "custom", message: where + issue.message };
}

/** The path as Zeno's own schemas write it: `in.a[0].b`. */
function pathOf(path: NonNullable<StandardIssue["path"]>): string {
  let text = "";
  for (const step of path) {
    const key = typeof step === "object" ? step.key : step;
    if (typeof key === "number") text += `[${key}]`;
    else text += (text === "" ? "" : ".") + String(key);
  }
  return text;
}
