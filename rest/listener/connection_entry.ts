/**
 * The runtime's way to serve one accepted connection, which it has but does not promise.
 *
 * @module
 */

/** One connection being served. */
export interface ConnectionServer {
  /** Settles when the connection has ended; rejects if it was lost. */
  readonly finished: Promise<void>;
  /** Ends the connection when what is in flight is answered. */
  shutdown(): Promise<void>;
}

/** Serves one connection, HTTP/1.1 or HTTP/2, until it ends or `signal` is aborted. */
export type ServeConnection = (
  connection: Deno.Conn,
  signal: AbortSignal,
  handler: Deno.ServeHandler,
  onError: (error: unknown) => Response,
  onListen: (scheme: string) => void,
) => ConnectionServer;

/**
 * The entry, if this runtime has it. It is what `Deno.serve` is made of, is in all of 2.5 to 2.9, and is not part of
 * what Deno documents: hence the look before the leap.
 */
export function connectionEntry(runtime: object = Deno): ServeConnection | undefined {
  const key: unknown = Reflect.get(runtime, "internal");
  if (typeof key !== "symbol") return undefined;
  const internals: unknown = Reflect.get(runtime, key);
  if (typeof internals !== "object" || internals === null) return undefined;
  const entry: unknown = Reflect.get(internals, "serveHttpOnConnection");
  return typeof entry === "function" ? entry as ServeConnection : undefined;
}
