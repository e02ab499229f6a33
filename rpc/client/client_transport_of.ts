/**
 * What carries the calls of a client, by its target.
 *
 * @module
 */

import type { ClientTransport } from "../transport/transport.ts";
import type { RpcClientConf } from "./config.ts";

/** The least time between two signs of life that gRPC asks for, in ms; servers close the connections of who asks more often. */
const MIN_KEEPALIVE_MS = 10_000;

/** The transport that a target asks for. Only what is used is loaded. */
export async function clientTransportOf(
  target: string,
  { KeepaliveTime }: RpcClientConf,
): Promise<ClientTransport> {
  if (target.startsWith("inproc:")) {
    const { inprocTransport } = await import("../transport/inproc/client_transport.ts");
    return inprocTransport();
  }
  const { grpcTransport } = await import("../transport/grpc_js/client_transport.ts");
  const keepaliveMs = KeepaliveTime > 0 ? Math.max(MIN_KEEPALIVE_MS, KeepaliveTime) : undefined;
  return grpcTransport({ keepaliveMs });
}
