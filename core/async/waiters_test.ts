import { assertEquals, assertRejects } from "@std/assert";
import { Waiters } from "./_waiters.ts";

const E = new Error("E");

/** Counts what listens to a signal. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: unknown[]) => {
    listeners.add(args[1]);
    Reflect.apply(addEventListener, signal, args);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    listeners.delete(args[1]);
    Reflect.apply(removeEventListener, signal, args);
  };
  return { controller, signal, listeners };
}

Deno.test("Waiters.resolveFirst() serves in the order of coming, and says when nobody waits", async () => {
  const waiters = new Waiters<string>();
  const { signal, listeners } = counted();
  const answers = [waiters.wait(), waiters.wait(signal), waiters.wait()];
  assertEquals([waiters.size, listeners.size], [3, 1]);
  const served = ["a", "b", "c", "d"].map((value) => waiters.resolveFirst(value));
  assertEquals(served, [true, true, true, false]);
  assertEquals(await Promise.all(answers), ["a", "b", "c"]);
  assertEquals([waiters.size, listeners.size], [0, 0]);
});

Deno.test("Waiters.wait() lets one in the middle give up, and passes it over", async () => {
  const waiters = new Waiters<number>();
  const { controller, signal, listeners } = counted();
  const [first, second, third] = [waiters.wait(), waiters.wait(signal), waiters.wait()];
  controller.abort(E);
  assertEquals([await second.catch((thrown) => thrown), waiters.size], [E, 2]);
  assertEquals([1, 2, 3].map((value) => waiters.resolveFirst(value)), [true, true, false]);
  assertEquals([await first, await third], [1, 2]);
  listeners.clear(); // `once` took it away, which is not counted.
  await assertRejects(() => waiters.wait(signal), Error, "E");
  assertEquals([waiters.size, listeners.size], [0, 0]);
});

Deno.test("Waiters.resolveAll() serves those who wait now, and not whoever comes because of it", async () => {
  const waiters = new Waiters<number>();
  const { signal, listeners } = counted();
  const again = waiters.wait(signal).then(() => waiters.wait());
  const other = waiters.wait();
  assertEquals(waiters.resolveAll(1), 2);
  assertEquals([await other, listeners.size, waiters.resolveAll(2)], [1, 0, 1]);
  assertEquals([await again, waiters.resolveAll(3)], [2, 0]);
});

Deno.test("Waiters.rejectAll() turns everyone away and leaves no listener", async () => {
  const waiters = new Waiters<number>();
  const { controller, signal, listeners } = counted();
  const outcomes = [waiters.wait(), waiters.wait(signal)].map((it) => it.catch((thrown) => thrown));
  waiters.rejectAll(E);
  assertEquals(await Promise.all(outcomes), [E, E]);
  assertEquals([waiters.size, listeners.size, waiters.resolveFirst(1)], [0, 0, false]);
  controller.abort(); // Of no consequence any more.
});
