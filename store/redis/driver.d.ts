/**
 * What is used of `ioredis`. Its own types bring those of Node along, which would change the meaning of global names such as
 * `Event` in every program that imports it.
 *
 * @module
 */

import type { Buffer } from "node:buffer";

/** What TLS needs, in the words of `node:tls`. */
export interface TlsOptions {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Options of a connection. */
export interface RedisOptions {
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: TlsOptions;
  readonly protocol?: 2 | 3;
  readonly disableClientInfo?: boolean;
  readonly lazyConnect?: boolean;
  readonly enableOfflineQueue?: boolean;
  readonly maxRetriesPerRequest?: number | null;
  readonly maxLoadingRetryTime?: number;
  readonly connectTimeout?: number;
  readonly disconnectTimeout?: number;
  readonly socketTimeout?: number;
  readonly stringNumbers?: boolean;
  readonly retryStrategy?: (times: number) => number;
  readonly reconnectOnError?: (error: Error) => boolean;
}

/** Options of a client of a cluster. */
export interface ClusterOptions {
  readonly redisOptions: RedisOptions;
  readonly lazyConnect?: boolean;
  readonly maxRedirections?: number;
  readonly retryDelayOnFailover?: number;
  readonly slotsRefreshTimeout?: number;
  readonly clusterRetryStrategy?: (times: number) => number;
}

/** A command on its way. */
export class Command {
  constructor(name: string, args: readonly (string | number | Buffer)[]);
  readonly promise: Promise<unknown>;
  getKeys(): (string | Buffer)[];
  getSlot(): number | null;
}

/** Commands that are sent at once. */
export interface Pipeline {
  sendCommand(command: Command): unknown;
  exec(): Promise<[Error | null, unknown][] | null>;
}

/** Where a connection or the client of a cluster stands. */
export type Status =
  | "wait"
  | "connecting"
  | "connect"
  | "ready"
  | "close"
  | "reconnecting"
  | "disconnecting"
  | "end";

/** What a connection and the client of a cluster have in common. */
export interface Client {
  readonly status: Status;
  connect(): Promise<void>;
  disconnect(reconnect?: boolean): void;
  quit(): Promise<string>;
  sendCommand(command: Command): Promise<unknown>;
  pipeline(): Pipeline;
  multi(): Pipeline;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
}

/** A connection to one server. */
export class Redis implements Client {
  constructor(options: RedisOptions);
  readonly status: Status;
  readonly options: RedisOptions;
  readonly stream?: { cork(): void; uncork(): void };
  subscribe(channel: string): Promise<unknown>;
  connect(): Promise<void>;
  disconnect(reconnect?: boolean): void;
  quit(): Promise<string>;
  sendCommand(command: Command): Promise<unknown>;
  pipeline(): Pipeline;
  multi(): Pipeline;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
}

/** Connections to the servers of a cluster. */
export class Cluster implements Client {
  constructor(nodes: readonly { host: string; port: number }[], options: ClusterOptions);
  readonly status: Status;
  /** For each slot the servers that have it, `host:port`, the master first. */
  readonly slots: readonly (readonly string[] | undefined)[];
  connect(): Promise<void>;
  disconnect(reconnect?: boolean): void;
  quit(): Promise<string>;
  sendCommand(command: Command): Promise<unknown>;
  pipeline(): Pipeline;
  multi(): Pipeline;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
  nodes(role: "all" | "master"): Redis[];
  readonly isRefreshing: boolean;
  refreshSlotsCache(callback?: () => void): void;
}
