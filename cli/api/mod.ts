/**
 * The `.api` language: compiler, intermediate representation, diagnostics and formatter.
 *
 * @example
 * ```ts
 * import { compileApi, formatApi } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "service greet-api { @handler greet get /hello/:name }";
 * const { spec } = compileApi("/greet.api", { readFile: () => text });
 * assertEquals(spec?.groups[0]?.routes[0]?.method, "GET");
 *
 * const { text: formatted } = formatApi(text, { file: "/greet.api" });
 * assertEquals(formatted, "service greet-api {\n\t@handler greet\n\tget /hello/:name\n}\n");
 * ```
 * @module
 */

export { compileApi, type CompileOptions, type CompileResult } from "./compile.ts";
export {
  type Diagnostic,
  diagnosticsToJson,
  hasErrors,
  renderDiagnostic,
  type RenderOptions,
  type Severity,
} from "./diagnostic.ts";
export { parseDuration } from "./duration.ts";
export { formatApi, type FormatOptions, type FormatResult } from "./formatter.ts";
export { handlerBase } from "./handler_name.ts";
export { joinPath, parametersOf } from "./path.ts";
export type {
  ApiSpec,
  Field,
  Position,
  RouteGroupSpec,
  RouteSpec,
  StructType,
  Tag,
  TagOption,
  TypeRef,
} from "./spec.ts";
export { parseTag, type TagResult } from "./tag.ts";
