import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { echo } from "../testing/echo_service.ts";
import { openInstances } from "../testing/instances.ts";
import type { ClientInterceptor } from "./handler.ts";
import { RpcClient } from "./rpc_client.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

Deno.test("RpcClient gives calls to all instances", async () => {
  await using it = await openInstances({ a: (r) => r, b: (r) => r, c: (r) => r });
  for (let i = 0; i < 30; i++) await it.stub.say(echo(""));
  assertEquals(it.counts, { a: 10, b: 10, c: 10 });
});

Deno.test("RpcClient keeps calls with one key at one instance", async () => {
  await using it = await openInstances({ a: (r) => r, b: (r) => r, c: (r) => r }, {}, {
    BalancerName: "consistent_hash",
  });
  for (let i = 0; i < 20; i++) await it.stub.say(echo(""), { hashKey: "user-7" });
  assertEquals(Object.values(it.counts).sort((a, b) => a - b), [0, 0, 20]);
  const error = await assertRejects(() => it.stub.say(echo("")), ServiceError);
  assertEquals(error.code, "invalid_argument");
});

Deno.test("interceptors of RpcClient run in order, and may answer themselves", async () => {
  const seen: string[] = [];
  const noted = (name: string): ClientInterceptor => ({
    unary: (next) => async (request, call) => {
      seen.push(`${name} in`);
      const answer = await next(request, call);
      seen.push(`${name} out`);
      return answer;
    },
  });
  await using it = await openInstances({ a: (r) => r }, { interceptors: [noted("first")] });
  it.client.use(noted("second"));
  await it.stub.say(echo(""));
  assertEquals(seen, ["first in", "second in", "second out", "first out"]);
  it.client.use({ unary: () => () => Promise.resolve(echo("mine")) });
  assertEquals((await it.stub.say(echo(""))).text, "mine");
  assertEquals(it.counts.a, 1);
});

Deno.test("RpcClient sends its credentials and the metadata of the call", async () => {
  const seen: (string | undefined)[] = [];
  await using it = await openInstances(
    {
      a: (request, call) => {
        seen.push(...["app", "token", "x-mine"].map((name) => call.header(name)));
        return request;
      },
    },
    {},
    { App: "shop", Token: "s3cret" },
  );
  await it.stub.say(echo(""), { metadata: { "x-mine": "1" } });
  assertEquals(seen, ["shop", "s3cret", "1"]);
});

Deno.test("RpcClient logs calls that fail, and those that are slow", async () => {
  await using it = await openInstances({
    a: (request) =>
      request.text === "slow"
        ? sleep(30).then(() => request)
        : Promise.reject(new ServiceError("aborted", "no")),
  }, { slowMs: 10 });
  await it.stub.say(echo("slow", 1));
  await assertRejects(() => it.stub.say(echo("bad", 2)));
  await sleep(1);
  assertEquals(it.log.contents("error").map(String), [
    'fail - direct:/test:1/zeno.testing.EchoService/Say - {"text":"bad","number":2} - no',
  ]);
  const [slow] = it.log.contents("slow").map(String);
  assertEquals(
    slow,
    '[RPC] ok - slowcall - direct:/test:1/zeno.testing.EchoService/Say - {"text":"slow","number":1} - {"text":"slow","number":1}',
  );
});

Deno.test("RpcClient takes no calls once it is closed", async () => {
  await using it = await openInstances({ a: (r) => r });
  await it.client[Symbol.asyncDispose]();
  const error = await assertRejects(() => it.stub.say(echo("")), ServiceError);
  assertEquals(error.code, "canceled");
});

Deno.test({
  name: "RpcClient.connect() waits for an instance where it is told to",
  // A connection that fails waits before it finds that nobody wants it.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const config = { Target: "127.0.0.1:1", NonBlock: true };
    await using client = await RpcClient.connect(config, { log: new MemoryLog() });
    const text = "make sure that the service is started";
    await assertRejects(() => client.ready(50), ServiceError, text);
  },
});
