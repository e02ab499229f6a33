/**
 * What the files of a program declare, gathered in the order of the files.
 *
 * @module
 */

import type { KeyValueList, ServiceStatement, SourceFile, TypeDeclaration, Value } from "./ast.ts";
import type { Token } from "./token.ts";

/** A declared type and where it was found. */
export interface DeclaredType {
  /** Its file. */
  readonly source: SourceFile;
  /** The declaration. */
  readonly declaration: TypeDeclaration;
  /** The token its comments stand before: the word `type`, or in a group the name. */
  readonly first: Token;
}

/** A service block and where it was found. */
export interface DeclaredService {
  /** Its file. */
  readonly source: SourceFile;
  /** The block. */
  readonly service: ServiceStatement;
}

/** All types of a program. */
export function declaredTypes(files: readonly SourceFile[]): DeclaredType[] {
  return files.flatMap((source) =>
    source.statements.flatMap((statement) =>
      statement.kind !== "type" ? [] : statement.declarations.map((declaration) => ({
        source,
        declaration,
        first: statement.group === undefined ? statement.first : declaration.first,
      }))
    )
  );
}

/** All service blocks of a program. */
export function declaredServices(files: readonly SourceFile[]): DeclaredService[] {
  return files.flatMap((source) =>
    source.statements.flatMap((statement) =>
      statement.kind === "service" ? [{ source, service: statement }] : []
    )
  );
}

/** The text of a value without quotes. */
export function valueText(value: Value): string {
  return value.kind === "string" || value.kind === "raw" ? value.text.slice(1, -1) : value.text;
}

/** Whether a list says nothing: it has no entry, or all values are `""`. */
export function isEmptyList(list: KeyValueList): boolean {
  return list.entries.every(({ value }) => value.text === '""');
}

/** The entries of a list as text; the last one counts where a key repeats. */
export function entriesOf(list: KeyValueList | undefined): Record<string, string> {
  const entries: Record<string, string> = Object.create(null);
  if (list === undefined || isEmptyList(list)) return entries;
  for (const { key, value } of list.entries) entries[key.text] = valueText(value);
  return entries;
}
