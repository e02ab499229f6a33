// A service whose handler keeps a processor busy for about a millisecond. The second argument is the number of workers.
import { json, runService, Server } from "@zeno/zeno/rest";

const [port, workers] = Deno.args;
await runService(() =>
  new Server({
    Name: "busy",
    Host: "127.0.0.1",
    Port: Number(port),
    Workers: Number(workers),
    CpuThreshold: 0, // It is to be busy, not to shed.
    Log: { Level: "severe" },
    Middlewares: { Log: false },
  }).get("/", () => {
    let value = 0;
    for (let i = 0; i < 400_000; i++) value = (value * 31 + i) % 1_000_003;
    return json(value);
  })
);
