import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { BoundedQueue, type BoundedQueueOptions } from "./bounded_queue.ts";
import { BusyError, ClosedError } from "./errors.ts";

const E = new Error("E");

async function filled(options: BoundedQueueOptions<number>): Promise<BoundedQueue<number>> {
  const queue = new BoundedQueue<number>(options);
  for (let i = 1; i <= options.capacity!; i++) await queue.push(i);
  return queue;
}

Deno.test("BoundedQueue.push() waits for room, producers in order", async () => {
  const queue = await filled({ capacity: 2 });
  const seen: number[] = [];
  const pushes = [3, 4].map((item) => queue.push(item).then(() => seen.push(item)));
  await Promise.resolve();
  assertEquals([queue.size, seen], [2, []]);
  assertEquals(await queue.pop(), 1);
  await pushes[0];
  assertEquals([queue.size, seen], [2, [3]]);
  assertEquals([queue.tryPop(), queue.tryPop(), queue.tryPop(), queue.tryPop()], [
    2,
    3,
    4,
    undefined,
  ]);
  await Promise.all(pushes);
});

Deno.test("BoundedQueue of capacity 0 hands over", async () => {
  const queue = new BoundedQueue<string>({ capacity: 0 });
  assertEquals(queue.tryPush("nobody waits"), false);
  let pushed = false;
  const push = queue.push("a").then(() => pushed = true);
  await Promise.resolve();
  assertEquals([pushed, queue.size], [false, 0]);
  assertEquals(await queue.pop(), "a");
  await push;
  const pop = queue.pop();
  assertEquals([queue.tryPush("b"), await pop], [true, "b"]);
});

const policies: {
  overflow: BoundedQueueOptions<number>["overflow"];
  left: number[];
  drop: number;
}[] = [
  { overflow: "drop_newest", left: [1, 2], drop: 3 },
  { overflow: "drop_oldest", left: [2, 3], drop: 1 },
];
for (const { overflow, left, drop } of policies) {
  Deno.test(`BoundedQueue.push() obeys ${overflow}`, async () => {
    const dropped: number[] = [];
    const queue = await filled({ capacity: 2, overflow, onDrop: (item) => dropped.push(item) });
    assertEquals(await queue.push(3), overflow === "drop_oldest");
    queue.close();
    assertEquals([dropped, await Array.fromAsync(queue)], [[drop], left]);
  });
}

Deno.test("BoundedQueue.push() obeys reject, and drop_oldest without capacity", async () => {
  const queue = await filled({ capacity: 1, overflow: "reject" });
  const error = await assertRejects(() => queue.push(2), BusyError, "1 already waiting");
  assertEquals([error.code, error.limit], ["resource_exhausted", 1]);
  const dropped: number[] = [];
  const options = { capacity: 0, overflow: "drop_oldest" as const };
  const none = new BoundedQueue<number>({ ...options, onDrop: (item) => dropped.push(item) });
  assertEquals([await none.push(9), dropped], [false, [9]]);
});

Deno.test("BoundedQueue.push() leaves nothing behind when aborted", async () => {
  const queue = await filled({ capacity: 1 });
  const controller = new AbortController();
  const { signal } = controller;
  const push = queue.push(2, { signal });
  controller.abort(E);
  await assertRejects(() => push, Error, "E");
  await assertRejects(() => queue.push(3, { signal }), Error, "E");
  assertEquals([await queue.pop(), queue.tryPop()], [1, undefined]);
});

Deno.test("BoundedQueue.pop() that was aborted takes nothing", async () => {
  const queue = new BoundedQueue<number>();
  const controller = new AbortController();
  const { signal } = controller;
  const pop = queue.pop({ signal });
  controller.abort(E);
  await assertRejects(() => pop, Error, "E");
  await assertRejects(() => queue.pop({ signal }), Error, "E");
  await queue.push(1);
  assertEquals(await queue.pop(), 1);
});

Deno.test("BoundedQueue.close() turns producers away and lets consumers finish", async () => {
  const queue = await filled({ capacity: 1 });
  const push = queue.push(2);
  queue.close();
  queue.close();
  await assertRejects(() => push, ClosedError, "Cannot push to queue: the queue is closed");
  await assertRejects(() => queue.push(3), ClosedError);
  assertEquals([queue.tryPush(3), queue.closed, await queue.pop()], [false, true, 1]);
  await assertRejects(() => queue.pop(), ClosedError, "pop from queue");
});

Deno.test("BoundedQueue.close() wakes consumers that wait", async () => {
  const queue = new BoundedQueue<number>();
  const popping = assertRejects(() => queue.pop(), ClosedError);
  const iterating = Array.fromAsync(queue);
  queue.close();
  await popping;
  assertEquals(await iterating, []);
});

Deno.test("BoundedQueue[Symbol.dispose]() drops what is left", async () => {
  const dropped: number[] = [];
  const queue = await filled({ capacity: 2, onDrop: (item) => dropped.push(item) });
  queue[Symbol.dispose]();
  assertEquals([dropped, queue.size], [[1, 2], 0]);
});

Deno.test("BoundedQueue stays open for others when a consumer leaves its loop", async () => {
  const queue = await filled({ capacity: 3 });
  for await (const item of queue) if (item === 2) break;
  assertEquals([await queue.pop(), queue.closed], [3, false]);
});

Deno.test("BoundedQueue keeps the order of a list, whatever the interleaving", async () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const plan = fc.record({ capacity: fc.nat(4), turns: fc.array(fc.tuple(fc.nat(3), fc.nat(3))) });
  await fc.assert(
    fc.asyncProperty(plan, async ({ capacity, turns }) => {
      const queue = new BoundedQueue<number>({ capacity });
      const pass = async (count: number) => {
        for (let i = 0; i < count; i++) await Promise.resolve();
      };
      const produce = async () => {
        for (const [index, [pause]] of turns.entries()) {
          await pass(pause);
          await queue.push(index);
        }
        queue.close();
      };
      const got: number[] = [];
      const producing = produce();
      for await (const item of queue) {
        await pass(turns[got.length]![1]);
        got.push(item);
        if (queue.size > capacity) throw new Error(`holds ${queue.size} of ${capacity}`);
      }
      await producing;
      assertEquals(got, turns.map((_, index) => index));
    }),
    { seed },
  );
});

for (const options of [{ capacity: -1 }, { capacity: 1.5 }, { capacity: NaN }]) {
  Deno.test(`BoundedQueue refuses ${JSON.stringify(options)} ${options.capacity}`, () => {
    assertThrows(() => new BoundedQueue(options), RangeError, "capacity >= 0");
  });
}

Deno.test("BoundedQueue refuses an unknown policy", () => {
  const options = JSON.parse('{ "overflow": "explode" }');
  assertThrows(() => new BoundedQueue(options), RangeError, "explode");
});
