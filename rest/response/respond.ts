/**
 * The one place where answers of a service get their common shape.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { json, jsonWithBytes } from "./json.ts";

/**
 * Wraps what a handler answers, the same for all routes of a server: `(data) => ({ code: 0, data })`. Errors do not
 * pass here; `formatError` shapes them.
 */
export type Envelope = (value: unknown, context: Context) => unknown;

/** How {@link respond} answers. */
export interface RespondInit extends ResponseInit {
  /** Whether the value may hold bytes, which are written as base64 at some cost. @default {false} */
  bytes?: boolean;
}

/**
 * A JSON answer in the envelope of the server, if it has one. Generated handlers answer so; `json` leaves the envelope
 * out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Server } from "../server.ts";
 * await using server = new Server({ Name: "greet", Port: 0, Log: { Level: "severe" } });
 * server.get("/", (_request, context) => respond(context, { hello: "you" }, { status: 201 }));
 * const response = await server.fetch(new Request("http://localhost/"));
 * assertEquals([response.status, await response.json()], [201, { hello: "you" }]);
 * ```
 */
export function respond(context: Context, value: unknown, init?: RespondInit): Response {
  const { envelope } = context.environment;
  const body = envelope ? envelope(value, context) : value;
  return init?.bytes ? jsonWithBytes(body, init) : json(body, init);
}
