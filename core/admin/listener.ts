/**
 * Listening, for the pages that are not the service's own.
 *
 * @module
 */

import { ServiceError } from "../errors.ts";
import { reasonOf } from "../log/value_renderer.ts";

/** Where to listen. */
export interface AdminListenOptions {
  /** Address to listen on. */
  readonly hostname: string;
  /** Port to listen on; 0 picks a free one. */
  readonly port: number;
}

/** A listener of admin pages. */
export interface AdminListener extends AsyncDisposable {
  /** Where it listens. */
  readonly address: { readonly hostname: string; readonly port: number };
}

/**
 * Listens. Disposing the answer closes it at once, connections included: what reads these pages asks
 * again, and a download must not hold up a shutdown.
 *
 * @throws {ServiceError} If it cannot listen; the message says where and what to do.
 */
export function listenForAdmin(
  handler: (request: Request) => Response | Promise<Response>,
  { hostname, port }: AdminListenOptions,
): AdminListener {
  const closing = new AbortController();
  const server = serve(handler, { hostname, port, signal: closing.signal });
  return {
    address: { hostname: server.addr.hostname, port: server.addr.port },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await server.finished;
    },
  };
}

function serve(
  handler: (request: Request) => Response | Promise<Response>,
  where: AdminListenOptions & { signal: AbortSignal },
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ ...where, onListen() {} }, handler);
  } catch (error) {
    const place = `${where.hostname}:${where.port}`;
    const inUse = error instanceof Deno.errors.AddrInUse;
    const why = inUse ? "the port is in use; stop the other process or choose another port" : "";
    throw new ServiceError(
      "unavailable",
      `Cannot listen at ${place}: ${why || reasonOf(error)}`,
      { cause: error },
    );
  }
}

/** Whether an address can only be reached from this machine. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" ||
    /^127(\.\d{1,3}){3}$/.test(name);
}
