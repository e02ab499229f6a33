/**
 * All names that files declare, and which of them a file can see.
 *
 * @module
 */

import type {
  EnumNode,
  EnumValueNode,
  ExtendNode,
  FieldNode,
  MessageNode,
  MethodNode,
  OneofNode,
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
    /** Where it stands; says what it extends. */
    readonly extend: ExtendNode;
    readonly fullName: string;
    readonly file: ProtoFile;
  }
  | {
    readonly kind: "field" | "map entry";
    readonly node: FieldNode;
    readonly file: ProtoFile;
  }
  | { readonly kind: "oneof"; readonly node: OneofNode; readonly file: ProtoFile }
  | { readonly kind: "value"; readonly node: EnumValueNode; readonly file: ProtoFile }
  | { readonly kind: "rpc"; readonly node: MethodNode; readonly file: ProtoFile }
  | { readonly kind: "package"; readonly file: ProtoFile };

/** `name` in `scope`. */
export function qualify(scope: string, name: string): string {
  return scope === "" ? name : `${scope}.${name}`;
}

/** The scope that `fullName` is declared in. */
export function scopeOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf(".")));
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
 *
 * @param isWanted Whether a symbol ends the search for a name without dots; others are passed over.
 */
export function lookUp(
  name: string,
  scope: string,
  find: (fullName: string) => ProtoSymbol | undefined,
  isWanted: (symbol: ProtoSymbol) => boolean,
): ProtoSymbol | undefined {
  if (name.startsWith(".")) return find(name.slice(1));
  const first = name.split(".", 1)[0]!;
  for (let at = scope; at !== ""; at = scopeOf(at)) {
    const head = find(qualify(at, first));
    if (head === undefined) continue;
    if (first !== name) {
      if (hasMembers(head)) return find(qualify(at, name));
    } else if (isWanted(head)) return head;
  }
  return find(name);
}

function hasMembers({ kind }: ProtoSymbol): boolean {
  return kind === "type" || kind === "package" || kind === "service";
}
