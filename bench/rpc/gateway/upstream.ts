// Who is called where Go is not at hand: gives back what it was sent. Prints its port.
import type { Buffer } from "node:buffer";
// @ts-types="../grpc_js.d.ts"
import { Server, ServerCredentials } from "@grpc/grpc-js";

const same = (bytes: Buffer) => bytes;
const server = new Server();
server.addService({
  say: {
    path: "/echo.Echo/Say",
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  },
}, {
  say: (call: { request: Buffer }, answer: (error: null, value: Buffer) => void) =>
    answer(null, call.request),
});
server.bindAsync(
  "127.0.0.1:0",
  ServerCredentials.createInsecure(),
  (_error, port) => console.log(port),
);
