// Zeno, the whole default chain, no access log. `zeno.ts <port> <upstream> set <file>` or `... code`
import { RpcClient } from "@zeno/zeno/rpc";
import { Gateway } from "@zeno/zeno/rpc/gateway";
import { echoService } from "./echo.gen.ts";

const [port, upstream, mode, protoSet] = Deno.args;
const service = { Endpoints: [upstream!], Middlewares: { Duration: false } };
const gateway = new Gateway({
  Name: "bench",
  Host: "127.0.0.1",
  Port: Number(port),
  Log: { Mode: "file", Path: Deno.makeTempDirSync(), Level: "error" },
  Middlewares: { Log: false },
  Upstreams: mode === "set" ? [{ Grpc: service, ProtoSets: [protoSet!] }] : [],
});
if (mode === "code") gateway.add(echoService, new RpcClient(service));
await gateway.start();
