/**
 * Tools, prompts and resources for language models: an MCP server behind the chain of a REST server.
 *
 * The protocol itself is that of the official SDK; this adds schemas, routes as tools, sessions with a limit, and
 * the check of the origin. It serves the revision of 2026-07-28, which has no sessions, and those before it.
 *
 * @example A tool, and a route as another
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object, string } from "@zeno/zeno/core/schema";
 * import { json, Server } from "@zeno/zeno/rest";
 * import { McpServer } from "@zeno/zeno/rest/mcp";
 *
 * const getUser = { method: "GET", path: "/users/:id", request: object({ id: int().in("path") }) };
 *
 * await using server = new Server({ Name: "users", Port: 0, Log: { Level: "severe" } });
 * server.get(getUser.path, async (_request, context) => json(await context.bind(getUser.request)));
 *
 * await using mcp = new McpServer({ name: "users" });
 * mcp.exposeRoutes(server, [{ ...getUser, description: "Looks a user up" }]);
 * mcp.addTool({
 *   name: "greet",
 *   input: object({ name: string().describe("Who is greeted") }),
 *   call: ({ name }) => `Hello, ${name}`,
 * });
 * server.addRoutes(mcp.routes());
 * assertEquals(server.routes().filter(({ path }) => path === "/mcp").length, 3);
 * ```
 *
 * A group of a `.api` file that says `mcp: true` has its routes exposed by `zeno api gen`; `mcpFromConfig` then makes the
 * server of the section `Mcp` of the configuration.
 *
 * ## Where go-zero's mcp decides otherwise
 *
 * - One path serves all revisions of Streamable HTTP, DELETE included, and the transport of 2024-11-05 is there
 *   beside it where `ssePath` says; there one of the two is chosen by config.
 * - Prompts and resources can be added, not only tools.
 * - Arguments that do not fit are an answer with `isError`, so that the model can mend them, as the
 *   protocol has it since 2025-11-25; there they are an error of JSON-RPC. An unknown tool is one here too.
 * - A handler knows the request that carried its call; there, and here over the transport of 2024-11-05, it
 *   knows the one that began the session.
 * - Faults of HTTP are answered in the server's own format.
 *
 * @module
 */

export * from "./config.ts";
export * from "./content.ts";
export * from "./context.ts";
export * from "./definitions.ts";
export * from "./json_schema.ts";
export * from "./mcp_server.ts";
export { type ExposedRoute, type ExposeOptions, type FetchApp, routeTool } from "./route_tool.ts";
