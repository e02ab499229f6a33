/**
 * Between path templates and the patterns of `rest`.
 *
 * @module
 */

import type { PathTemplate, TemplateSegment } from "./path_template.ts";

/**
 * A pattern such as `/users/:id` as a template, so that both are matched alike.
 *
 * @throws {SyntaxError} If it does not begin with a slash, or a parameter has no name.
 */
export function templateOfPattern(pattern: string): PathTemplate {
  if (!pattern.startsWith("/")) {
    throw new SyntaxError(`Cannot map path ${JSON.stringify(pattern)}: it must begin with "/"`);
  }
  const parts = pattern.split("/").filter((part) => part !== "");
  const segments = parts.map((part): TemplateSegment =>
    part.startsWith(":") ? { kind: "one" } : { kind: "literal", text: part }
  );
  const variables = parts.flatMap((part, from) => {
    if (!part.startsWith(":")) return [];
    if (part === ":") {
      throw new SyntaxError(`Cannot map path ${JSON.stringify(pattern)}: ":" names no parameter`);
    }
    return [{ fieldPath: part.slice(1).split("."), from, to: from + 1 }];
  });
  return { text: pattern, segments, variables, verb: "" };
}

/**
 * The pattern of `rest` that has all paths of a template, with the names of its variables; `undefined` if there is none, for
 * `**`.
 */
export function patternOfTemplate(template: PathTemplate): string | undefined {
  const { segments, verb } = template;
  if (segments.at(-1)?.kind === "rest") return undefined;
  const parts = segments.map((segment, at) =>
    segment.kind === "literal" ? segment.text : `:${nameAt(template, at)}`
  );
  const last = segments.length - 1;
  if (verb !== "" && segments[last]?.kind === "literal") parts[last] += `:${verb}`;
  // Such a literal would be taken for a parameter.
  const isAmbiguous = segments.some((it) => it.kind === "literal" && it.text.startsWith(":"));
  return isAmbiguous ? undefined : `/${parts.join("/")}`;
}

/** What a segment is called: as the variable that it is of, or by its place. */
function nameAt({ variables }: PathTemplate, at: number): string {
  const variable = variables.find(({ from, to }) => from <= at && at < to);
  return variable ? variable.fieldPath.join(".") : `p${at}`;
}

/** A pattern without the names of its parameters: patterns of one shape have the same paths. */
export function shapeOfPattern(pattern: string): string {
  return pattern.replace(/(?<=\/):[^/]+/g, ":");
}

/** The fixed beginning of a template's paths. */
export function prefixOfTemplate({ segments }: PathTemplate): string {
  const end = segments.findIndex(({ kind }) => kind !== "literal");
  const fixed = segments.slice(0, end < 0 ? segments.length : end);
  return `/${fixed.map((segment) => segment.kind === "literal" ? segment.text : "").join("/")}`;
}
