/**
 * Checks of `syntax`, `info`, `import` and of the program as a whole.
 *
 * @module
 */

import type { SourceFile, Statement } from "./ast.ts";
import type { DeclaredService } from "./declarations.ts";
import type { Report } from "./report.ts";
import { syntaxOf } from "./resolve.ts";

/** Checks the statements a file may have once, and what they say. */
export function checkStatements(files: readonly SourceFile[], report: Report): void {
  for (const source of files) {
    checkOnce(source, "syntax", report);
    checkOnce(source, "info", report);
  }
  const main = files[0];
  if (main === undefined) return;
  for (const source of files.slice(1)) checkSyntax(main, source, report);
  checkImportsOnce(main, report);
  checkInfoKeys(main, report);
}

function checkOnce(source: SourceFile, kind: Statement["kind"], report: Report): void {
  const [first, ...others] = source.statements.filter((statement) => statement.kind === kind);
  for (const { first: place } of others) {
    const message = `Cannot have "${kind}" twice in a file: line ${first?.first.line} has it`;
    report.error(source.file, place, "E-duplicate-statement", message);
  }
}

function checkSyntax(main: SourceFile, source: SourceFile, report: Report): void {
  const expected = syntaxOf(main);
  const found = syntaxOf(source);
  if (found === expected) return;
  const statement = source.statements.find((statement) => statement.kind === "syntax");
  const place = statement?.value ?? source.tokens[0] ?? { line: 1, column: 1 };
  const message = `Cannot import a file of syntax "${found}": the main file has "${expected}"`;
  report.error(source.file, place, "E-syntax-mismatch", message);
}

function checkImportsOnce(main: SourceFile, report: Report): void {
  const seen = new Set<string>();
  for (const statement of main.statements) {
    if (statement.kind !== "import") continue;
    for (const path of statement.paths) {
      if (seen.has(path.text)) {
        const message = `Cannot import ${path.text} twice`;
        report.error(main.file, path, "E-duplicate-import", message);
      }
      seen.add(path.text);
    }
  }
}

function checkInfoKeys(main: SourceFile, report: Report): void {
  for (const statement of main.statements) {
    if (statement.kind !== "info") continue;
    const seen = new Set<string>();
    for (const { key } of statement.list.entries) {
      if (seen.has(key.text)) {
        const message = `Cannot have the info key "${key.text}" twice`;
        report.error(main.file, key, "E-duplicate-key", message);
      }
      seen.add(key.text);
    }
  }
}

/** Checks that all blocks are of one service, and that there is a route. */
export function checkService(
  files: readonly SourceFile[],
  services: readonly DeclaredService[],
  report: Report,
): void {
  const name = services[0]?.service.name;
  for (const { source, service } of services.slice(1)) {
    if (service.name === name) continue;
    const message = `Cannot have a second service "${service.name}": the first is "${name}"`;
    report.error(source.file, service.nameToken, "E-service-name", message);
  }
  const main = files[0];
  if (main === undefined || services.some(({ service }) => service.items.length > 0)) return;
  const empty = services[0];
  const message = "Cannot make a service: no file has a route";
  const hint = "add `service name { ... }` with a route";
  if (empty === undefined) {
    const place = { line: 1, column: 1 };
    return report.error(main.file, place, "E-no-route", message, { hint });
  }
  report.error(empty.source.file, empty.service.nameToken, "E-no-route", message, { hint });
}
