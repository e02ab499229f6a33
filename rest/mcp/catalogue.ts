/**
 * All that one MCP server offers.
 *
 * @module
 */

import type { Schema } from "../../core/schema/field.ts";
import type { McpContext } from "./context.ts";
import { ProtocolError } from "./driver.ts";
import type { McpPrompt, McpResource, McpResourceTemplate, McpTool } from "./definitions.ts";

/** JSON-RPC's number for arguments that will not do. */
export const INVALID_PARAMS = -32_602;

/** Entries that a client gets at a time. */
const PAGE_SIZE = 1_000;

/** Arguments as they came. */
export type Arguments = Readonly<Record<string, unknown>> | undefined;

/** A tool whose types are forgotten: it reads its arguments itself. */
export interface AnyTool extends Pick<McpTool, "name" | "title" | "description" | "hints"> {
  readonly input: Described | undefined;
  readonly output: Schema<unknown> | undefined;
  readonly call: (args: Arguments, context: McpContext) => unknown;
}

/** A prompt whose types are forgotten: it reads its arguments itself. */
export interface AnyPrompt extends Pick<McpPrompt, "name" | "title" | "description"> {
  readonly arguments: Described | undefined;
  readonly get: (args: Arguments, context: McpContext) => ReturnType<McpPrompt["get"]>;
}

/** A schema, for describing alone. */
export type Described = Pick<Schema<unknown>, "definition">;

/** Forgets the types of a tool. */
export function anyTool<Input, Output>(tool: McpTool<Input, Output>): AnyTool {
  const { name, title, description, hints, input, output } = tool;
  // Without a schema there is nothing that the handler could take.
  const read = (args: Arguments) => input ? input.parse(args ?? {}) : {} as Input;
  const call: AnyTool["call"] = (args, context) => tool.call(read(args), context);
  return { name, title, description, hints, input, output, call };
}

/** Forgets the types of a prompt. Its arguments are text, whatever their schema makes of it. */
export function anyPrompt<Args>(prompt: McpPrompt<Args>): AnyPrompt {
  const { name, title, description, arguments: schema } = prompt;
  const read = (args: Arguments) => schema ? schema.parse(args ?? {}, { text: true }) : {} as Args;
  const get: AnyPrompt["get"] = (args, context) => prompt.get(read(args), context);
  return { name, title, description, arguments: schema, get };
}

/** Things by name. */
export class Shelf<T> {
  readonly #items = new Map<string, T>();
  readonly #what: string;
  #sorted: readonly [string, T][] | undefined;

  /** `what` says in messages what is on it. */
  constructor(what: string) {
    this.#what = what;
  }

  /** Whether there is anything. */
  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  /**
   * Adds one.
   *
   * @throws {TypeError} If the name is taken.
   */
  add(name: string, item: T): void {
    if (this.#items.has(name)) {
      throw new TypeError(`Cannot add ${this.#what} "${name}": there is one of that name`);
    }
    this.#items.set(name, item);
    this.#sorted = undefined;
  }

  /** Takes one away; says whether there was one. */
  remove(name: string): boolean {
    this.#sorted = undefined;
    return this.#items.delete(name);
  }

  /** The one of this name. */
  get(name: string): T | undefined {
    return this.#items.get(name);
  }

  /** All, in the order of their names. */
  list(): readonly T[] {
    return this.#order().map(([, item]) => item);
  }

  /**
   * A page of all, in the order of their names, and where the next begins.
   *
   * @throws {ProtocolError} If the cursor is not one that was given out.
   */
  page(cursor: string | undefined): { items: readonly T[]; nextCursor?: string } {
    const all = this.#order();
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const from = after === undefined ? 0 : all.findIndex(([name]) => name > after);
    const page = from < 0 ? [] : all.slice(from, from + PAGE_SIZE);
    const items = page.map(([, item]) => item);
    const more = from >= 0 && from + PAGE_SIZE < all.length;
    return more ? { items, nextCursor: encodeCursor(page.at(-1)![0]) } : { items };
  }

  #order(): readonly [string, T][] {
    return this.#sorted ??= [...this.#items].sort(([a], [b]) => a < b ? -1 : 1);
  }
}

function encodeCursor(name: string): string {
  return new TextEncoder().encode(name).toBase64();
}

function decodeCursor(cursor: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(cursor));
  } catch {
    throw new ProtocolError(INVALID_PARAMS, "Cannot list: the cursor is not one of ours");
  }
}

/** All that one MCP server offers. */
export class Catalogue {
  /** Tools by name. */
  readonly tools: Shelf<AnyTool> = new Shelf("tool");
  /** Prompts by name. */
  readonly prompts: Shelf<AnyPrompt> = new Shelf("prompt");
  /** Resources by URI. */
  readonly resources: Shelf<McpResource> = new Shelf("resource");
  /** Forms of resources by form. */
  readonly templates: Shelf<McpResourceTemplate> = new Shelf("resource template");
}
