/**
 * What carries the calls of a server, by its configuration.
 *
 * @module
 */

import type { Logger } from "../../core/log/logger.ts";
import type { ServerTransport } from "../transport/transport.ts";
import type { RpcServerConf } from "./config.ts";

/** The transport that `ListenOn` asks for. Only what is used is loaded. */
export async function serverTransportOf(
  config: RpcServerConf,
  log: Logger,
): Promise<ServerTransport> {
  if (config.ListenOn.startsWith("inproc:")) {
    const { inprocServerTransport } = await import("../transport/inproc/server_transport.ts");
    return inprocServerTransport();
  }
  const { configuredServerTransport } = await import("../transport/grpc_js/configured.ts");
  return await configuredServerTransport(config, log);
}
