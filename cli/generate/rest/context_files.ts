/**
 * The service context, its generated half, and the middleware it holds.
 *
 * @module
 */

import { docComment, importBlock, relativeImport } from "../code.ts";
import { genFile, onceFile, type TextFile } from "../generated_file.ts";
import { CONFIG_PATH, GEN_CONFIG_PATH } from "./config_files.ts";
import type { MiddlewareModel, RestModel } from "./model.ts";
import { wordsOf } from "./model.ts";

const GEN_CONTEXT_PATH = "internal/svc/context.gen.ts";

/** `context.gen.ts`, the service context, and a file for each middleware. */
export function contextFiles(model: RestModel): TextFile[] {
  return [
    genFile(GEN_CONTEXT_PATH, model.options.source, genContextText(model)),
    onceFile(model.contextFile, contextText(model)),
    ...model.middleware.map((middleware) => onceFile(middleware.file, middlewareText(middleware))),
  ];
}

function genContextText({ middleware }: RestModel): string {
  const imports = importBlock([
    {
      names: middleware.length > 0 ? ["Middleware"] : [],
      from: "@zeno/zeno/rest",
      typeOnly: true,
    },
    {
      names: ["GenConfig"],
      from: relativeImport(GEN_CONTEXT_PATH, GEN_CONFIG_PATH),
      typeOnly: true,
    },
  ]);
  const members = middleware.map(({ member }) =>
    docComment([`Middleware that the .api file names.`], "  ") +
    `  readonly ${member}: Middleware;\n`
  );
  return `${imports}\n\n${docComment(["What the routes need of the service context."])}` +
    "export interface GenContext {\n" +
    `${docComment(["Configuration of the service."], "  ")}  readonly config: GenConfig;\n` +
    `${members.join("")}}\n`;
}

function contextText({ middleware, contextFile }: RestModel): string {
  const imports = importBlock([
    {
      names: middleware.length > 0 ? ["Middleware"] : [],
      from: "@zeno/zeno/rest",
      typeOnly: true,
    },
    { names: ["Config"], from: relativeImport(contextFile, CONFIG_PATH), typeOnly: true },
    { names: ["GenContext"], from: relativeImport(contextFile, GEN_CONTEXT_PATH), typeOnly: true },
    ...middleware.map(({ factory, file }) => ({
      names: [factory],
      from: relativeImport(contextFile, file),
    })),
  ]);
  const members = middleware.map(({ member, factory }) =>
    docComment([`Made by {@link ${factory}}.`], "  ") + `  readonly ${member}: Middleware;\n`
  );
  const sets = middleware.map(({ member, factory }) => `    this.${member} = ${factory}();\n`);
  const doc =
    "What all requests share: clients, stores, middleware. Made once, when the service starts.";
  return `${imports}\n\n${docComment([doc])}export class ServiceContext implements GenContext {\n` +
    `${docComment(["Configuration of the service."], "  ")}  readonly config: Config;\n` +
    `${members.join("")}\n${docComment(["Opens what the service needs."], "  ")}` +
    "  constructor(config: Config) {\n    this.config = config;\n" +
    `${sets.join("")}  }\n}\n`;
}

function middlewareText({ factory }: MiddlewareModel): string {
  const imports = importBlock([{ names: ["Middleware"], from: "@zeno/zeno/rest", typeOnly: true }]);
  return `${imports}\n\n${docComment([`The ${wordsOf(factory)}.`])}` +
    `export function ${factory}(): Middleware {\n` +
    "  return (next) => (request, context) => {\n" +
    "    // What stands here runs before the handler.\n" +
    "    return next(request, context);\n  };\n}\n";
}
