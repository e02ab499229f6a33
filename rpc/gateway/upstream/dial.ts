/**
 * Makes callers of what a configuration names.
 *
 * @module
 */

import type { RpcClientConf } from "../../client/config.ts";
import type { RpcClientOptions } from "../../client/options.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { targetOf } from "../../client/target.ts";
import type { UpstreamConf } from "../config.ts";
import { type Caller, callerOf } from "../method.ts";

/** A caller that is closed when the gateway stops. */
export type UpstreamCaller = Caller & AsyncDisposable;

/** Makes what calls an RPC service. */
export type Dialer = (
  conf: RpcClientConf,
  name: string,
) => UpstreamCaller | Promise<UpstreamCaller>;

/** Makes clients with these options. */
export function dialWith(options: RpcClientOptions): Dialer {
  return async (conf) => {
    const client = await RpcClient.connect(conf, options);
    return {
      ...callerOf(client),
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    };
  };
}

/**
 * What an upstream is called: its name, or where it is.
 *
 * @throws {TypeError} If it says neither.
 */
export function upstreamName({ Name, Grpc, Http }: UpstreamConf): string {
  if (Name) return Name;
  return Http ? Http.Target : Grpc ? targetOf(Grpc) : "";
}
