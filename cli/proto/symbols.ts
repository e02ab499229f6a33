/**
 * All names that files declare, and which of them a file can see.
 *
 * @module
 */

import type {
  EnumNode,
  EnumValueNode,
  FieldNode,
  MessageNode,
  ProtoFile,
  ServiceNode,
} from "./ast.ts";

/** What a name stands for. */
export type ProtoSymbol =
  | { readonly kind: "type"; readonly node: MessageNode | EnumNode; readonly file: ProtoFile }
  | { readonly kind: "service"; readonly node: ServiceNode; readonly file: ProtoFile }
  | {
    readonly kind: "extension";
    readonly node: FieldNode;
    readonly extendee: MessageNode | undefined;
    readonly fullName: string;
    readonly file: ProtoFile;
  }
  | { readonly kind: "value"; readonly node: EnumValueNode; readonly file: ProtoFile }
  | { readonly kind: "package"; readonly file: ProtoFile };

/** `name` in `scope`. */
export function qualify(scope: string, name: string): string {
  return scope === "" ? name : `${scope}.${name}`;
}

/** The file, what it imports, and what those import publicly. */
export function visibleFiles(file: ProtoFile): Set<ProtoFile> {
  const visible = new Set([file]);
  const add = (imported: ProtoFile) => {
    if (visible.has(imported)) return;
    visible.add(imported);
    const open = imported.imports.filter(({ kind }) => kind === "public").map(({ path }) => path);
    for (const next of imported.dependencies) if (open.includes(next.name)) add(next);
  };
  file.dependencies.forEach(add);
  return visible;
}

/**
 * Finds what `name`, written in `scope`, stands for: the innermost scope that knows its first part
 * decides, as in C++.
 */
export function lookUp(
  name: string,
  scope: string,
  find: (fullName: string) => ProtoSymbol | undefined,
): ProtoSymbol | undefined {
  if (name.startsWith(".")) return find(name.slice(1));
  const first = name.split(".", 1)[0]!;
  for (let at = scope;; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
    const head = find(qualify(at, first));
    if (head !== undefined) {
      if (first === name) {
        // Something that is no type does not hide a type further out.
        if (head.kind === "type" || head.kind === "extension") return head;
      } else if (head.kind === "type" || head.kind === "package") return find(qualify(at, name));
    }
    if (at === "") return undefined;
  }
}
