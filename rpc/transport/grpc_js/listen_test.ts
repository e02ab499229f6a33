import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import { echo, echoService } from "../../testing/echo_service.ts";
import { call, servedMethods, sleep } from "../../testing/transport_pair.ts";
import { grpcTransport } from "./client_transport.ts";
import { GrpcIncomingCall } from "./incoming_call.ts";
import { grpcServerTransport } from "./server_transport.ts";

/** What looks a name up keeps a timer for a while. */
const LEAVES = { sanitizeOps: false, sanitizeResources: false };
const { say } = echoService.methods;

for (const address of [":0", "0.0.0.0:0", "127.0.0.1:0", "localhost:0"]) {
  Deno.test({
    name: `a server that listens on ${address} says where, and who calls`,
    ...LEAVES,
    async fn() {
      const methods = servedMethods({ say: (_request, { peer }) => echo(peer) });
      const listener = await grpcServerTransport().listen(methods, address);
      const [host, port] = [address.slice(0, -2), listener.address.split(":").at(-1)];
      assertEquals(listener.address, `${host}:${port}`);
      assert(Number(port) > 0);
      const connection = grpcTransport().open(`127.0.0.1:${port}`);
      const { text } = await connection.unary(say, echo(""), call());
      assertMatch(text, /^127\.0\.0\.1:\d+$/);
      await connection[Symbol.asyncDispose]();
      listener.close();
      await sleep(60);
    },
  });
}

const UNUSABLE = ["nohost.invalid:1", "256.1.1.1:0", "abc", "127.0.0.1:99999"];
for (const address of UNUSABLE) {
  Deno.test({
    name: `a server does not listen on ${address}, and says what to do`,
    ...LEAVES,
    async fn() {
      const error = await assertRejects(
        () => grpcServerTransport().listen([], address),
        ServiceError,
      );
      assertEquals(error.code, "failed_precondition");
      assert(error.message.startsWith(`Cannot listen on ${address}: `), error.message);
      assert(error.message.endsWith("change ListenOn"), error.message);
    },
  });
}

for (
  const [peer, told] of [
    ["10.0.0.1:80", "10.0.0.1:80"],
    ["::1:35218", "[::1]:35218"],
    ["2001:db8::a:443", "[2001:db8::a]:443"],
    ["unknown", "unknown"],
  ] as const
) {
  Deno.test(`a caller whom the package calls ${peer} is ${told}`, () => {
    const wire = { getPeer: () => peer };
    assertEquals(new GrpcIncomingCall(say, wire as never, {} as never).peer, told);
  });
}
