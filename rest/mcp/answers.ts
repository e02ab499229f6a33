/**
 * From what a handler answers, or throws, to what the protocol says.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import type { Schema } from "../../core/schema/field.ts";
import { stringify } from "../response/json.ts";
import { type AnyTool, type Arguments, type Catalogue, INVALID_PARAMS } from "./catalogue.ts";
import { ToolResult } from "./content.ts";
import type { McpContext } from "./context.ts";
import type { ResourceBody } from "./definitions.ts";
import { isObjectSchema } from "./json_schema.ts";
import {
  type CallToolResult,
  type GetPromptResult,
  ProtocolError,
  type ReadResourceResult,
  ResourceNotFoundError,
  UriTemplate,
} from "./driver.ts";

/**
 * Calls a tool. Arguments that do not fit, and what the tool throws, are answers that the model can learn from.
 *
 * @throws {ProtocolError} If there is no such tool.
 */
export async function callTool(
  catalogue: Catalogue,
  name: string,
  args: Arguments,
  context: McpContext,
): Promise<CallToolResult> {
  const tool = catalogue.tools.get(name);
  if (!tool) throw new ProtocolError(INVALID_PARAMS, `unknown tool "${name}"`);
  try {
    const answer: unknown = await tool.call(args, context);
    return answer instanceof ToolResult ? toWire(answer) : toWire(resultOf(tool, answer));
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    return toWire(
      ToolResult.text(messageOf(error, `call tool "${name}"`, context), { isError: true }),
    );
  }
}

function resultOf(tool: AnyTool, answer: unknown): ToolResult {
  if (!tool.output) {
    return ToolResult.text(typeof answer === "string" ? answer : stringify(answer ?? null));
  }
  const value = encode(tool.output, answer);
  // Programs get objects; what is none goes in one.
  const structured = isRecord(value) && isObjectSchema(tool.output) ? value : { result: value };
  return new ToolResult([{ type: "text", text: stringify(value) }], { structured });
}

/** Checks an answer by its schema, and writes it as JSON would. */
function encode(schema: Schema<unknown>, value: unknown): unknown {
  const written: unknown = JSON.parse(stringify(value));
  const result = schema.safeParse(written);
  if (result.ok) return written;
  throw new ServiceError("internal", "Cannot answer: the tool's value does not fit its schema", {
    cause: new ValidationError(result.issues),
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toWire({ content, structured, isError }: ToolResult): CallToolResult {
  return {
    content: content.map((each) => ({ ...each })),
    ...(structured ? { structuredContent: structured } : {}),
    ...(isError ? { isError } : {}),
  };
}

/** What may be told of an error: the words of ours, and of others only that there was one. */
function messageOf(error: unknown, doing: string, context: McpContext): string {
  const known = ServiceError.from(error);
  if (known.code === "internal") context.http.log.error(known.message, { error });
  if (known.code !== "unknown") return known.message;
  context.http.log.error(`Cannot ${doing}: unexpected error`, { error });
  return `Cannot ${doing}: unexpected error`;
}

/**
 * Writes a prompt.
 *
 * @throws {ProtocolError} If there is no such prompt, its arguments do not fit or it fails.
 */
export async function getPrompt(
  catalogue: Catalogue,
  name: string,
  args: Arguments,
  context: McpContext,
): Promise<GetPromptResult> {
  const prompt = catalogue.prompts.get(name);
  if (!prompt) throw new ProtocolError(INVALID_PARAMS, `unknown prompt "${name}"`);
  const text = await guarded(
    () => prompt.get(args, context),
    `get prompt "${name}"`,
    context,
  );
  const messages = typeof text === "string"
    ? [{ role: "user" as const, content: { type: "text" as const, text } }]
    : text.map((message) => ({ ...message }));
  return { messages, ...(prompt.description ? { description: prompt.description } : {}) };
}

/**
 * Reads a resource.
 *
 * @throws {ProtocolError} If there is none at this URI, or it fails.
 */
export async function readResource(
  catalogue: Catalogue,
  uri: string,
  context: McpContext,
): Promise<ReadResourceResult> {
  const doing = `read resource "${uri}"`;
  const resource = catalogue.resources.get(uri);
  if (resource) {
    const body = await guarded(() => resource.read(uri, context), doing, context);
    return { contents: [contentOf(uri, body, resource.mimeType)] };
  }
  for (const template of catalogue.templates.list()) {
    const variables = new UriTemplate(template.uriTemplate).match(uri);
    if (!variables) continue;
    const flat = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, decode(String(value))]),
    );
    const body = await guarded(() => template.read(flat, context), doing, context);
    if (body !== undefined) return { contents: [contentOf(uri, body, template.mimeType)] };
  }
  throw new ResourceNotFoundError(uri, "Resource not found");
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function contentOf(
  uri: string,
  body: ResourceBody,
  mimeType: string | undefined,
): ReadResourceResult["contents"][number] {
  return typeof body === "string"
    ? { uri, mimeType: mimeType ?? "text/plain", text: body }
    : { uri, mimeType: mimeType ?? "application/octet-stream", blob: body.toBase64() };
}

/** JSON-RPC's number for a failure of the server. */
const INTERNAL_ERROR = -32_603;

/** Runs a handler whose failure can only be told as an error of the protocol. */
async function guarded<T>(
  fn: () => T | Promise<T>,
  doing: string,
  context: McpContext,
): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    const { code, httpStatus } = ServiceError.from(error);
    const fault = httpStatus < 500 && code !== "unknown" ? INVALID_PARAMS : INTERNAL_ERROR;
    throw new ProtocolError(fault, messageOf(error, doing, context));
  }
}
