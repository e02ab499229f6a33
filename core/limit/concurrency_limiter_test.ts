import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ServiceError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { type AdaptiveLimit, type CallSample, ConcurrencyLimiter } from "./concurrency_limiter.ts";
import { ConcurrencyLimitError } from "./errors.ts";

class Recorder implements AdaptiveLimit {
  limit = 2;
  readonly samples: CallSample[] = [];

  observe(sample: CallSample): void {
    this.samples.push(sample);
  }
}

for (const limit of [0, -1, 1.5, NaN]) {
  Deno.test(`ConcurrencyLimiter refuses limit ${limit}`, () => {
    assertThrows(() => new ConcurrencyLimiter(limit), RangeError, `limit >= 1, got ${limit}`);
  });
}

Deno.test("ConcurrencyLimiter.tryAcquire() refuses one call too many", () => {
  const limiter = new ConcurrencyLimiter(2);
  const first = limiter.tryAcquire();
  assert(first && limiter.tryAcquire());
  assertEquals([limiter.tryAcquire(), limiter.inFlight], [undefined, 2]);
  first.end("success");
  first.end("success");
  first[Symbol.dispose]();
  assertEquals([limiter.inFlight, limiter.limit], [1, 2]);
});

Deno.test("ConcurrencyLimiter.run() says how each call went", async () => {
  const clock = new FakeClock();
  const limit = new Recorder();
  const limiter = new ConcurrencyLimiter(limit, { clock });
  const fail = (error: unknown) => limiter.run(() => Promise.reject(error)).catch(() => {});
  await limiter.run(() => clock.elapse(30));
  await fail(new ServiceError("unavailable", "Cannot call: down"));
  await fail(new DOMException("late", "TimeoutError"));
  await fail(new DOMException("gone", "AbortError"));
  await fail(new ServiceError("not_found", "Cannot find user: no id 7"));
  await assertRejects(() =>
    limiter.run(() => {
      throw new TypeError("sync");
    }), TypeError);
  using _slot = limiter.tryAcquire();
  assertEquals(limit.samples.map(({ outcome }) => outcome), [
    "success",
    "overload",
    "overload",
    "ignore",
    "ignore",
    "ignore",
  ]);
  const first = { startedAtMs: 0, endedAtMs: 30, inFlight: 1, outcome: "success" } as const;
  assertEquals([limit.samples[0], limiter.inFlight], [first, 1]);
});

Deno.test("ConcurrencyLimiter follows an adaptive limit, up and down", async () => {
  const limit = new Recorder();
  const limiter = new ConcurrencyLimiter(limit);
  const slots = [limiter.tryAcquire()!, limiter.tryAcquire()!];
  limit.limit = 1;
  slots[0]!.end("success");
  const error = await assertRejects(() => limiter.run(() => 1), ConcurrencyLimitError, "1 are in");
  assertEquals([error.code, error.httpStatus], ["resource_exhausted", 503]);
  slots[1]!.end("success");
  assertEquals(await limiter.run(() => 1), 1);
});
