import { forEach } from "./for_each.ts";
import { mapReduce } from "./map_reduce.ts";

const items = Array.from({ length: 1_000 }, (_, i) => i);
const square = (n: number) => Promise.resolve(n * n);
const group = "1000 items, 16 at once";

Deno.bench({ name: "loop that awaits", group, baseline: true }, async () => {
  let sum = 0;
  for (const item of items) sum += await square(item);
});

Deno.bench({ name: "forEach()", group }, async () => {
  let sum = 0;
  await forEach(items, async (item) => void (sum += await square(item)));
});

Deno.bench({ name: "mapReduce()", group }, async () => {
  await mapReduce<number, number, number>(items, {
    map: async (item, { write }) => await write(await square(item)),
    async reduce(squares, { write }) {
      let sum = 0;
      for await (const it of squares) sum += it;
      write(sum);
    },
  });
});
