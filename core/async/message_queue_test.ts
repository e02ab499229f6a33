import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { noopLogger } from "../log/logger.ts";
import { NoAvailablePusherError } from "./errors.ts";
import { MessageQueue, type MessageQueueOptions } from "./message_queue.ts";
import { BalancedPusher, MultiPusher, type Pusher } from "./pusher.ts";

const E = new Error("E");

/** A queue of `count` messages that stops after the last. */
function counting(count: number, options: Partial<MessageQueueOptions<number, string>> = {}) {
  let produced = 0;
  const queue: MessageQueue<number, string> = new MessageQueue({
    createProducer: () => ({
      produce() {
        if (produced + 1 >= count) queue.stop();
        return produced++;
      },
    }),
    createConsumer: () => ({ consume() {} }),
    producers: 1,
    logger: noopLogger,
    ...options,
  });
  return queue;
}

for (const outcome of ["succeeds", "rejects", "throws"]) {
  Deno.test(`MessageQueue loses none of 100 messages when consuming ${outcome}`, async () => {
    const logger = new MemoryLog();
    const seen: number[] = [];
    const durations: number[] = [];
    const consume = (message: number) => {
      seen.push(message);
      if (outcome === "throws") throw E;
      return outcome === "rejects" ? Promise.reject(E) : Promise.resolve();
    };
    const createConsumer = () => ({ consume });
    const onConsumed = (ms: number) => durations.push(ms);
    await counting(100, { createConsumer, consumers: 4, logger, onConsumed, name: "mail" }).start();
    assertEquals(seen.sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i));
    assertEquals(durations.length, 100);
    const failures = outcome === "succeeds"
      ? []
      : Array(100).fill("Cannot finish consumer of mail: E");
    assertEquals(logger.contents("error"), failures);
  });
}

Deno.test("MessageQueue.broadcast() gives each of four consumers the event once", async () => {
  const clock = new FakeClock();
  const seen: string[] = [];
  let consumers = 0;
  const queue = new MessageQueue<number, string>({
    createProducer: () => ({
      async produce(signal) {
        await clock.sleep(10, { signal }).catch(() => {});
        return 1;
      },
    }),
    createConsumer() {
      const id = ++consumers;
      return { consume() {}, onEvent: (event) => seen.push(event + id) };
    },
    consumers: 4,
    clock,
  });
  const running = queue.start();
  await clock.advance(25);
  queue.broadcast("reload ");
  await clock.advance(1);
  assertEquals(seen.toSorted(), ["reload 1", "reload 2", "reload 3", "reload 4"]);
  await queue[Symbol.asyncDispose]();
  await running;
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("MessageQueue calls a factory again that failed, until it works or the queue stops", async () => {
  const clock = new FakeClock();
  const logger = new MemoryLog();
  let attempts = 0;
  const queue = counting(1, {
    clock,
    logger,
    consumers: 1,
    createConsumer() {
      if (++attempts < 3) throw E;
      return { consume() {} };
    },
  });
  const running = queue.start();
  await clock.advance(1_999);
  assertEquals(attempts, 2);
  await clock.advance(1); // It has stopped already, but the message must not be lost.
  await running;
  assertEquals(attempts, 3);
  assertEquals(logger.contents("error").length, 2);

  const hopeless = counting(1, { clock, createProducer: () => Promise.reject(E) });
  const started = hopeless.start();
  await clock.advance(5_000);
  hopeless.stop();
  await started;
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("MessageQueue asks again a producer that has nothing or throws", async () => {
  const clock = new FakeClock();
  const left: (number | undefined | Error)[] = [undefined, E, 7];
  const seen: number[] = [];
  const queue: MessageQueue<number> = new MessageQueue<number>({
    createProducer: () => ({
      produce() {
        const next = left.shift();
        if (left.length === 0) queue.stop();
        if (next instanceof Error) throw next;
        return next;
      },
    }),
    createConsumer: () => ({ consume: (message) => seen.push(message) }),
    producers: 1,
    clock,
    logger: noopLogger,
  });
  const running = queue.start();
  await clock.advance(1);
  await running;
  assertEquals(seen, [7]);
});

Deno.test("MessageQueue starts once, and not after it was stopped", async () => {
  let made = 0;
  const queue = counting(1, { createProducer: () => (made++, { produce: () => undefined }) });
  queue.stop();
  await Promise.all([queue.start(), queue.start()]);
  assertEquals(made, 0);
});

for (const options of [{ producers: 0 }, { consumers: 0 }, { consumers: 1.5 }]) {
  Deno.test(`MessageQueue refuses ${Object.entries(options)}`, () => {
    assertThrows(() => counting(1, options), RangeError, "Cannot make message queue");
  });
}

function pushers(outcomes: readonly boolean[]) {
  const names = ["first", "second", "third"];
  const seen: string[] = [];
  const list: Pusher<string>[] = outcomes.map((works, index) => ({
    name: names[index]!,
    push(message) {
      if (!works) throw new Error(names[index]);
      seen.push(names[index]! + message);
    },
  }));
  return { list, seen };
}

Deno.test("BalancedPusher takes its pushers in turn, from the second on", async () => {
  const { list, seen } = pushers([true, true, true]);
  const pusher = new BalancedPusher(list);
  for (const message of ["1", "2", "3", "4"]) await pusher.push(message);
  assertEquals(seen, ["second1", "third2", "first3", "second4"]);
  assertEquals(pusher.name, "first,second,third");
});

Deno.test("BalancedPusher tries the next when one fails", async () => {
  const { list, seen } = pushers([true, false, false]);
  await new BalancedPusher(list, { logger: noopLogger }).push("1");
  assertEquals(seen, ["first1"]);
});

for (const outcomes of [[], [false, false, false]]) {
  Deno.test(`BalancedPusher throws when none of ${outcomes.length} takes the message`, async () => {
    const pusher = new BalancedPusher(pushers(outcomes).list, { logger: noopLogger });
    const error = await assertRejects(() => pusher.push("1"), NoAvailablePusherError);
    assertEquals((error.cause as AggregateError).errors.length, outcomes.length);
    assertEquals(error.code, "unavailable");
  });
}

Deno.test("BalancedPusher and MultiPusher of none have an empty name", async () => {
  assertEquals([new BalancedPusher([]).name, new MultiPusher([]).name], ["", ""]);
  await new MultiPusher([]).push("1");
});

Deno.test("MultiPusher pushes to all and combines what fails", async () => {
  const { list, seen } = pushers([false, true, false]);
  const pusher = new MultiPusher(list);
  const error = await assertRejects(() => pusher.push("1"), AggregateError);
  assertEquals([error.message, seen], ["first\nthird", ["second1"]]);
  assertEquals(pusher.name, "first,second,third");
});
