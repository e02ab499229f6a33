/**
 * A connection to a Redis, whatever it consists of.
 *
 * @module
 */

import type { RedisCall } from "./command.ts";
import type { RedisAddress } from "./address.ts";

/** What makes one connection different from another: clients of which all of this is the same share one. */
export interface ConnectionSettings {
  /** One server, or a cluster. */
  readonly type: "node" | "cluster";
  /** The servers; one, or the members of a cluster that are known. */
  readonly addresses: readonly RedisAddress[];
  /** Where it is, for people. */
  readonly name: string;
  /** Name of the account, `""` for none. */
  readonly user: string;
  /** Password of the account, `""` for none. */
  readonly password: string;
  /** Number of the database. */
  readonly db: number;
  /** Version of the protocol. */
  readonly protocol: 2 | 3;
  /** Whether the name of the client library is kept from the server. */
  readonly disableIdentity: boolean;
  /** What TLS needs; `undefined` for a connection in the clear. */
  readonly tls: RedisTls | undefined;
  /** Time without a sign of life, while one is waited for, after which a connection is given up, in ms; `Infinity` for none. */
  readonly silenceMs: number;
}

/** What TLS to Redis needs. */
export interface RedisTls {
  /** Certificates of authorities that are trusted in the place of the system's, PEM. */
  readonly caCerts?: readonly string[] | undefined;
  /** The client's certificate chain, PEM. */
  readonly cert?: string | undefined;
  /** The key of `cert`, PEM. */
  readonly key?: string | undefined;
  /** Whether the certificate of the server is not checked. @default {false} */
  readonly insecure?: boolean | undefined;
}

/** A connection to a Redis: sockets that are opened with the first call, and opened again when they break. */
export interface Connection {
  /** Where it is. */
  readonly settings: ConnectionSettings;
  /** Sockets that are open now. */
  readonly sockets: number;
  /** Sends a call once; what becomes of it if that fails is another's business. */
  send(call: RedisCall): Promise<unknown>;
  /** The server that a call goes to, `host:port`; the name of the whole where that is not known. */
  serverOf(call: RedisCall): string;
  /**
   * Parts of a call of several commands that go to one server each, with the places of their commands in the whole. Missing
   * where there is but one server.
   */
  split?(call: RedisCall): Promise<readonly CallPart[]>;
  /** Every server that has keys of its own, `host:port`. */
  servers(): Promise<readonly string[]>;
  /** Breaks off, so that what is under way fails, and connects anew. */
  reset(): void;
  /** Ends it, in a second or so at the latest. */
  close(): Promise<void>;
}

/** A part of a call. */
export interface CallPart {
  /** The commands. */
  readonly call: RedisCall;
  /** Their places in the whole. */
  readonly places: readonly number[];
}

/** Waits before connecting again, in ms: at once the first time, then 16, 32, to half a second. */
export function reconnectDelayMs(times: number): number {
  return times <= 1 ? 1 : Math.min(8 * 2 ** (times - 1), 512);
}
