/**
 * One connection for all parts of a program that mean the same.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import { ClusterConnection } from "./_cluster_connection.ts";
import { NodeConnection } from "./_node_connection.ts";
import type { Connection, ConnectionSettings } from "./connection.ts";

/** A use of a connection. */
export interface ConnectionLease extends AsyncDisposable {
  /** The connection. */
  readonly connection: Connection;
}

interface Shared {
  readonly connection: Connection;
  users: number;
}

const connections = new Map<string, Shared>();

/** Makes a connection that nobody shares. It is opened with the first call. */
export function openConnection(settings: ConnectionSettings, clock?: Clock): Connection {
  return settings.type === "cluster"
    ? new ClusterConnection(settings, clock)
    : new NodeConnection(settings, clock);
}

/**
 * The connection with these settings, made for the first that asks and closed with the last. Unlike go-zero's it is shared only
 * by those whose account, TLS and database are the same, too.
 */
export function leaseConnection(settings: ConnectionSettings, clock?: Clock): ConnectionLease {
  // A hash, for the password is no business of a key.
  const key = createHash("sha256").update(JSON.stringify(settings)).digest("hex");
  let shared = connections.get(key);
  if (!shared) {
    connections.set(key, shared = { connection: openConnection(settings, clock), users: 0 });
  }
  shared.users++;
  const held = shared;
  let returned: Promise<void> | undefined;
  const giveBack = async () => {
    if (--held.users > 0) return;
    connections.delete(key);
    await held.connection.close();
  };
  return {
    connection: held.connection,
    [Symbol.asyncDispose]: () => returned ??= giveBack(),
  };
}
