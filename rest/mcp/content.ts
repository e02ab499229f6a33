/**
 * What tools and prompts answer with.
 *
 * @module
 */

/** Words. */
export interface TextContent {
  /** The kind of content. */
  type: "text";
  /** The words. */
  text: string;
}

/** An image or a sound. */
export interface MediaContent {
  /** The kind of content. */
  type: "image" | "audio";
  /** The bytes, in base64. */
  data: string;
  /** What the bytes are, such as `image/png`. */
  mimeType: string;
}

/** A resource where it is. */
export interface LinkContent {
  /** The kind of content. */
  type: "resource_link";
  /** Where the resource is. */
  uri: string;
  /** What it is called. */
  name: string;
  /** What it holds. */
  mimeType?: string;
}

/** A piece of an answer. */
export type Content = TextContent | MediaContent | LinkContent;

/** A whole answer of a tool, where a value or text does not say enough. */
export class ToolResult {
  /** The pieces of the answer, for the model. */
  readonly content: readonly Content[];
  /** The answer as a value, for programs. */
  readonly structured: Readonly<Record<string, unknown>> | undefined;
  /** Whether the answer is that it did not work. */
  readonly isError: boolean;

  /** Makes an answer. */
  constructor(
    content: readonly Content[],
    options: { structured?: Record<string, unknown>; isError?: boolean } = {},
  ) {
    this.content = content;
    this.structured = options.structured;
    this.isError = options.isError ?? false;
  }

  /** An answer of words alone. */
  static text(text: string, options: { isError?: boolean } = {}): ToolResult {
    return new ToolResult([{ type: "text", text }], options);
  }
}

/** A message of a prompt. */
export interface PromptMessage {
  /** Who says it. */
  role: "user" | "assistant";
  /** What is said. */
  content: Content;
}
