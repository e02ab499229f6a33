import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
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
