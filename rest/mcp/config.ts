/**
 * MCP servers as a configuration file describes them.
 *
 * @module
 */

import { array, duration, string } from "../../core/schema/builders.ts";
import { object, type ObjectSchema } from "../../core/schema/object.ts";
import { McpServer, type McpServerOptions } from "./mcp_server.ts";

/** The section `Mcp` of a service's configuration; the keys are go-zero's. */
export interface McpConf {
  /** What the server is called. @default {the name of the service} */
  readonly Name?: string;
  /** Its version. @default {"1.0.0"} */
  readonly Version: string;
  /** Where it is. @default {"/mcp"} */
  readonly MessageEndpoint: string;
  /** Where clients are served that know only the transport of 2024-11-05. Without it they are not. */
  readonly SseEndpoint?: string;
  /** Origins whose pages may use it, beside its own. Their browsers want the server's `cors` too. @default {[]} */
  readonly Cors: readonly string[];
  /** Time for the answer to a message, until its stream begins, in ms. @default {30000} */
  readonly MessageTimeout: number;
}

/**
 * The schema of {@link McpConf}.
 *
 * `UseStreamable` and `SseTimeout`, which go-zero has beside these, say nothing here: one path serves every
 * revision of Streamable HTTP, with the older transport beside it where `SseEndpoint` says, and streams have no limit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { MessageEndpoint, MessageTimeout } = mcpConfig.parse({ MessageTimeout: "1m" });
 * assertEquals([MessageEndpoint, MessageTimeout], ["/mcp", 60_000]);
 * ```
 */
export const mcpConfig: ObjectSchema<McpConf> = object({
  Name: string().optional(),
  Version: string().default("1.0.0"),
  MessageEndpoint: string().default("/mcp"),
  SseEndpoint: string().optional(),
  Cors: array(string()).default([]),
  MessageTimeout: duration().default(30_000),
});

/**
 * Makes an {@link McpServer} of the section `Mcp`.
 *
 * @param options What the section does not have, and the name of a server whose section has none.
 * @throws {RangeError} If a number is out of range.
 */
export function mcpFromConfig(
  section: McpConf,
  options: Omit<McpServerOptions, "version" | "path" | "ssePath" | "allowedOrigins" | "timeoutMs">,
): McpServer {
  return new McpServer({
    ...options,
    name: section.Name ?? options.name,
    version: section.Version,
    path: section.MessageEndpoint,
    ssePath: section.SseEndpoint,
    allowedOrigins: section.Cors,
    timeoutMs: section.MessageTimeout,
  });
}
