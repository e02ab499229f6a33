import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { BreakerGroup, breakerKey } from "./breaker_group.ts";
import { noopBreaker } from "./noop_breaker.ts";

const down = () => Promise.reject(new Error("down"));

Deno.test("BreakerGroup gives the same breaker for a name, and another for another", () => {
  const breakers = new BreakerGroup();
  const breaker = breakers.get(breakerKey("a:1", "Get"));
  assertStrictEquals(breakers.get("a:1 Get"), breaker);
  assertNotStrictEquals(breakers.get("b:1 Get"), breaker);
  assertEquals([...breakers].map(({ name }) => name), ["a:1 Get", "b:1 Get"]);
});

Deno.test("BreakerGroup passes its options on, and keeps names apart", async () => {
  const breakers = new BreakerGroup({ protection: 0, random: () => 0, clock: new FakeClock() });
  await breakers.run("bad", down).catch(() => {});
  assertEquals(await breakers.run("bad", () => 1, { fallback: () => 2 }), 2);
  assertEquals(await breakers.run("good", () => 1), 1);
});

Deno.test("BreakerGroup drops breakers that have been idle, and keeps those in use", async () => {
  const clock = new FakeClock();
  const breakers = new BreakerGroup({ clock });
  const used = breakers.get("used");
  for (let i = 0; i < 1000; i++) {
    breakers.get(`name ${i}`);
    await used.run(() => i);
    clock.elapse(1000);
  }
  assertStrictEquals(breakers.get("used"), used);
  assert(breakers.size < 30, `${breakers.size} kept`);
});

Deno.test("BreakerGroup holds its bound when all are busy", () => {
  const breakers = new BreakerGroup({ maxBreakers: 10, clock: new FakeClock() });
  for (let i = 0; i < 1000; i++) {
    breakers.get(`name ${i}`).allow().accept();
    assert(breakers.size <= 10);
  }
});

Deno.test("BreakerGroup.disable() gives out a breaker that refuses nothing", async () => {
  const breakers = new BreakerGroup();
  breakers.get("x");
  breakers.disable("x");
  assertStrictEquals(breakers.get("x"), noopBreaker);
  for (let i = 0; i < 100; i++) await breakers.run("x", down).catch(() => {});
  assertEquals(await breakers.run("x", () => 1), 1);
});

Deno.test("noopBreaker runs every call, even with an aborted signal, and ignores all options", async () => {
  const answer = await noopBreaker.run(() => 1, {
    signal: AbortSignal.abort(),
    fallback: () => 2,
    isFailedResult: () => true,
  });
  assertEquals(answer, 1);
  {
    using token = noopBreaker.allow({ signal: AbortSignal.abort() });
    token.reject("no");
    token.accept();
  }
  const { name, state, total } = noopBreaker.explain();
  assertEquals([name, state, total], ["nopBreaker", "closed", 0]);
  const thrown = await noopBreaker.run(() => {
    throw new Error("sync");
  }).catch((error: Error) => error.message);
  assertEquals(thrown, "sync");
});

for (const maxBreakers of [0, 1.5, NaN, -1]) {
  Deno.test(`BreakerGroup refuses maxBreakers ${maxBreakers}`, () => {
    assertThrows(
      () => new BreakerGroup({ maxBreakers }),
      RangeError,
      `Cannot make breaker group: need an integer maxBreakers >= 1, got ${maxBreakers}`,
    );
  });
}

Deno.test("BreakerGroup refuses wrong options of its breakers at once", () => {
  assertThrows(() => new BreakerGroup({ k: 0 }), RangeError, "need a finite k > 1, got 0");
});
