import { Stream } from "./stream.ts";

async function* numbers() {
  for (let i = 0; i < 1_000; i++) yield i;
}

const group = "1000 items";

Deno.bench({ name: "for await", group, baseline: true }, async () => {
  for await (const _item of numbers());
});

Deno.bench({ name: "count()", group }, async () => {
  await Stream.from(numbers).count();
});

Deno.bench({ name: "distinct().skip().split()", group }, async () => {
  await Stream.from(numbers).distinct().skip(10).split(10).count();
});

Deno.bench({ name: "map() of a value", group }, async () => {
  await Stream.from(numbers).map((n) => n + 1).count();
});

Deno.bench({ name: "map() of a promise", group }, async () => {
  await Stream.from(numbers).map((n) => Promise.resolve(n + 1)).count();
});

Deno.bench({ name: "map() of a promise, in order", group }, async () => {
  await Stream.from(numbers).map((n) => Promise.resolve(n + 1), { ordered: true }).count();
});
