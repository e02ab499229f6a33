import { assertEquals, assertRejects } from "@std/assert";
import { DeadlineWheel } from "./deadline_wheel.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { mapReduce } from "./map_reduce.ts";

Deno.test("mapReduce() tells the reducer through its signal that a mapper cancelled", async () => {
  const E = new Error("E");
  let signal: AbortSignal | undefined;
  await assertRejects(
    () =>
      mapReduce<number, number, number>([1, 2], {
        map: (item, { cancel }) => item === 2 ? cancel(E) : undefined,
        reduce(_items, context) {
          signal = context.signal;
          return new Promise(() => {});
        },
      }),
    Error,
    "E",
  );
  assertEquals([signal?.aborted, signal?.reason], [true, E]);
});

Deno.test("DeadlineWheel forgets a deadline that is disposed, and refuses one without an end", async () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel({ clock, tickMs: 1 });
  let fired = 0;
  {
    using _ = wheel.schedule(5, () => fired++);
    assertEquals(wheel.size, 1);
  }
  assertEquals(wheel.size, 0);
  await clock.advance(10);
  assertEquals([fired, clock.pendingTimers], [0, 0]);
  for (const atMs of [NaN, Infinity]) {
    let thrown: unknown;
    try {
      wheel.scheduleAt(atMs, () => fired++);
    } catch (error) {
      thrown = error;
    }
    assertEquals(
      (thrown as Error)?.message,
      `Cannot schedule deadline: need a finite atMs, got ${atMs}`,
    );
  }
});
