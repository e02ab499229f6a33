/**
 * Makes callers of what a configuration names.
 *
 * @module
 */

import type { RpcClientConf } from "../../client/config.ts";
import { targetOf } from "../../client/target.ts";
import type { UpstreamConf } from "../config.ts";
import type { Caller } from "../method.ts";

/** A caller that is closed when the gateway stops. */
export type UpstreamCaller = Caller & AsyncDisposable;

/** Makes the caller of an RPC service. */
export type Dialer = (
  conf: RpcClientConf,
  name: string,
) => UpstreamCaller | Promise<UpstreamCaller>;

/**
 * What an upstream is called: its name, or where it is.
 *
 * @throws {TypeError} If it says neither.
 */
export function upstreamName({ Name, Grpc, Http }: UpstreamConf): string {
  if (Name) return Name;
  return Http ? Http.Target : Grpc ? targetOf(Grpc) : "";
}
