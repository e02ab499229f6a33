/**
 * gRPC over HTTP/2, by `npm:@grpc/grpc-js`: what clients and servers use unless told otherwise.
 *
 * Facts of this transport: answers of its servers are not compressed; a client that checks certificates needs a name for an
 * address that is an IP address (`tls.serverName`); client certificates must be of X.509 version 3; several values of one name
 * come joined by a comma; the runtime matters, see {@link runtimeFault}.
 *
 * Deno 2.9.3 never lets go of an answer that was not sent when its connection broke, some 7 KB each.
 *
 * The HTTP/2 of Deno takes whatever is written and does not say how much of it has been sent. So a stream whose reader is slow
 * is kept in the memory of its sender: let handlers of long streams wait for a sign of their reader, such as a request of a
 * method that streams both ways.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { grpcServerTransport, grpcTransport } from "@zeno/zeno/rpc/transport/grpc_js";
 * const listener = await grpcServerTransport().listen([], "127.0.0.1:0");
 * await using connection = grpcTransport({ maxReceiveBytes: 1 << 20 }).open(listener.address);
 * assertEquals(connection.state, "idle");
 * await listener.drain();
 * ```
 * @module
 */

export { grpcTransport, type GrpcTransportOptions } from "./client_transport.ts";
export type { ConnectionOptions } from "./options.ts";
export { LAST_SAFE_DENO, runtimeFault } from "./runtime_guard.ts";
export { grpcServerTransport, type GrpcServerTransportOptions } from "./server_transport.ts";
export type { ClientTls, ServerTls } from "./tls.ts";
