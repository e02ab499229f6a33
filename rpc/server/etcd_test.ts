import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { provisionEtcd } from "../../core/testing/provision_etcd.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { echoHandlers } from "../testing/pair.ts";
import { RpcServer } from "./rpc_server.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

Deno.test({
  name:
    "servers and clients of one Etcd section find each other, and no call is lost when servers come and go",
  sanitizeOps: false, // Connections whose servers have gone wait before they find that nobody wants them.
  sanitizeResources: false,
  async fn() {
    await using etcd = await provisionEtcd();
    const Etcd = { Hosts: [etcd.host], Key: `echo-${crypto.randomUUID()}.rpc` };
    const start = async () => {
      const server = new RpcServer({ Name: "echo", ListenOn: "127.0.0.1:0", Etcd }, {
        log: noopLogger,
      });
      let calls = 0;
      server.add(echoService, {
        ...echoHandlers,
        say: (request) => {
          calls++;
          return request;
        },
      });
      await server.start();
      return { server, calls: () => calls };
    };
    // The client is there before any server is.
    await using client = new RpcClient({ Etcd }, { log: noopLogger });
    const first = await start();
    await client.ready(10_000);
    const { say } = client.stub(echoService);
    let failed = 0, going = true;
    const callers = Array.from({ length: 4 }, async () => {
      while (going) {
        await say(echo("")).catch(() => failed++);
        await sleep(1);
      }
    });
    const second = await start();
    await sleep(800);
    assert(second.calls() > 0, "the second server got no call");
    await first.server.markNotReady();
    await sleep(500); // What runServices does for `Shutdown.WrapUpTime`.
    await first.server.stop();
    const before = second.calls();
    await sleep(200);
    going = false;
    await Promise.all(callers);
    assert(second.calls() > before);
    assertEquals(failed, 0);
    await second.server.stop();
  },
});
