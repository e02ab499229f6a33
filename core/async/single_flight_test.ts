import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { type FlightContext, SingleFlight } from "./single_flight.ts";

const never = () => new Promise<number>(() => {});

Deno.test("SingleFlight.do() runs once for concurrent callers of a key", async () => {
  const flights = new SingleFlight<string, number>();
  let calls = 0;
  const { promise, resolve } = Promise.withResolvers<number>();
  const work = () => (calls++, promise);
  const results = Array.from({ length: 10 }, () => flights.doShared("key", work));
  resolve(7);
  const settled = await Promise.all(results);
  assertEquals(calls, 1);
  assertEquals(settled.filter(({ shared }) => !shared).length, 1);
  assertEquals(settled.map(({ value }) => value), Array(10).fill(7));
  assertEquals(flights.size, 0);
});

Deno.test("SingleFlight.do() runs once for each key of e a e a b c b a c d b c d", async () => {
  const clock = new FakeClock();
  const flights = new SingleFlight<string, string>();
  const ran: string[] = [];
  const all = [..."eaeabcbacdbcd"].map((key) =>
    flights.do(key, async () => {
      ran.push(key);
      await clock.sleep(10);
      return key;
    })
  );
  await clock.advance(10);
  assertEquals((await Promise.all(all)).join(""), "eaeabcbacdbcd");
  assertEquals(ran.toSorted(), ["a", "b", "c", "d", "e"]);
});

Deno.test("SingleFlight.do() keeps nothing once the work has settled", async () => {
  const flights = new SingleFlight<string, number>();
  let calls = 0;
  assertEquals(await flights.do("key", () => ++calls), 1);
  assertEquals(await flights.do("key", () => Promise.resolve(++calls)), 2);
});

const failures: Record<string, () => Promise<number>> = {
  "a rejection": () => Promise.reject(new Error("down")),
  "a synchronous throw": () => {
    throw new Error("down");
  },
};
for (const [name, fail] of Object.entries(failures)) {
  Deno.test(`SingleFlight.do() shares ${name} and does not keep it`, async () => {
    const flights = new SingleFlight<string, number>();
    const results = await Promise.allSettled([flights.do("key", fail), flights.do("key", fail)]);
    const reasons = results.map((it) => it.status === "rejected" ? it.reason : undefined);
    assert(reasons[0] instanceof Error);
    assertStrictEquals(reasons[0], reasons[1]);
    assertEquals(await flights.do("key", () => 1), 1);
  });
}

Deno.test("SingleFlight.do() lets a caller give up alone", async () => {
  const flights = new SingleFlight<string, number>();
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<number>();
  let context: FlightContext | undefined;
  const leader = flights.do("key", (it) => (context = it, promise), { signal: controller.signal });
  const follower = flights.do("key", never);
  const signal = context!.signal;
  controller.abort(new Error("enough"));
  await assertRejects(() => leader, Error, "enough");
  assertEquals(signal.aborted, false);
  resolve(3);
  assertEquals(await follower, 3);
});

Deno.test("SingleFlight.do() aborts the work when all callers have gone, and frees the key", async () => {
  const flights = new SingleFlight<string, number>();
  const [first, second] = [new AbortController(), new AbortController()];
  let signal: AbortSignal | undefined;
  const work = (context: FlightContext) => (signal = context.signal, never());
  const callers = [first, second].map(({ signal }) => flights.do("key", work, { signal }));
  first.abort(new Error("first"));
  assertEquals(signal?.aborted, false);
  second.abort(new Error("second"));
  assertEquals([signal?.aborted, signal?.reason.message], [true, "second"]);
  const results = await Promise.allSettled(callers);
  assertEquals(results.map(({ status }) => status), ["rejected", "rejected"]);
  assertEquals(flights.size, 0);
  assertEquals(await flights.do("key", () => 5), 5);
});

Deno.test("SingleFlight.do() gives an aborted signal to work that asks late", async () => {
  const flights = new SingleFlight<string, number>();
  const controller = new AbortController();
  let context: FlightContext | undefined;
  const work = (it: FlightContext) => (context = it, never());
  const caller = flights.do("key", work, { signal: controller.signal });
  controller.abort("gone");
  await caller.catch(() => {});
  assertEquals([context?.signal.aborted, context?.signal.reason], [true, "gone"]);
});

Deno.test("SingleFlight.do() neither runs nor joins for a signal aborted before", async () => {
  const flights = new SingleFlight<string, number>();
  let calls = 0;
  const options = { signal: AbortSignal.abort(new Error("gone")) };
  await assertRejects(() => flights.do("key", () => ++calls, options), Error, "gone");
  assertEquals([calls, flights.size], [0, 0]);
});

Deno.test("SingleFlight.do() ignores work that rejects after everybody has gone", async () => {
  const flights = new SingleFlight<string, number>();
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<number>();
  const caller = flights.do("key", () => promise, { signal: controller.signal });
  controller.abort(new Error("gone"));
  await assertRejects(() => caller, Error, "gone");
  const next = flights.do("key", never);
  reject(new Error("late")); // Unhandled, it would fail the test.
  await Promise.resolve();
  assertEquals(flights.size, 1); // The late end of the old work left the new one alone.
  void next;
});

Deno.test("SingleFlight.do() leaves no listener on a signal that outlives the call", async () => {
  const flights = new SingleFlight<string, number>();
  const signal = new AbortController().signal;
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: unknown[]) => {
    listeners++;
    Reflect.apply(addEventListener, signal, args);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    listeners--;
    Reflect.apply(removeEventListener, signal, args);
  };
  await flights.do("key", () => 1, { signal });
  await flights.do("key", () => Promise.reject(new Error("x")), { signal }).catch(() => {});
  assertEquals(listeners, 0);
});

Deno.test("SingleFlight.do() refuses to wait for itself", async () => {
  const flights = new SingleFlight<string, number>();
  const call = flights.do("key", () => flights.do("key", never));
  await assertRejects(() => call, TypeError, "Cannot join call");
});

Deno.test("SingleFlight.forget() lets the next caller run its own", async () => {
  const flights = new SingleFlight<string, number>();
  const { promise, resolve } = Promise.withResolvers<number>();
  const first = flights.do("key", () => promise);
  flights.forget("key");
  assertEquals(await flights.do("key", () => 2), 2);
  resolve(1);
  assertEquals(await first, 1);
});

Deno.test("SingleFlight finds each of many keys in flight", async () => {
  const flights = new SingleFlight<number, number>();
  const releases: (() => void)[] = [];
  const start = (key: number) =>
    flights.do(key, () => new Promise((resolve) => releases.push(() => resolve(key))));
  const first = Array.from({ length: 2_000 }, (_, key) => start(key));
  const joined = Array.from({ length: 2_000 }, (_, key) => start(key));
  assertEquals([flights.size, releases.length], [2_000, 2_000]);
  for (const release of releases) release();
  assertEquals(await Promise.all(joined), await Promise.all(first));
  assertEquals(flights.size, 0);
});
