/**
 * One end of the protocol: answers requests from a catalogue.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "../context.ts";
import { callTool, getPrompt, readResource } from "./answers.ts";
import type { AnyPrompt, AnyTool, Catalogue, Described } from "./catalogue.ts";
import { McpContext } from "./context.ts";
import { Server, type ServerContext } from "./driver.ts";
import { isObjectSchema, type JsonSchema, toJsonSchema } from "./json_schema.ts";

/** What a server says of itself. */
export interface McpIdentity {
  /** What it is called. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** How its tools are to be used, for the model. */
  readonly instructions: string | undefined;
}

/** The HTTP request that the running code answers. */
export const currentHttp: AsyncLocalStorage<Context> = new AsyncLocalStorage<Context>();

/**
 * Makes one end of the protocol for one session, or for one request of a client that has none.
 *
 * @param subscriptions URIs that the client wants to be told of, where it can be.
 */
export function createProtocolServer(
  identity: McpIdentity,
  catalogue: Catalogue,
  subscriptions?: Set<string>,
): Server {
  const { name, version, instructions } = identity;
  const subscribe = subscriptions !== undefined;
  const server = new Server({ name, version }, {
    capabilities: {
      logging: {},
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe },
    },
    ...(instructions === undefined ? {} : { instructions }),
  });
  addTools(server, catalogue);
  addPrompts(server, catalogue);
  addResources(server, catalogue);
  if (subscriptions) addSubscriptions(server, subscriptions);
  return server;
}

function addTools(server: Server, catalogue: Catalogue): void {
  server.setRequestHandler("tools/list", ({ params }) => {
    const { items, ...rest } = catalogue.tools.page(params?.cursor);
    return { tools: items.map(describeTool), ...rest };
  });
  server.setRequestHandler(
    "tools/call",
    ({ params }, call) => callTool(catalogue, params.name, params.arguments, contextOf(call)),
  );
}

/** As the protocol wants it: the schema of a tool is one of an object. */
type ObjectJsonSchema = JsonSchema & { type: "object" };

const NO_ARGUMENTS: ObjectJsonSchema = {
  type: "object",
  properties: {},
  additionalProperties: false,
};
const described = new WeakMap<AnyTool, ReturnType<typeof describe>>();

function describeTool(tool: AnyTool): ReturnType<typeof describe> {
  let known = described.get(tool);
  if (!known) described.set(tool, known = describe(tool));
  return known;
}

function describe({ name, title, description, input, output, hints }: AnyTool) {
  return {
    name,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    inputSchema: input ? objectSchema(input) : NO_ARGUMENTS,
    ...(output ? { outputSchema: describeOutput(output) } : {}),
    ...(hints ? { annotations: { ...hints } } : {}),
  };
}

function objectSchema(schema: Described): ObjectJsonSchema {
  return { ...toJsonSchema(schema), type: "object" };
}

/** What is no object is the member `result` of one, as its values are. */
function describeOutput(schema: Described): ObjectJsonSchema {
  if (isObjectSchema(schema)) return objectSchema(schema);
  const { $defs, ...result } = toJsonSchema(schema);
  const whole = { type: "object" as const, properties: { result }, required: ["result"] };
  return $defs === undefined ? whole : { ...whole, $defs };
}

function addPrompts(server: Server, catalogue: Catalogue): void {
  server.setRequestHandler("prompts/list", ({ params }) => {
    const { items, ...rest } = catalogue.prompts.page(params?.cursor);
    return { prompts: items.map(describePrompt), ...rest };
  });
  server.setRequestHandler(
    "prompts/get",
    ({ params }, call) => getPrompt(catalogue, params.name, params.arguments, contextOf(call)),
  );
}

function describePrompt(prompt: AnyPrompt) {
  const { name, title, description } = prompt;
  const schema: JsonSchema = prompt.arguments ? toJsonSchema(prompt.arguments) : {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const args = Object.entries(Object(schema.properties ?? {})).map(([key, member]) => {
    const text: unknown = Object(member).description;
    return {
      name: key,
      required: required.has(key),
      ...(typeof text === "string" ? { description: text } : {}),
    };
  });
  return { name, title, description, arguments: args };
}

function addResources(server: Server, catalogue: Catalogue): void {
  server.setRequestHandler("resources/list", ({ params }) => {
    const { items, ...rest } = catalogue.resources.page(params?.cursor);
    const resources = items.map(({ uri, name, title, description, mimeType }) => ({
      uri,
      name,
      title,
      description,
      mimeType,
    }));
    return { resources, ...rest };
  });
  server.setRequestHandler("resources/templates/list", ({ params }) => {
    const { items, ...rest } = catalogue.templates.page(params?.cursor);
    const resourceTemplates = items.map((each) => {
      const { uriTemplate, name, title, description, mimeType } = each;
      return { uriTemplate, name, title, description, mimeType };
    });
    return { resourceTemplates, ...rest };
  });
  server.setRequestHandler(
    "resources/read",
    ({ params }, call) => readResource(catalogue, params.uri, contextOf(call)),
  );
}

function addSubscriptions(server: Server, subscriptions: Set<string>): void {
  server.setRequestHandler("resources/subscribe", ({ params }) => {
    subscriptions.add(params.uri);
    return {};
  });
  server.setRequestHandler("resources/unsubscribe", ({ params }) => {
    subscriptions.delete(params.uri);
    return {};
  });
}

function contextOf(call: ServerContext): McpContext {
  const http = currentHttp.getStore();
  if (!http) throw new TypeError("Cannot answer call: it came by no HTTP request");
  return new McpContext(http, call);
}
