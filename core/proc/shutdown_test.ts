import { assert, assertEquals, assertThrows } from "@std/assert";
import { systemClock } from "../clock.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { Shutdown, type ShutdownOptions } from "./shutdown.ts";

function setUp(options: ShutdownOptions = {}) {
  const clock = new FakeClock();
  const log = new MemoryLog({ clock });
  const exits: { code: number; at: number }[] = [];
  const shutdown = new Shutdown({
    clock,
    logger: log,
    exit: (code) => void exits.push({ code, at: clock.now() }),
    ...options,
  });
  return { clock, log, exits, shutdown };
}

Deno.test("Shutdown.run() runs wrap-up at once and shutdown a second later, each listener once", async () => {
  const { clock, shutdown, exits } = setUp();
  let sum = 0;
  shutdown.onWrapUp(() => void (sum += 1));
  shutdown.onShutdown(() => void (sum += 2));
  const runs = [shutdown.run(), shutdown.run()];
  await clock.advance(999);
  assertEquals(sum, 1);
  await clock.advance(1);
  assertEquals(sum, 3);
  await Promise.all(runs);
  await shutdown.run();
  await clock.advance(60_000);
  assertEquals([sum, exits.length, clock.pendingTimers], [3, 0, 0]);
});

Deno.test("Shutdown.run() runs all listeners of a phase", async () => {
  const { clock, shutdown } = setUp({ wrapUpMs: 0 });
  let sum = 0;
  shutdown.onShutdown(() => void (sum += 1));
  shutdown.onShutdown(() => void (sum += 2));
  const running = shutdown.run();
  await clock.advance(0);
  await running;
  assertEquals(sum, 3);
});

Deno.test("Shutdown.run() launches listeners in reverse order and does not wait for one another", async () => {
  const { clock, shutdown } = setUp({ wrapUpMs: 0 });
  const seen: string[] = [];
  for (const name of ["database", "cache", "server"]) {
    shutdown.onShutdown(async () => {
      seen.push(`${name} closing`);
      await clock.sleep(100);
      seen.push(`${name} closed`);
    });
  }
  const running = shutdown.run();
  await clock.advance(100);
  await running;
  assertEquals(seen.slice(0, 3), ["server closing", "cache closing", "database closing"]);
  assertEquals(clock.now(), 100);
});

Deno.test("Shutdown.run() resolves when all listeners have finished, wrap-up ones included", async () => {
  const { clock, shutdown, exits } = setUp();
  shutdown.onWrapUp(() => clock.sleep(3000));
  shutdown.onShutdown(() => clock.sleep(500));
  let done = false;
  shutdown.run().then(() => done = true);
  await clock.advance(2999);
  assertEquals(done, false);
  await clock.advance(1);
  assertEquals([done, exits, clock.pendingTimers], [true, [], 0]);
});

Deno.test("Shutdown.signal is aborted before the first listener runs", async () => {
  const { clock, shutdown } = setUp({ wrapUpMs: 0 });
  assertEquals(shutdown.signal.aborted, false);
  let aborted: boolean | undefined;
  shutdown.onWrapUp(() => void (aborted = shutdown.signal.aborted));
  const running = shutdown.run("Got signal SIGTERM, shutting down...");
  assertEquals(aborted, true);
  assertEquals(shutdown.signal.reason.name, "AbortError");
  await clock.advance(0);
  await running;
});

Deno.test("Shutdown.run() ends the process by force when time is up", async () => {
  const { clock, log, shutdown, exits } = setUp();
  let reason: unknown;
  shutdown.onShutdown((signal) => {
    signal.addEventListener("abort", () => reason = signal.reason);
    return new Promise(() => {});
  });
  const running = shutdown.run();
  await clock.advance(5499);
  assertEquals([exits, reason], [[], undefined]);
  await clock.advance(1);
  assertEquals(exits, [{ code: 1, at: 5500 }]);
  assert(reason instanceof DOMException && reason.name === "TimeoutError");
  const last = String(log.contents("fatal")[0]).split("\n")[0];
  assertEquals(last, "Still alive after 5.5s, going to force kill the process...");
  await running; // Whoever replaced `exit` is not left waiting for ever.
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("Shutdown.run() logs what listeners throw and runs the others", async () => {
  const { clock, log, shutdown } = setUp({ wrapUpMs: 10 });
  const seen: string[] = [];
  shutdown.onWrapUp(() => {
    throw new Error("sync");
  });
  shutdown.onWrapUp(() => void seen.push("wrap-up"));
  shutdown.onShutdown(() => Promise.reject("async"));
  shutdown.onShutdown(() => void seen.push("shutdown"));
  const running = shutdown.run("stopping");
  await clock.advance(10);
  await running;
  assertEquals(seen, ["wrap-up", "shutdown"]);
  assertEquals(log.contents(), [
    "stopping",
    "Cannot finish wrap-up listener: sync",
    "Cannot finish shutdown listener: async",
  ]);
});

Deno.test("Shutdown.onShutdown() answers how to take the listener away", async () => {
  const { clock, shutdown } = setUp({ wrapUpMs: 0 });
  const seen: string[] = [];
  const fn = () => void seen.push("x");
  const removeFirst = shutdown.onShutdown(fn);
  shutdown.onShutdown(fn); // The same function twice is two listeners.
  removeFirst();
  removeFirst();
  shutdown.onWrapUp(() => void seen.push("never"))();
  const running = shutdown.run();
  await clock.advance(0);
  await running;
  assertEquals(seen, ["x"]);
});

Deno.test("Shutdown.onShutdown() is still heard during wrap-up, and no more after its phase", async () => {
  const { clock, shutdown } = setUp();
  const seen: string[] = [];
  shutdown.onWrapUp(() => void shutdown.onShutdown(() => void seen.push("in time")));
  shutdown.onShutdown(() => void shutdown.onShutdown(() => void seen.push("too late")));
  const running = shutdown.run();
  await clock.advance(1000);
  await running;
  assertEquals(seen, ["in time"]);
});

Deno.test("Shutdown.run() does not wrap up longer than it may live", async () => {
  const { clock, shutdown, exits } = setUp({ wrapUpMs: 5000, waitMs: 100 });
  shutdown.onShutdown(() => {});
  const running = shutdown.run();
  await clock.advance(100);
  await running;
  assertEquals(exits, [{ code: 1, at: 100 }]);
});

for (const options of [{ wrapUpMs: -1 }, { waitMs: NaN }]) {
  Deno.test(`new Shutdown() refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => new Shutdown(options), RangeError, "Cannot set up shutdown");
  });
}

Deno.test({
  name: "Shutdown.listen() runs once for a signal, and ends by force what outlives its listeners",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const { clock, log, shutdown, exits } = setUp({ wrapUpMs: 0 });
    // A signal that does nothing by default, so a stray one could not end the test run.
    const arrived = Promise.withResolvers<void>();
    shutdown.onShutdown(() => arrived.resolve());
    using _alive = systemClock.setTimer(() => {}, 60_000, { keepAlive: true });
    const listening = shutdown.listen(["SIGURG"]);
    Deno.kill(Deno.pid, "SIGURG");
    while (!shutdown.signal.aborted) await systemClock.sleep(1, { keepAlive: true });
    await clock.advance(0);
    await arrived.promise;
    await clock.advance(5499);
    assertEquals(exits, []);
    await clock.advance(1);
    assertEquals(exits, [{ code: 1, at: 5500 }]);
    assertEquals(log.contents("info"), ["Got signal SIGURG, shutting down..."]);
    listening[Symbol.dispose]();
  },
});
