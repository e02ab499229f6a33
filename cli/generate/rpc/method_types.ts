/**
 * Types of methods in the code around services.
 *
 * @module
 */

import type { MessageNode } from "../../proto/ast.ts";
import type { ImportSpec } from "../code.ts";
import { NameScope } from "../naming.ts";
import type { MethodModel, RpcModel } from "./model.ts";

/** Names of messages in one file, and what has to be imported for them. */
export class MessageNames {
  readonly #model: RpcModel;
  readonly #from: string;
  readonly #scope: NameScope;
  readonly #locals = new Map<MessageNode, string>();

  /** `taken` are names that the file at `from` declares or imports itself. */
  constructor(model: RpcModel, from: string, taken: Iterable<string>) {
    this.#model = model;
    this.#from = from;
    this.#scope = new NameScope(["AsyncIterable", "Promise", ...taken]);
  }

  /** Name of a message here. */
  of(node: MessageNode): string {
    let local = this.#locals.get(node);
    if (local === undefined) {
      local = this.#scope.claim(this.#declared(node));
      this.#locals.set(node, local);
    }
    return local;
  }

  #declared(node: MessageNode): string {
    return this.#model.book.of(node.file!).types.get(node)!;
  }

  /** Imports of the types that were named. */
  imports({ typeOnly = true }: { typeOnly?: boolean } = {}): ImportSpec[] {
    const { places } = this.#model;
    const byFile = new Map<string, string[]>();
    for (const [node, local] of this.#locals) {
      const from = places.specifierOf(node.file!, this.#from);
      const declared = this.#declared(node);
      const name = local === declared ? declared : `${declared} as ${local}`;
      byFile.set(from, [...byFile.get(from) ?? [], name]);
    }
    return [...byFile].map(([from, names]) => ({ names, from, typeOnly }));
  }
}

/** What the logic of a method takes: name and type. */
export function parameterOf(
  { node, kind }: MethodModel,
  names: MessageNames,
): { name: string; type: string } {
  const type = names.of(node.inputType!);
  return kind === "client_stream" || kind === "bidi_stream"
    ? { name: "requests", type: `AsyncIterable<${type}>` }
    : { name: "request", type };
}

/** What the logic of a method gives. */
export function resultOf({ node, kind }: MethodModel, names: MessageNames): string {
  const type = names.of(node.outputType!);
  return kind === "server_stream" || kind === "bidi_stream"
    ? `AsyncIterable<${type}>`
    : `Promise<${type}>`;
}
