/**
 * What a tool, a prompt or a resource knows of the call besides its arguments.
 *
 * @module
 */

import type { Context } from "../context.ts";
import type { ServerContext } from "./driver.ts";

/** How grave a message is, in the words of syslog. */
export type McpLogLevel =
  | "debug"
  | "info"
  | "notice"
  | "warning"
  | "error"
  | "critical"
  | "alert"
  | "emergency";

/** One call's view of who asks. */
export class McpContext {
  /** The HTTP request that carried the call: its headers, who sent it, its trace and logger. */
  readonly http: Context;
  readonly #call: ServerContext;

  /** Made for each call. */
  constructor(http: Context, call: ServerContext) {
    this.http = http;
    this.#call = call;
  }

  /** Aborted when the client has cancelled the call or has gone. */
  get signal(): AbortSignal {
    return this.#call.mcpReq.signal;
  }

  /** The session, where there is one: clients of 2026-07-28 and later have none. */
  get sessionId(): string | undefined {
    return this.#call.sessionId;
  }

  /**
   * Tells the client how far the work is, if it wants to know.
   *
   * @param progress What is done. It must grow with each call.
   */
  async progress(
    progress: number,
    options: { total?: number; message?: string } = {},
  ): Promise<void> {
    const { mcpReq } = this.#call;
    const progressToken = mcpReq._meta?.progressToken;
    if (progressToken === undefined) return;
    await mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken, progress, ...options },
    });
  }

  /** Sends the client a message for its log, if its level asks for it. */
  async log(level: McpLogLevel, data: unknown, logger?: string): Promise<void> {
    await this.#call.mcpReq.log(level, data, logger);
  }
}
