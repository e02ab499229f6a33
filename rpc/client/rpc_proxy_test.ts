import { assert, assertEquals } from "@std/assert";
import { noopLogger } from "../../core/log/logger.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { inprocTransport } from "../transport/inproc/client_transport.ts";
import { InprocNetwork } from "../transport/inproc/network.ts";
import { inprocServerTransport } from "../transport/inproc/server_transport.ts";
import { RpcProxy } from "./rpc_proxy.ts";

Deno.test("RpcProxy calls under the name of its caller, with one client for each", async () => {
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
  const options = { transport: inprocTransport(network), log: noopLogger };
  await using proxy = new RpcProxy({ Target: "inproc:///back" }, options);
  const caller = (app?: string, token?: string) => ({
    header: (name: string) => name === "app" ? app : name === "token" ? token : undefined,
  });
  const first = proxy.clientFor(caller("shop", "a"));
  for (const client of [first, proxy.clientFor(caller("shop", "b")), proxy.clientFor(caller())]) {
    await client.call(say, echo(""));
  }
  assertEquals(seen, ["shop/a", "shop/b", "undefined/undefined"]);
  assert(proxy.clientFor(caller("shop", "a")) === first);
});
