import { assert, assertEquals } from "@std/assert";
import fc from "npm:fast-check@^3";
import { forEach } from "./for_each.ts";
import { mapReduce } from "./map_reduce.ts";

const seed = Date.now() | 0;
console.log(`map_reduce_property_test seed ${seed}`);

const job = fc.record({
  items: fc.array(fc.record({ value: fc.integer(), turns: fc.nat(4), copies: fc.nat(3) })),
  workers: fc.integer({ min: 1, max: 8 }),
});

async function pass(turns: number): Promise<void> {
  for (; turns > 0; turns--) await Promise.resolve();
}

Deno.test("mapReduce() gives the reducer what a flatMap of the items gives, in some order", async () => {
  await fc.assert(
    fc.asyncProperty(job, async ({ items, workers }) => {
      let active = 0;
      let most = 0;
      const got = await mapReduce<(typeof items)[number], number, number[]>(items, {
        workers,
        async map({ value, turns, copies }, { write }) {
          most = Math.max(most, ++active);
          await pass(turns);
          for (let i = 0; i < copies; i++) await write(value + i);
          active--;
        },
        async reduce(values, { write }) {
          write(await Array.fromAsync(values));
        },
      });
      const expected = items.flatMap(({ value, copies }) =>
        Array.from({ length: copies }, (_, i) => value + i)
      );
      const order = (a: number, b: number) => a - b;
      assertEquals(got.sort(order), expected.sort(order));
      assert(most <= workers);
    }),
    { seed },
  );
});

Deno.test("mapReduce() throws the first failure whatever the timing", async () => {
  await fc.assert(
    fc.asyncProperty(job, fc.nat(), async ({ items, workers }, which) => {
      fc.pre(items.length > 0);
      const failing = items[which % items.length];
      const failure = new Error("this one");
      const outcome = await mapReduce<(typeof items)[number], number, number>(items, {
        workers,
        async map(item, { write }) {
          await pass(item.turns);
          if (item === failing) throw failure;
          await write(item.value);
        },
        async reduce(values, { write }) {
          for await (const _value of values);
          write(0);
        },
      }).catch((error) => error);
      assertEquals(outcome, failure);
    }),
    { seed },
  );
});

Deno.test("forEach() calls once for each item, at most so many at once", async () => {
  await fc.assert(
    fc.asyncProperty(job, async ({ items, workers }) => {
      let active = 0;
      const seen: number[] = [];
      await forEach(items.entries(), async ([index, { turns }]) => {
        assert(++active <= workers);
        await pass(turns);
        seen.push(index);
        active--;
      }, { workers });
      assertEquals(seen.sort((a, b) => a - b), items.map((_, index) => index));
    }),
    { seed },
  );
});
