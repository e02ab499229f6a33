/**
 * Where an etcd cluster is, and how to talk to it.
 *
 * @module
 */

import type { Clock, Random } from "../../clock.ts";

/**
 * What TLS to etcd needs. Without it the connection is in the clear. Files are read when connections are opened, and again
 * when they have to be opened anew, so that certificates may be renewed while the program runs.
 */
export interface EtcdTls {
  /** Certificates of authorities that are trusted beside those of the system, PEM. */
  readonly caCerts?: readonly string[] | undefined;
  /** A file of such certificates. */
  readonly caFile?: string | undefined;
  /** The client's certificate chain, PEM. */
  readonly cert?: string | undefined;
  /** A file that holds it. */
  readonly certFile?: string | undefined;
  /** The key of the client's certificate, PEM. */
  readonly key?: string | undefined;
  /** A file that holds it. */
  readonly keyFile?: string | undefined;
  /** Whether any certificate of a server will do. Whoever is between can then read and change all. @default {false} */
  readonly insecureSkipVerify?: boolean | undefined;
}

/** Options of an etcd client. */
export interface EtcdOptions {
  /** Members of the cluster, `host:port` each; at least one. One that can be reached is enough. */
  readonly hosts: readonly string[];
  /** Name of the account, if the cluster wants one. */
  readonly user?: string | undefined;
  /** Password of the account. */
  readonly password?: string | undefined;
  /** Turns TLS on. */
  readonly tls?: EtcdTls | undefined;
  /** How long one member may take to answer, in ms, > 0. @default {3_000} */
  readonly requestTimeoutMs?: number | undefined;
  /** Sends requests. @default {fetch over HTTP/1.1 connections of its own} */
  readonly fetch?: typeof fetch | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
  /** Chooses the member that is asked first. @default {systemRandom} */
  readonly random?: Random | undefined;
}

/**
 * The name of a cluster: its members in order, however they were given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(clusterName(["b:2", "a:1"]), clusterName(["a:1", "b:2"]));
 * ```
 */
export function clusterName(hosts: readonly string[]): string {
  return hosts.toSorted().join(",");
}
