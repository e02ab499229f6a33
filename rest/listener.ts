/**
 * The socket: listening, and letting go of it.
 *
 * @module
 */

import { ServiceError } from "../core/errors.ts";
import type { ConnectionInfo } from "./context.ts";

/** Where and how to listen. */
export interface ListenOptions {
  /** The address, `0.0.0.0` for all. */
  hostname: string;
  /** The port; 0 picks a free one. */
  port: number;
  /** PEM texts; with both the listener speaks TLS. */
  tls?: { cert: string; key: string } | undefined;
}

/** A listening socket. */
export interface Listener {
  /** Where it listens, with the port that was picked. */
  readonly address: { readonly hostname: string; readonly port: number };
  /** Settles when it has closed. */
  readonly finished: Promise<void>;
  /** Stops accepting and resolves when the requests in flight are answered. */
  shutdown(): Promise<void>;
}

/** Answers requests of a listener. */
export type Dispatch = (
  request: Request,
  info: ConnectionInfo,
) => Response | Promise<Response>;

/**
 * Listens with `Deno.serve`.
 *
 * @throws {ServiceError} If it cannot; the message says where it tried and what to do.
 */
export function listen(dispatch: Dispatch, options: ListenOptions): Listener {
  const { hostname, port, tls } = options;
  try {
    const server = Deno.serve({
      hostname,
      port,
      ...tls,
      onListen: () => {},
      // Only for what goes wrong after the handler: a response that cannot be written.
      onError: () => new Response(null, { status: 500 }),
    }, dispatch);
    return {
      address: { hostname: server.addr.hostname, port: server.addr.port },
      finished: server.finished,
      shutdown: () => server.shutdown(),
    };
  } catch (error) {
    throw explained(error, `${hostname}:${port}`);
  }
}

function explained(error: unknown, where: string): unknown {
  const advice = adviceFor(error, where);
  if (advice === undefined) return error;
  return new ServiceError("failed_precondition", `Cannot listen on ${where}: ${advice}`, {
    cause: error,
  });
}

function adviceFor(error: unknown, where: string): string | undefined {
  if (error instanceof Deno.errors.AddrInUse) {
    return "the address is in use; stop the program that holds it or change Port";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return "this machine has no such address; change Host";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the system does not permit it; use a port above 1023";
  }
  if (error instanceof Deno.errors.NotCapable) return `run with --allow-net=${where}`;
  return undefined;
}

/**
 * Reads the PEM files of a certificate and its key.
 *
 * @throws {ServiceError} If one is not named or cannot be read.
 */
export async function readTls(
  certFile: string | undefined,
  keyFile: string | undefined,
): Promise<{ cert: string; key: string }> {
  return { cert: await readPem("CertFile", certFile), key: await readPem("KeyFile", keyFile) };
}

async function readPem(name: string, path: string | undefined): Promise<string> {
  if (!path) {
    throw new ServiceError(
      "failed_precondition",
      `Cannot set up TLS: ${name} is not set; it takes CertFile and KeyFile both`,
    );
  }
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new ServiceError(
      "failed_precondition",
      `Cannot set up TLS: ${name} "${path}" cannot be read; check the path`,
      { cause: error },
    );
  }
}
