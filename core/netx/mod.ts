/**
 * What a process knows of its place in the network.
 *
 * What the platform has is not here: all addresses are `Deno.networkInterfaces()`, the host's name is
 * `Deno.hostname()` or, where that may not be read, `hostName()` of `core/proc`.
 *
 * @example Say where others can reach a service that listens on all interfaces
 * ```ts
 * import { internalIp } from "@zeno/zeno/core/netx";
 *
 * console.log(`http://${internalIp() ?? "127.0.0.1"}:8888`);
 * ```
 *
 * @module
 */

export { internalIp, type NetworkAddress } from "./internal_ip.ts";
