/**
 * Which file holds each declared type, and what its schema is called.
 *
 * @module
 */

import type { ApiSpec } from "../../api/spec.ts";
import { camelCase, NameScope, safeIdentifier, typeName } from "../naming.ts";
import type { Usage } from "./usage.ts";

/** Path of the file of schemas. */
export const SCHEMA_PATH = "internal/types/schema.gen.ts";

/** Which file holds each declared type: with `typeGroup`, that of the only group that reaches it. */
export function typeFilesOf(
  spec: ApiSpec,
  usage: Usage,
  { typeGroup }: { typeGroup: boolean },
): ReadonlyMap<string, string> {
  return new Map(spec.types.map(({ name }) => {
    const groups = [...usage.groups.get(name) ?? []];
    const only = groups.length === 1 && typeGroup ? groups[0]! : "";
    return [name, `internal/types/${fileBase(only)}.gen.ts`];
  }));
}

/** `types` and `schema` name files of their own, so a group called so gets another name. */
function fileBase(group: string): string {
  if (group === "") return "types";
  const base = group.toLowerCase().replaceAll("/", "_");
  return base === "types" || base === "schema" ? `${base}_` : base;
}

/** Name of the helper that checks the text of a 64-bit integer. */
export const INT64_TEXT = "int64Text";
/** Name of the helper that checks the text of an unsigned 64-bit integer. */
export const UINT64_TEXT = "uint64Text";

/** Names that stand beside schemas: in the files of handlers, and exports of the schema library. */
const TAKEN =
  ("authorize context empty events registerRoutes request respond response rules server " +
    "signatureFromConfig sse svc " +
    "any array bigint boolean bytes float32 float64 int int16 int32 int64 int8 lazy map object " +
    `optionalGroup string uint uint16 uint32 uint64 uint8 ${INT64_TEXT} ${UINT64_TEXT}`).split(" ");

/** Name of the schema of each declared type; `taken` are names of handlers. */
export function schemaNamesOf(
  spec: ApiSpec,
  taken: readonly string[],
): ReadonlyMap<string, string> {
  const types = spec.types.map(({ name }) => typeName(name));
  const scope = new NameScope([...TAKEN, ...taken, ...types]);
  return new Map(spec.types.map(({ name }) => {
    return [name, scope.claim(safeIdentifier(camelCase(name)))];
  }));
}
