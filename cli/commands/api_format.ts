/**
 * `zeno api format`.
 *
 * @module
 */

import { resolve } from "@std/path";
import { formatApi } from "../api/formatter.ts";
import type { Invocation } from "../command.ts";
import type { Diagnostic } from "../api/diagnostic.ts";
import { EXIT_FOUND, EXIT_OK, UsageError } from "../errors.ts";
import { findFiles, isFolder, readText, writeText } from "../files.ts";
import { unifiedDiff } from "../generate/diff.ts";
import { count, reportDiagnostics } from "../report.ts";

/** What came of one file. */
interface Formatted {
  readonly file: string;
  readonly before: string;
  /** Formatted text; `undefined` when the file does not parse. */
  readonly after: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Formats a file, all files of a folder, or standard input. */
export async function formatAction(invocation: Invocation): Promise<number> {
  const { args, flags } = invocation;
  const [path] = args;
  if (flags.on("stdin") || path === "-") {
    if (path !== undefined && path !== "-") {
      throw new UsageError(`--stdin takes no file, got "${path}"`);
    }
    return await formatStdin(invocation);
  }
  if (path === undefined) throw new UsageError("FILE or DIR is missing; or use --stdin");
  const files = await isFolder(path) ? await findFiles(path, ".api") : [path];
  const results: Formatted[] = [];
  for (const file of files) {
    results.push(formatText(file, await readText(file), flags.on("compat")));
  }
  if (!flags.on("check")) {
    for (const { file, before, after } of results) {
      if (after !== undefined && after !== before) await writeText(file, after);
    }
  }
  return report(results, invocation);
}

function formatText(file: string, before: string, compat: boolean): Formatted {
  const { text: after, diagnostics } = formatApi(before, { file: resolve(file), compat });
  return { file, before, after, diagnostics };
}

async function formatStdin({ flags, terminal }: Invocation): Promise<number> {
  const before = await new Response(Deno.stdin.readable).text();
  const { after, diagnostics } = formatText("<stdin>", before, flags.on("compat"));
  reportDiagnostics(diagnostics, new Map([[resolve("<stdin>"), before]]), terminal);
  if (after === undefined) return EXIT_FOUND;
  if (flags.on("check")) return after === before ? EXIT_OK : EXIT_FOUND;
  terminal.print(after.replace(/\n$/, ""));
  return EXIT_OK;
}

function report(results: readonly Formatted[], { flags, json, terminal }: Invocation): number {
  const check = flags.on("check");
  const failed = results.filter(({ after }) => after === undefined);
  const changed = results.filter(({ before, after }) => after !== undefined && after !== before);
  const ok = failed.length === 0 && (!check || changed.length === 0);
  if (json) {
    const files = results.map(({ file, before, after, diagnostics }) => ({
      file,
      result: after === undefined ? "failed" : after === before ? "same" : "changed",
      diagnostics,
    }));
    terminal.print(JSON.stringify({ ok, files }, null, 2));
    return ok ? EXIT_OK : EXIT_FOUND;
  }
  for (const { file, before, diagnostics } of results) {
    reportDiagnostics(diagnostics, new Map([[resolve(file), before]]), terminal);
  }
  for (const { file, before, after } of check ? changed : []) {
    terminal.print(unifiedDiff(before, after!, { from: file, to: file }).trimEnd());
  }
  const verb = check ? "to format" : "formatted";
  terminal.info(
    `${count(results.length, "file")}, ${changed.length} ${verb}, ${failed.length} with errors`,
  );
  return ok ? EXIT_OK : EXIT_FOUND;
}
