import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { echo } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { RpcServer } from "./rpc_server.ts";

Deno.test("RpcServer is registered only once it listens, and is taken away before it drains", async () => {
  const seen: string[] = [];
  const registrar = {
    register(address: string) {
      seen.push(`register ${address}`);
      return Promise.resolve({
        [Symbol.asyncDispose]: () => {
          seen.push("remove");
          return Promise.resolve();
        },
      });
    },
  };
  await using pair = await openPair("grpc_js", { serverOptions: { registrars: [registrar] } });
  await pair.server.markNotReady();
  await pair.stub.say(echo(""));
  assertEquals(seen, [`register ${pair.server.address}`, "remove"]);
});

Deno.test("RpcServer does not register where it cannot listen", async () => {
  let registered = 0;
  const registrar = {
    register() {
      registered++;
      return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
    },
  };
  await using pair = await openPair("grpc_js");
  const config = { Name: "b", ListenOn: pair.server.address, Log: { Level: "severe" } } as const;
  await using second = new RpcServer(config, { registrars: [registrar] });
  const error = await assertRejects(() => second.start(), ServiceError, "the address is in use");
  assertEquals([error.code, registered], ["failed_precondition", 0]);
});

const places = (seen: string[], name: string) => ({
  register(address: string) {
    seen.push(`${name} has ${address}`);
    return Promise.resolve({
      [Symbol.asyncDispose]: () => Promise.resolve(void seen.push(`${name} has nothing`)),
    });
  },
});

Deno.test("RpcServer is known nowhere if it cannot be known everywhere", async () => {
  const seen: string[] = [];
  const broken = { register: () => Promise.reject(new ServiceError("unavailable", "down")) };
  const registrars = [places(seen, "a"), broken, places(seen, "c")];
  await using server = new RpcServer({ Name: "a", ListenOn: "127.0.0.1:0" }, {
    log: noopLogger,
    debug: new DebugRegistry(),
    registrars,
  });
  await assertRejects(() => server.start(), ServiceError, "down");
  assertEquals(seen.map((line) => line.replace(/:\d+/, "")), ["a has 127.0.0.1", "a has nothing"]);
});

Deno.test("RpcServer stops to be known, then takes no calls, then ends those it has", async () => {
  const seen: string[] = [];
  const answer = Promise.withResolvers<void>();
  await using pair = await openPair("grpc_js", {
    serverOptions: { registrars: [places(seen, "a")] },
    handlers: {
      say: async (request) => {
        await answer.promise;
        seen.push("answered");
        return request;
      },
    },
  });
  const inFlight = pair.stub.say(echo(""));
  await systemClock.sleep(50, { keepAlive: true });
  const stopping = pair.server.stop().then(() => seen.push("stopped"));
  await systemClock.sleep(50, { keepAlive: true });
  const port = Number(pair.server.address.split(":").at(-1));
  await assertRejects(() => Deno.connect({ hostname: "127.0.0.1", port }));
  answer.resolve();
  await Promise.all([inFlight, stopping]);
  assertEquals(seen.slice(1), ["a has nothing", "answered", "stopped"]);
});
