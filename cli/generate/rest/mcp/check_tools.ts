/**
 * Routes that cannot be tools.
 *
 * @module
 */

import type { Diagnostic } from "../../../api/diagnostic.ts";
import { joinPath, parametersOf } from "../../../api/path.ts";
import { hasDefault, isOptional, type Member, membersOf } from "../member.ts";
import type { RestModel } from "../model.ts";
import { structOf } from "../schema_file.ts";
import type { ToolModel } from "./tool.ts";

const LEAVE_OUT = 'leave it out with @doc (mcp: "false")';

/** Methods whose requests and answers a tool can carry. */
const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);

/** Names that a tool can have. */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;

/** Finds them, and warns of those that refuse every call. */
export function checkTools(model: RestModel): Diagnostic[] {
  return model.tools.flatMap((tool) => {
    const problem = problemOf(tool, model);
    if (problem !== undefined) {
      const [code, message] = problem;
      return [{ ...placeOf(tool), severity: "error", code, message, hint: LEAVE_OUT }];
    }
    return tool.group.spec.signature ? [signatureWarning(tool)] : [];
  });
}

function placeOf({ route }: ToolModel): Pick<Diagnostic, "file" | "line" | "column"> {
  const { file, line, column } = route.spec.pos;
  return { file, line, column };
}

function problemOf(tool: ToolModel, model: RestModel): [string, string] | undefined {
  const { name, route } = tool;
  const { method } = route.spec;
  const cannot = `Cannot offer route as tool "${name}"`;
  if (!NAME.test(name)) return ["E-mcp-name", `${cannot}: the name has more than 128 characters`];
  if (route.sse) return ["E-mcp-stream", `${cannot}: it streams events, and a tool answers once`];
  if (!METHODS.has(method)) {
    return ["E-mcp-method", `${cannot}: no tool can make a request of ${method}`];
  }
  const members = requestMembers(tool, model);
  const inBody = members.find(({ sources }) => sources[0]!.source === "json");
  if (method === "GET" && inBody !== undefined) {
    const about = `member "${inBody.field.name}" comes from JSON`;
    return ["E-mcp-body", `${cannot}: ${about}, and a request of GET has no body`];
  }
  const pathProblem = pathProblemOf(tool, members);
  return pathProblem === undefined ? undefined : ["E-mcp-path", `${cannot}: ${pathProblem}`];
}

function requestMembers({ route }: ToolModel, model: RestModel): Member[] {
  const struct = structOf(route, model);
  const structs = new Map(model.spec.types.map((type) => [type.name, type]));
  return struct === undefined ? [] : membersOf(struct.fields, structs);
}

/** A request is made of the members: each variable of the path needs one, and each that goes there needs a variable. */
function pathProblemOf(
  { group, route }: ToolModel,
  members: readonly Member[],
): string | undefined {
  const inPath = members.filter(({ sources }) => sources[0]!.source === "path");
  const keys = new Set(inPath.map(({ sources }) => sources[0]!.key));
  const variables = parametersOf(joinPath(group.spec.prefix, route.spec.path));
  const bare = variables.find((name) => !keys.has(name));
  if (bare !== undefined) return `no member goes into ":${bare}" of its path`;
  const lost = inPath.find((member) =>
    !variables.includes(member.sources[0]!.key) && !isOptional(member) && !hasDefault(member)
  );
  return lost && `its path has no ":${lost.sources[0]!.key}" for member "${lost.field.name}"`;
}

function signatureWarning(tool: ToolModel): Diagnostic {
  return {
    ...placeOf(tool),
    severity: "warning",
    code: "W-mcp-signature",
    message: `Cannot sign calls of tool "${tool.name}": where signatures are strict it is refused`,
    hint: LEAVE_OUT,
  };
}
