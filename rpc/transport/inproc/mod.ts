/**
 * Calls within one process, `inproc:///name`: for tests, and for services that live together today and apart tomorrow.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { InprocNetwork, inprocServerTransport, inprocTransport } from "@zeno/zeno/rpc/transport/inproc";
 * const network = new InprocNetwork();
 * const listener = await inprocServerTransport(network).listen([], "greet");
 * await using connection = inprocTransport(network).open("greet");
 * assertEquals(connection.state, "ready");
 * await listener.drain();
 * ```
 * @module
 */

export { inprocTransport } from "./client_transport.ts";
export type { InprocCall } from "./incoming_call.ts";
export { InprocNetwork, type InprocService, processNetwork } from "./network.ts";
export { inprocServerTransport } from "./server_transport.ts";
