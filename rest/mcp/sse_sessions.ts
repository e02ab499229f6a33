/**
 * The sessions of clients that know only the transport of 2024-11-05.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { empty } from "../response/json.ts";
import { type JSONRPCMessage, parseJSONRPCMessage, type Server } from "./driver.ts";
import { currentHttp } from "./protocol_server.ts";
import { SseTransport } from "./sse_transport.ts";

interface SseSession {
  readonly transport: SseTransport;
  readonly server: Server;
  readonly subscriptions: Set<string>;
  /** The request that carries the stream: that of a message is gone when it is answered. */
  readonly context: Context;
}

/** Options for {@link SseSessions}. */
export interface SseSessionsOptions {
  /** Makes the server of one session. */
  createServer: (subscriptions: Set<string>) => Server;
  /** Most sessions at a time. */
  maxSessions: number;
  /** Time source. */
  clock: Clock;
}

/** Holds the streams. A session lives as long as its stream. */
export class SseSessions {
  readonly #options: SseSessionsOptions;
  readonly #sessions = new Map<string, SseSession>();

  /** Makes an empty set. */
  constructor(options: SseSessionsOptions) {
    this.#options = options;
  }

  /** Number of sessions. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Begins a session: answers with its stream. */
  async open(context: Context): Promise<Response> {
    const { createServer, maxSessions, clock } = this.#options;
    if (this.#sessions.size >= maxSessions) {
      throw new ServiceError(
        "resource_exhausted",
        `Cannot begin session: there are ${maxSessions} already`,
      );
    }
    const subscriptions = new Set<string>();
    const server = createServer(subscriptions);
    const transport = new SseTransport(context.path, clock);
    const { sessionId } = transport;
    await server.connect(transport);
    const protocolClose = transport.onclose;
    transport.onclose = () => {
      this.#sessions.delete(sessionId);
      protocolClose?.();
    };
    this.#sessions.set(sessionId, { transport, server, subscriptions, context });
    return transport.response();
  }

  /** Takes a message for the session that the query names. */
  async receive(request: Request): Promise<Response> {
    const id = new URL(request.url).searchParams.get("sessionid");
    if (id === null) {
      throw new ServiceError("invalid_argument", "Cannot take message: the query has no sessionid");
    }
    const session = this.#sessions.get(id);
    if (!session) {
      throw new ServiceError("not_found", "Cannot find session: it has ended, begin anew");
    }
    const message = readMessage(await request.text());
    currentHttp.run(session.context, () => session.transport.onmessage?.(message));
    return empty({ status: 202 });
  }

  /** Calls `tell` with the server of each session that has subscribed to `uri`, or of all. */
  async notify(tell: (server: Server) => Promise<void>, uri?: string): Promise<void> {
    const wanted = [...this.#sessions.values()]
      .filter(({ subscriptions }) => uri === undefined || subscriptions.has(uri));
    await Promise.all(wanted.map(({ server }) => tell(server).catch(() => {})));
  }

  /** Ends all sessions. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ server }) => server.close()));
  }
}

function readMessage(text: string): JSONRPCMessage {
  try {
    return parseJSONRPCMessage(JSON.parse(text));
  } catch {
    throw new ServiceError("invalid_argument", "Cannot take message: it is no JSON-RPC message");
  }
}
