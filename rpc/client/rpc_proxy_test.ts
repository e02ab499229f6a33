import { assertEquals } from "@std/assert";
import { noopLogger } from "../../core/log/logger.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { inprocTransport } from "../transport/inproc/client_transport.ts";
import { InprocNetwork } from "../transport/inproc/network.ts";
import { inprocServerTransport } from "../transport/inproc/server_transport.ts";
import { RpcProxy } from "./rpc_proxy.ts";

Deno.test("RpcProxy calls under the name of its caller, over the same connections", async () => {
  const network = new InprocNetwork();
  const seen: (string | undefined)[] = [];
  const { say } = echoService.methods;
  await inprocServerTransport(network).listen([{
    kind: "unary",
    method: say,
    handle(request, call) {
      seen.push(`${call.header("app")}/${call.header("token")}`);
      return request;
    },
  }], "back");
  let opened = 0;
  const { name, open } = inprocTransport(network);
  const transport = { name, open: (address: string) => (opened++, open(address)) };
  const options = { transport, log: noopLogger };
  await using proxy = new RpcProxy({ Target: "inproc:///back" }, options);
  const caller = (app?: string, token?: string) => ({
    header: (name: string) => name === "app" ? app : name === "token" ? token : undefined,
  });
  for (const who of [caller("shop", "a"), caller("shop", "b"), caller()]) {
    await proxy.clientFor(who).call(say, echo(""));
  }
  const { say: byName } = proxy.clientFor(caller("shop", "c")).stub(echoService);
  await byName(echo(""), { metadata: { app: "forged", "x-mine": "1" } });
  assertEquals(seen, ["shop/a", "shop/b", "undefined/undefined", "shop/c"]);
  assertEquals(opened, 1);
});
