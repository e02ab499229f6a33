/**
 * The in-process transport alone: what is taken off to see what the layers above it cost.
 *
 * @module
 */

import { type Echo, echoService } from "../../rpc/testing/echo_service.ts";
import { inprocTransport } from "../../rpc/transport/inproc/client_transport.ts";
import { InprocNetwork } from "../../rpc/transport/inproc/network.ts";
import { inprocServerTransport } from "../../rpc/transport/inproc/server_transport.ts";

/** A server and a connection without any layer above the transport. */
export async function bareInproc(request: Echo) {
  const network = new InprocNetwork();
  const { say } = echoService.methods;
  const listener = await inprocServerTransport(network).listen(
    [{ kind: "unary", method: say, handle: (message) => message }],
    "bare",
  );
  const connection = inprocTransport(network).open("bare");
  const call = { metadata: undefined, deadline: undefined, signal: undefined };
  return {
    call: () => connection.unary(say, request, call),
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      listener.close();
    },
  };
}
