/**
 * An MCP server as routes of a REST server.
 *
 * @module
 */

import { type Clock, systemClock, type Timer } from "../../core/clock.ts";
import type { Context } from "../context.ts";
import type { Handler } from "../handler.ts";
import type { Route } from "../route.ts";
import { anyPrompt, anyTool, Catalogue } from "./catalogue.ts";
import type { McpPrompt, McpResource, McpResourceTemplate, McpTool } from "./definitions.ts";
import { createMcpHandler, isLegacyRequest, type McpHttpHandler, type Server } from "./driver.ts";
import { checkOrigin } from "./origin.ts";
import { createProtocolServer, currentHttp, type McpIdentity } from "./protocol_server.ts";
import { type ExposedRoute, type ExposeOptions, type FetchApp, routeTool } from "./route_tool.ts";
import { Sessions } from "./sessions.ts";
import { SseSessions } from "./sse_sessions.ts";

/** Options for {@link McpServer}. */
export interface McpServerOptions {
  /** What the server is called. */
  name: string;
  /** Its version. @default {"1.0.0"} */
  version?: string | undefined;
  /** How its tools are to be used, for the model. */
  instructions?: string | undefined;
  /** Where it is. @default {"/mcp"} */
  path?: string | undefined;
  /**
   * Where clients are served that know only the transport of 2024-11-05, such as `/sse`; it may hold
   * variables. Without it they are not.
   */
  ssePath?: string | undefined;
  /** Milliseconds for the answer to a message, until its stream begins. @default {30_000} */
  timeoutMs?: number | undefined;
  /** Largest message in bytes. @default {4_194_304} */
  maxBytes?: number | undefined;
  /** Origins whose pages may use it, beside its own. @default {[]} */
  allowedOrigins?: readonly string[] | undefined;
  /** Most sessions at a time, an integer >= 1. @default {10_000} */
  maxSessions?: number | undefined;
  /** A session that was not used for so long, in ms, makes room for others. @default {1_800_000} */
  sessionIdleMs?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Changes within this time are told as one, in ms. */
const DEBOUNCE_MS = 10;

type ListName = "tools" | "prompts" | "resources";

/**
 * An MCP server: tools, prompts and resources for language models, over Streamable HTTP. Its routes go behind the
 * chain of a REST server, so authorization, limits, logs and traces are those of all routes.
 *
 * Clients of 2026-07-28 are answered request by request; those of 2025-11-25, 2025-06-18, 2025-03-26 and
 * 2024-11-05 get a session.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object } from "@zeno/zeno/core/schema";
 * import { Server } from "@zeno/zeno/rest";
 * import { McpServer } from "@zeno/zeno/rest/mcp";
 *
 * await using mcp = new McpServer({ name: "calculator" });
 * mcp.addTool({
 *   name: "add",
 *   description: "Adds two numbers",
 *   input: object({ a: int(), b: int() }),
 *   call: ({ a, b }) => a + b,
 * });
 * await using server = new Server({ Name: "calculator", Port: 0, Log: { Level: "severe" } });
 * server.addRoutes(mcp.routes());
 *
 * const params = {
 *   protocolVersion: "2025-11-25",
 *   capabilities: {},
 *   clientInfo: { name: "someone", version: "1" },
 * };
 * const response = await server.fetch(
 *   new Request("http://localhost/mcp", {
 *     method: "POST",
 *     headers: {
 *       "content-type": "application/json",
 *       accept: "application/json, text/event-stream",
 *     },
 *     body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }),
 *   }),
 * );
 * assertEquals([response.status, mcp.sessionCount], [200, 1]);
 * await response.body?.cancel();
 * ```
 */
export class McpServer implements AsyncDisposable {
  readonly #options: McpServerOptions;
  readonly #catalogue = new Catalogue();
  readonly #clock: Clock;
  readonly #sessions: Sessions;
  readonly #streams: SseSessions;
  readonly #modern: McpHttpHandler;
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #drains = new WeakSet<AbortSignal>();
  readonly #pending = new Map<ListName, Timer>();

  /**
   * Makes a server that offers nothing yet.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: McpServerOptions) {
    const { clock = systemClock, maxSessions = 10_000, sessionIdleMs = 1_800_000 } = options;
    const { maxBytes = 4_194_304, timeoutMs = 30_000 } = options;
    requireAbove("maxSessions", maxSessions, 1);
    requireAbove("maxBytes", maxBytes, 1);
    requireAbove("sessionIdleMs", sessionIdleMs, 0);
    requireAbove("timeoutMs", timeoutMs, 0);
    this.#options = { ...options, maxBytes, timeoutMs };
    this.#clock = clock;
    this.#allowedOrigins = new Set(options.allowedOrigins);
    const { name, version = "1.0.0", instructions } = options;
    const identity: McpIdentity = { name, version, instructions };
    this.#sessions = new Sessions({
      createServer: (own) => createProtocolServer(identity, this.#catalogue, own),
      maxSessions,
      idleMs: sessionIdleMs,
      maxBytes,
      clock,
    });
    this.#streams = new SseSessions({
      createServer: (own) => createProtocolServer(identity, this.#catalogue, own),
      maxSessions,
      clock,
    });
    this.#modern = createMcpHandler(() => createProtocolServer(identity, this.#catalogue), {
      legacy: "reject",
      // A stream, because the runtime may not notice that a client has gone until it streams the answer:
      // of a POST of more than about 500 bytes it does not.
      responseMode: "sse",
      maxRequestBodySize: maxBytes,
    });
  }

  /** Number of sessions, of clients that have one. */
  get sessionCount(): number {
    return this.#sessions.size + this.#streams.size;
  }

  /**
   * Adds a tool.
   *
   * @throws {SyntaxError} If the name is not 1 to 128 letters, digits, `_`, `-` and `.`.
   * @throws {TypeError} If the name is taken.
   */
  addTool<Input = Record<string, never>, Output = unknown>(tool: McpTool<Input, Output>): this {
    if (!/^[A-Za-z0-9_.-]{1,128}$/.test(tool.name)) {
      throw new SyntaxError(
        `Cannot add tool ${
          JSON.stringify(tool.name)
        }: need 1 to 128 letters, digits, "_", "-", "."`,
      );
    }
    this.#catalogue.tools.add(tool.name, anyTool(tool));
    return this.#changed("tools");
  }

  /** Takes a tool away; says whether there was one. */
  removeTool(name: string): boolean {
    const found = this.#catalogue.tools.remove(name);
    if (found) this.#changed("tools");
    return found;
  }

  /**
   * Adds a prompt.
   *
   * @throws {TypeError} If the name is taken.
   */
  addPrompt<Args = Record<string, never>>(prompt: McpPrompt<Args>): this {
    this.#catalogue.prompts.add(prompt.name, anyPrompt(prompt));
    return this.#changed("prompts");
  }

  /**
   * Adds a resource.
   *
   * @throws {TypeError} If the URI is taken.
   */
  addResource(resource: McpResource): this {
    this.#catalogue.resources.add(resource.uri, resource);
    return this.#changed("resources");
  }

  /**
   * Adds resources of one form. A resource of its own wins; of forms the first in their order.
   *
   * @throws {TypeError} If the form is taken.
   */
  addResourceTemplate(template: McpResourceTemplate): this {
    this.#catalogue.templates.add(template.uriTemplate, template);
    return this.#changed("resources");
  }

  /**
   * Offers routes of `app` as tools, whose arguments are the fields of the routes' requests. A call goes
   * through the chain of the route with the credentials of the caller.
   *
   * @throws {SyntaxError | TypeError} As {@link addTool} does.
   */
  exposeRoutes<const T extends readonly unknown[]>(
    app: FetchApp,
    routes: { readonly [K in keyof T]: ExposedRoute<T[K]> },
    options?: ExposeOptions,
  ): this {
    for (const route of routes) this.addTool(routeTool(app, route, options));
    return this;
  }

  /** Tells those who have subscribed to a resource that it has changed. */
  async resourceUpdated(uri: string): Promise<void> {
    this.#modern.notify.resourceUpdated(uri);
    await this.#tellSessions((server) => server.sendResourceUpdated({ uri }), uri);
  }

  /** The routes to add to a server: `server.addRoutes(mcp.routes())`. */
  routes(): Route[] {
    const { path = "/mcp", ssePath, timeoutMs, maxBytes } = this.#options;
    const handler: Handler = (request, context) => this.#handle(request, context);
    const open: Handler = (request, context) =>
      this.#guarded(request, context, () => this.#streams.open(context));
    const receive: Handler = (request, context) =>
      this.#guarded(request, context, () => this.#streams.receive(request));
    const old: Route[] = ssePath === undefined ? [] : [
      { method: "GET", path: ssePath, handler: open, timeoutMs },
      { method: "POST", path: ssePath, handler: receive, timeoutMs, maxBytes },
    ];
    return [
      ...old,
      { method: "POST", path, handler, timeoutMs, maxBytes, watchDisconnect: true },
      // A stream of what the server has to say; it has no end of its own.
      { method: "GET", path, handler, timeoutMs },
      { method: "DELETE", path, handler, timeoutMs },
    ];
  }

  /** Ends all sessions and streams. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#pending.values()) timer.cancel();
    this.#pending.clear();
    await Promise.all([this.#sessions.close(), this.#streams.close(), this.#modern.close()]);
  }

  #guarded(
    request: Request,
    context: Context,
    answer: () => Promise<Response>,
  ): Promise<Response> {
    checkOrigin(request, context, this.#allowedOrigins);
    this.#endOnDrain(context.environment.draining);
    return currentHttp.run(context, answer);
  }

  #handle(request: Request, context: Context): Promise<Response> {
    return this.#guarded(request, context, async () => {
      const { maxBytes } = this.#options;
      const isLegacy = await isLegacyRequest(request, undefined, { maxRequestBodySize: maxBytes! });
      if (isLegacy) return await this.#sessions.handle(request);
      // A client without a session cancels by going away.
      return await this.#modern.fetch(new Request(request, { signal: context.signal }));
    });
  }

  /** A server that stops waits for its streams, so they must end. */
  #endOnDrain(draining: AbortSignal): void {
    if (this.#drains.has(draining)) return;
    this.#drains.add(draining);
    draining.addEventListener("abort", () => void this[Symbol.asyncDispose](), { once: true });
  }

  #changed(list: ListName): this {
    if (this.#pending.has(list)) return this;
    this.#pending.set(
      list,
      this.#clock.setTimer(() => {
        this.#pending.delete(list);
        this.#tellChanged(list);
      }, DEBOUNCE_MS),
    );
    return this;
  }

  #tellChanged(list: ListName): void {
    const { notify } = this.#modern;
    const tell: Record<ListName, [modern: () => void, legacy: (server: Server) => Promise<void>]> =
      {
        tools: [() => notify.toolsChanged(), (server) => server.sendToolListChanged()],
        prompts: [() => notify.promptsChanged(), (server) => server.sendPromptListChanged()],
        resources: [() => notify.resourcesChanged(), (server) => server.sendResourceListChanged()],
      };
    const [modern, legacy] = tell[list];
    modern();
    void this.#tellSessions(legacy);
  }

  async #tellSessions(tell: (server: Server) => Promise<void>, uri?: string): Promise<void> {
    await Promise.all([this.#sessions.notify(tell, uri), this.#streams.notify(tell, uri)]);
  }
}

function requireAbove(name: string, value: number, least: number): void {
  if (value >= least) return;
  throw new RangeError(`Cannot make MCP server: need ${name} >= ${least}, got ${value}`);
}
