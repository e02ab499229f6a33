/**
 * What an MCP server offers: tools, prompts and resources.
 *
 * @module
 */

import type { Schema } from "../../core/schema/field.ts";
import type { ObjectSchema } from "../../core/schema/object.ts";
import type { PromptMessage, ToolResult } from "./content.ts";
import type { McpContext } from "./context.ts";

/** What a client may take for granted of a tool. Hints, not promises that anybody checks. */
export interface ToolHints {
  /** Whether it changes nothing. */
  readOnlyHint?: boolean;
  /** Whether what it changes may be lost. */
  destructiveHint?: boolean;
  /** Whether doing it twice does the same as once. */
  idempotentHint?: boolean;
  /** Whether it deals with things outside of the server. */
  openWorldHint?: boolean;
}

/** What all that is offered has. */
export interface Named {
  /** What people read. */
  readonly title?: string | undefined;
  /** What it does, for the model that chooses. */
  readonly description?: string | undefined;
}

/** Something that a model can do. */
export interface McpTool<Input = Record<string, never>, Output = unknown> extends Named {
  /** 1 to 128 letters, digits, `_`, `-` and `.`. */
  readonly name: string;
  /** Describes the arguments. @default {no arguments} */
  readonly input?: ObjectSchema<Input> | undefined;
  /** Describes the answer, for clients that want a value; then `call` must answer with one. */
  readonly output?: Schema<Output> | undefined;
  /** What a client may take for granted. */
  readonly hints?: ToolHints | undefined;
  /**
   * Does it. Answers with text, with a value that is sent as JSON, or with a {@link ToolResult}. What it
   * throws is told to the model as a failure of the tool: the message of a `ServiceError`, and of anything else
   * that it failed.
   */
  call(input: Input, context: McpContext): Output | ToolResult | Promise<Output | ToolResult>;
}

/** A text to begin a conversation with. */
export interface McpPrompt<Args = Record<string, never>> extends Named {
  /** What it is called. */
  readonly name: string;
  /** Describes the arguments, all of them text. */
  readonly arguments?: ObjectSchema<Args> | undefined;
  /** Writes it: text of the user, or several messages. */
  get(
    args: Args,
    context: McpContext,
  ): string | readonly PromptMessage[] | Promise<string | readonly PromptMessage[]>;
}

/** What a resource holds: text or bytes. */
export type ResourceBody = string | Uint8Array;

/** Something that can be read, at one URI. */
export interface McpResource extends Named {
  /** Where it is. */
  readonly uri: string;
  /** What it is called. */
  readonly name: string;
  /** What it holds. @default {"text/plain" or "application/octet-stream"} */
  readonly mimeType?: string | undefined;
  /** Reads it. */
  read(uri: string, context: McpContext): ResourceBody | Promise<ResourceBody>;
}

/** Many resources at once, at URIs of one form. */
export interface McpResourceTemplate extends Named {
  /** The form, RFC 6570, such as `orders://{id}`. */
  readonly uriTemplate: string;
  /** What they are called. */
  readonly name: string;
  /** What they hold. @default {"text/plain" or "application/octet-stream"} */
  readonly mimeType?: string | undefined;
  /** Reads one; answers `undefined` if there is none. */
  read(
    variables: Readonly<Record<string, string>>,
    context: McpContext,
  ): ResourceBody | undefined | Promise<ResourceBody | undefined>;
}
