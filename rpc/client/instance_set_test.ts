import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import type { Resolver } from "../resolver/resolver.ts";
import { echo } from "../testing/echo_service.ts";
import { type FakeConnection, FakeTransport } from "../testing/fake_transport.ts";
import { openFake } from "../testing/open_fake.ts";
import { openInstances } from "../testing/instances.ts";
import { TestResolver } from "../testing/test_resolver.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

Deno.test("RpcClient loses no call while all its instances are replaced", async () => {
  await using it = await openInstances({ a0: (r) => sleep(2).then(() => r) });
  let failed = 0, made = 0, going = true;
  const callers = Array.from({ length: 8 }, async () => {
    while (going) {
      made++;
      await it.stub.say(echo("")).catch(() => failed++);
    }
  });
  for (let round = 1; round <= 20; round++) {
    const listener = await it.listen(`a${round}`, (r) => sleep(2).then(() => r));
    void listener;
    it.resolver.update(`a${round}`);
    await sleep(5);
  }
  going = false;
  await Promise.all(callers);
  assert(made > 100);
  assertEquals(failed, 0);
});

Deno.test("RpcClient keeps its instances when the registry says that there are none", async () => {
  await using it = await openInstances({ a: (r) => r });
  await it.stub.say(echo(""));
  it.resolver.update();
  assertEquals((await it.stub.say(echo("x"))).text, "x");
});

Deno.test("RpcClient waits for the first list of instances, but not beyond the deadline", async () => {
  const later = Promise.withResolvers<readonly string[]>();
  const resolver = { ...new TestResolver([]), resolve: () => later.promise };
  const slow: Resolver = {
    resolve: resolver.resolve,
    subscribe: () => ({ [Symbol.dispose]() {} }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using it = await openInstances({ a: (r) => r }, { resolver: slow });
  await assertRejects(() => it.stub.say(echo(""), { timeoutMs: 30 }), DeadlineExceededError);
  const answer = it.stub.say(echo("x"), { timeoutMs: 5_000 });
  later.resolve(["a"]);
  assertEquals((await answer).text, "x");
});

/** A transport that takes no address that begins with a question mark. */
class PickyTransport extends FakeTransport {
  opened = 0;
  override open(address: string): FakeConnection {
    this.opened++;
    if (address.startsWith("?")) throw new TypeError(`Cannot use target "${address}"`);
    return super.open(address);
  }
}

Deno.test("RpcClient passes over an address that cannot be used, and says so once", async () => {
  const log = new MemoryLog();
  const transport = new PickyTransport();
  await using it = await openFake(["?", "a"], undefined, { transport, log });
  transport.to("a").enter("ready");
  assertEquals((await it.stub.say(echo("x"))).text, "x");
  it.resolver.update("?", "a", "b");
  transport.to("b").enter("ready");
  assertEquals((await it.stub.say(echo("y"))).text, "y");
  it.resolver.update("?"); // Nothing that could be used: what there was stays.
  assertEquals((await it.stub.say(echo("z"))).text, "z");
  assertEquals(log.contents("error"), ['Cannot use address "?" of the service']);
});

Deno.test("RpcClient says why none of the addresses can be used", async () => {
  await using it = await openFake(["?"], undefined, { transport: new PickyTransport() });
  await assertRejects(() => it.stub.say(echo("")), TypeError, 'Cannot use target "?"');
});

Deno.test("RpcClient opens one connection to an address that is listed twice", async () => {
  const transport = new PickyTransport();
  await using _it = await openFake(["a", "a"], undefined, { transport });
  assertEquals(transport.opened, 1);
});
