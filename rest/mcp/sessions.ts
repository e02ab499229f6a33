/**
 * The sessions of clients that speak a revision before 2026-07-28.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { type Server, WebStandardStreamableHTTPServerTransport } from "./driver.ts";

/** One client. */
interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: Server;
  readonly subscriptions: Set<string>;
  usedAtMs: number;
}

/** Options for {@link Sessions}. */
export interface SessionsOptions {
  /** Makes the server of one session. */
  createServer: (subscriptions: Set<string>) => Server;
  /** Most sessions at a time. */
  maxSessions: number;
  /** A session that was not used for so long, in ms, may be dropped. */
  idleMs: number;
  /** Largest body of a request in bytes. */
  maxBytes: number;
  /** Time source. */
  clock: Clock;
}

/** Holds the sessions, and answers their requests. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();

  /** Makes an empty set. */
  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Number of sessions. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Answers a request: of its session, or of a new one. */
  async handle(request: Request): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id === null) return await this.#begin(request);
    const session = this.#sessions.get(id);
    // As the protocol wants it: the client then begins anew.
    if (!session) {
      throw new ServiceError("not_found", "Cannot find session: it has ended, begin anew");
    }
    session.usedAtMs = this.#options.clock.now();
    return await session.transport.handleRequest(request);
  }

  /** Calls `tell` with the server of each session that has subscribed to `uri`, or of all. */
  async notify(tell: (server: Server) => Promise<void>, uri?: string): Promise<void> {
    const wanted = [...this.#sessions.values()]
      .filter(({ subscriptions }) => uri === undefined || subscriptions.has(uri));
    // One that has just gone must not keep the others from being told.
    await Promise.all(wanted.map(({ server }) => tell(server).catch(() => {})));
  }

  /** Ends all sessions and their streams. */
  async close(): Promise<void> {
    const all = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(all.map(({ server }) => server.close()));
  }

  async #begin(request: Request): Promise<Response> {
    await this.#makeRoom();
    const { createServer, maxBytes, clock } = this.#options;
    const subscriptions = new Set<string>();
    const server = createServer(subscriptions);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      maxRequestBodySize: maxBytes,
      onsessioninitialized: (id) => {
        this.#sessions.set(id, { transport, server, subscriptions, usedAtMs: clock.now() });
      },
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    // Anything but a good `initialize` begins no session.
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  async #makeRoom(): Promise<void> {
    const { maxSessions, idleMs, clock } = this.#options;
    if (this.#sessions.size < maxSessions) return;
    const nowMs = clock.now();
    for (const [id, { server, usedAtMs }] of this.#sessions) {
      if (nowMs - usedAtMs < idleMs) continue;
      this.#sessions.delete(id);
      await server.close();
    }
    if (this.#sessions.size < maxSessions) return;
    throw new ServiceError(
      "resource_exhausted",
      `Cannot begin session: there are ${maxSessions} already`,
      { retryAfterMs: idleMs },
    );
  }
}
