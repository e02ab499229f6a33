// A server with every fault that a handler can have, in a process of its own. Prints where it listens.

import { RpcServer } from "../rpc_server.ts";
import { runServices } from "../../../core/service/run_services.ts";
import { echo, echoService } from "../../testing/echo_service.ts";
import { echoHandlers } from "../../testing/pair.ts";

const hang = () => new Promise<never>(() => {});

const server = new RpcServer({
  Name: "faulty",
  ListenOn: "127.0.0.1:0",
  Timeout: 500,
  Log: { Level: "severe" },
  Shutdown: { WrapUpTime: 50, WaitTime: 1_200 },
  Middlewares: { Breaker: false },
}).add(echoService, {
  ...echoHandlers,
  say({ text }) {
    switch (text) {
      case "throw":
        throw new Error("hunter2");
      case "throw nothing":
        throw undefined;
      case "reject":
        return Promise.reject(new Error("hunter2"));
      case "detached":
        Promise.reject(new Error("hunter2"));
        return echo("fine");
      case "timer":
        setTimeout(() => {
          throw new Error("hunter2");
        });
        return echo("fine");
      case "late":
        return new Promise((_, reject) => setTimeout(() => reject(new Error("hunter2")), 700));
      case "nothing":
        return undefined as never;
      case "wrong":
        return { text: 7 } as never;
      case "hang":
        return hang();
      default:
        return echo(text);
    }
  },
  async *count({ text }) {
    yield echo("1");
    if (text === "throw") throw new Error("hunter2");
    if (text === "detached") Promise.reject(new Error("hunter2"));
    if (text === "wrong") yield { text: 7 } as never;
    if (text === "hang") await hang();
    yield echo("2");
  },
});
queueMicrotask(async () => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    try {
      console.log(server.address);
      return;
    } catch {
      // Not yet.
    }
  }
});
await runServices(server);
