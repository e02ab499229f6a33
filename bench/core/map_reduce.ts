/**
 * Many items, several at once: map-reduce, for each and the task runner against their peers. A call
 * handles a thousand items whose work waits one turn of the microtask queue.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { BulkExecutor, forEach, mapReduce, parallel, TaskRunner } from "@zeno/zeno/core/async";
import pLimit from "npm:p-limit@7.3.3";
import pMap from "npm:p-map@7.1.1";
import PQueue from "npm:p-queue@10.0.0";
import { compare } from "./compare.ts";

const COUNT = 1_000;
const items = Array.from({ length: COUNT }, (_, i) => i);
const square = (n: number) => Promise.resolve(n * n);
const options = { rounds: 9, iterations: 300 };

for (const workers of [4, 16]) {
  await compare(`Sum of ${COUNT} squares, ${workers} at once`, {
    "a loop alone": async () => {
      let sum = 0;
      for (const item of items) sum += await square(item);
      return sum;
    },
    "zeno mapReduce": () =>
      mapReduce<number, number, number>(items, {
        workers,
        map: async (item, { write }) => await write(await square(item)),
        async reduce(squares, { write }) {
          let sum = 0;
          for await (const it of squares) sum += it;
          write(sum);
        },
      }),
    "zeno forEach": async () => {
      let sum = 0;
      await forEach(items, async (item) => void (sum += await square(item)), { workers });
      return sum;
    },
    "zeno parallel": () => parallel(items.map((item) => () => square(item)), { workers }),
    "p-map": async () => {
      const squares = await pMap(items, square, { concurrency: workers });
      return squares.reduce((a, b) => a + b);
    },
    "p-limit": async () => {
      const limit = pLimit(workers);
      const squares = await Promise.all(items.map((item) => limit(() => square(item))));
      return squares.reduce((a, b) => a + b);
    },
  }, { ...options, baseline: "p-map" });
}

await compare(`${COUNT} background tasks, 16 at once`, {
  "p-queue": async () => {
    const queue = new PQueue({ concurrency: 16 });
    for (const item of items) void queue.add(() => square(item));
    await queue.onIdle();
  },
  "zeno TaskRunner": async () => {
    const runner = new TaskRunner(16);
    for (const item of items) await runner.schedule(() => square(item));
    await runner.wait();
  },
}, options);

const bulk = new BulkExecutor<number>(() => {}, { maxTasks: 100 });
await compare("One task into a batch of 100", {
  "bare await": () => Promise.resolve(),
  "zeno BulkExecutor.add": () => bulk.add(1),
});
await bulk[Symbol.asyncDispose]();
