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

/** The pattern of `rest` that has all paths of a template; `undefined` if there is none, for `**`. */
export function patternOfTemplate({ segments, verb }: PathTemplate): string | undefined {
  if (segments.at(-1)?.kind === "rest") return undefined;
  const parts = segments.map((segment, at) =>
    segment.kind === "literal" ? segment.text : `:p${at}`
  );
  const last = parts.length - 1;
  const isLiteral = segments[last]?.kind === "literal";
  if (verb !== "" && isLiteral) parts[last] += `:${verb}`;
  // Such a literal would be taken for a parameter.
  if (segments.some((segment) => segment.kind === "literal" && segment.text.startsWith(":"))) {
    return undefined;
  }
  return `/${parts.join("/")}`;
}

/** The fixed beginning of a template's paths. */
export function prefixOfTemplate({ segments }: PathTemplate): string {
  const end = segments.findIndex(({ kind }) => kind !== "literal");
  const fixed = segments.slice(0, end < 0 ? segments.length : end);
  return `/${fixed.map((segment) => segment.kind === "literal" ? segment.text : "").join("/")}`;
}
