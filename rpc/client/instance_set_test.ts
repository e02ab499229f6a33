import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import type { Resolver } from "../resolver/resolver.ts";
import { echo } from "../testing/echo_service.ts";
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
