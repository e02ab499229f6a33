/**
 * How `main.ts` offers tools, and what to say where it does not.
 *
 * @module
 */

import { importBlock, type ImportSpec, indentLines, relativeImport } from "../../code.ts";
import { type GeneratedFile, textOf } from "../../generated_file.ts";
import type { Change } from "../../writer.ts";
import { TOOLS_PATH } from "./tools_files.ts";

/** Path of the program. */
export const MAIN_PATH = "main.ts";

/** The statements, without indentation. */
export const WIRING = "const mcp = mcpFromConfig(config.Mcp, { name: config.Name });\n" +
  "addTools(mcp, server);\n" +
  "server.addRoutes(mcp.routes());\n";

/** What the statements need. */
export function wiringImports(): ImportSpec[] {
  return [
    { names: ["mcpFromConfig"], from: "@zeno/zeno/rest/mcp" },
    { names: ["addTools"], from: relativeImport(MAIN_PATH, TOOLS_PATH) },
  ];
}

/** What to add to a `main.ts` that was there before the tools were; `undefined` if there is nothing. */
export function wiringHint(
  plan: readonly GeneratedFile[],
  changes: readonly Change[],
): string | undefined {
  if (!plan.some(({ path }) => path === TOOLS_PATH)) return undefined;
  const program = changes.find(({ kind, path }) => kind === "keep" && path === MAIN_PATH);
  if (program === undefined || textOf(program.before).includes(TOOLS_PATH)) return undefined;
  const lines = `${importBlock(wiringImports())}\n\n${WIRING}`;
  return `${MAIN_PATH} is yours and offers no tools yet. Add to it, behind registerRoutes:\n` +
    indentLines(lines, "  ").trimEnd();
}
