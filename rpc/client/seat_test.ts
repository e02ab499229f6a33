import { assert, assertEquals, assertRejects } from "@std/assert";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { ServiceError } from "../../core/errors.ts";
import type { FakeClock } from "../../core/testing/fake_clock.ts";
import { seededRandom } from "../../core/testing/seeded_random.ts";
import { echo } from "../testing/echo_service.ts";
import type { FakeAnswer } from "../testing/fake_transport.ts";
import { openInstances } from "../testing/instances.ts";
import { openFake } from "../testing/open_fake.ts";
import type { RpcClientConfInput } from "./config.ts";

Deno.test("RpcClient opens the breaker of a bad instance, and not that of a good one", async () => {
  await using it = await openInstances({
    bad: () => Promise.reject(new ServiceError("internal", "broken")),
    good: (r) => r,
  });
  let failed = 0;
  for (let i = 0; i < 1_000; i++) await it.stub.say(echo("")).catch(() => failed++);
  // Without it half of all would fail.
  assert(failed < 60, `${failed} of 1000 failed`);
  const states = it.client.explain().map(({ name, state }) => `${name} ${state}`);
  assert(
    states.some((text) => text.startsWith("bad /zeno.testing.EchoService/Say open")),
    states.join(),
  );
  assert(
    states.some((text) => text.startsWith("good /zeno.testing.EchoService/Say closed")),
    states.join(),
  );
});

Deno.test("RpcClient fails at once when all breakers are open", async () => {
  await using it = await openInstances({
    a: () => Promise.reject(new ServiceError("internal", "broken")),
  });
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const error = await assertRejects(() => it.stub.say(echo("")), ServiceError);
    if (error.code === "unavailable") refused++;
  }
  assert(refused > 200, `${refused} of 300 refused`);
  assert(it.counts.a! < 100, `${it.counts.a} calls`);
});

/** A client of instances that are connected, and what makes them do badly. */
async function openConnected(addresses: readonly string[], config: RpcClientConfInput = {}) {
  const down = { now: false };
  const it = await openFake(
    addresses,
    (request) => {
      if (down.now) return Promise.reject(new ServiceError("unavailable", "down"));
      return Promise.resolve(request);
    },
    {},
    config,
  );
  for (const address of addresses) it.transport.to(address).enter("ready");
  const calls = () => addresses.map((address) => it.transport.to(address).calls);
  return { ...it, down, calls };
}

Deno.test("instances that are down are asked once a second each, whatever the method", async () => {
  const addresses = ["a", "b", "c"];
  await using it = await openConnected(addresses);
  for (let i = 0; i < 600; i++) await it.stub.say(echo(""));
  it.down.now = true;
  const run = async (ms: number) => {
    for (let i = 0; i < ms; i += 2) {
      await it.stub.say(echo("")).catch(() => {});
      await it.stub.look(echo("")).catch(() => {});
      await it.clock.advance(2);
    }
  };
  await run(2_000);
  const before = it.calls();
  await run(10_000);
  for (const [i, calls] of it.calls().entries()) {
    const made = calls - before[i]!;
    assert(made >= 5 && made <= 10, `${addresses[i]} got ${made} calls in 10 s`);
  }
  it.down.now = false;
  await run(3_000);
  let failed = 0;
  for (let i = 0; i < 100; i++) await it.stub.say(echo("")).catch(() => failed++);
  assertEquals(failed, 0);
});

Deno.test("a call says when to come again if all instances have to rest", async () => {
  await using it = await openConnected(["a"]);
  it.down.now = true;
  for (let i = 0; i < 8; i++) {
    await it.stub.say(echo("")).catch(() => {});
    await it.clock.advance(200);
  }
  const error = await assertRejects(() => it.stub.say(echo("")), CircuitOpenError);
  assert(error.retryAfterMs! > 0 && error.retryAfterMs! <= 1_000, `${error.retryAfterMs}`);
});

Deno.test("an instance that is connected anew is called at once", async () => {
  await using it = await openConnected(["a"], { Middlewares: { Breaker: true } });
  it.down.now = true;
  for (let i = 0; i < 5; i++) {
    await it.stub.say(echo("")).catch(() => {});
    await it.clock.advance(300);
  }
  await assertRejects(() => it.stub.say(echo("")), ServiceError);
  await assertRejects(() => it.stub.say(echo("")), CircuitOpenError);
  it.down.now = false;
  it.transport.to("a").enter("connecting");
  it.transport.to("a").enter("ready");
  await it.stub.say(echo(""));
});

Deno.test("nobody has to rest where the layer is off", async () => {
  await using it = await openConnected(["a"], { Middlewares: { Breaker: false } });
  it.down.now = true;
  for (let i = 0; i < 100; i++) {
    await assertRejects(() => it.stub.say(echo("")), ServiceError, "down");
    await it.clock.advance(100);
  }
  assertEquals(it.calls(), [100]);
});

Deno.test("an instance that hangs gets few calls, though others answer them before its time is up", async () => {
  const addresses = ["bad", "b", "c", "d", "e"];
  const { promise: given, resolve: give } = Promise.withResolvers<FakeClock>();
  const answer: FakeAnswer = async (request, { signal }, address) => {
    await (await given).sleep(address === "bad" ? 60_000 : 40, { signal });
    return request;
  };
  const options = { hedge: { delayMs: 60 }, random: seededRandom(3) };
  await using it = await openFake(addresses, answer, options, { BalancerName: "" });
  give(it.clock);
  for (const address of addresses) it.transport.to(address).enter("ready");
  let failed = 0;
  const run = async (calls: number) => {
    for (let i = 0; i < calls; i++) {
      it.stub.look(echo("")).catch(() => failed++);
      await it.clock.advance(5);
    }
    return it.transport.to("bad").calls;
  };
  const before = await run(1_000);
  failed = 0;
  const share = (await run(10_000) - before) / 10_000;
  assert(share < 0.02, `share ${share}, ${before} calls before, ${failed} failed`);
});
