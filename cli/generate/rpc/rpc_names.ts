/**
 * Names of the framework's RPC parts that generated code uses.
 *
 * @module
 */

/** Names exported by `@zeno/zeno/rpc`. */
export const NAMES = {
  /** Class of servers. */
  server: "RpcServer",
  /** Type and schema of their configuration. */
  config: "RpcServerConf",
  configSchema: "rpcServerConfig",
  /** What handlers know of a call. */
  context: "RpcContext",
  /** Class of clients. */
  client: "RpcClient",
  /** Typed methods of a service for callers. */
  stub: "Stub",
} as const;

/** Function of `@zeno/zeno/core/service` that runs a server until the process is asked to stop. */
export const RUN = "runServices";
