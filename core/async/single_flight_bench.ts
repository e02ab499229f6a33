import { SingleFlight } from "./single_flight.ts";

const work = () => Promise.resolve(1);
const group = "SingleFlight.do()";

Deno.bench({ name: "bare await", group, baseline: true }, async () => {
  await work();
});

const alone = new SingleFlight<string, number>();
Deno.bench({ name: "uncontended", group }, async () => {
  await alone.do("key", work);
});

const controller = new AbortController();
Deno.bench({ name: "uncontended, with a signal", group }, async () => {
  await alone.do("key", work, { signal: controller.signal });
});

const never = new Promise<number>(() => {});
for (const keys of [10, 1_000, 100_000]) {
  const busy = new SingleFlight<string, number>();
  for (let i = 0; i < keys; i++) busy.do(`busy:${i}`, () => never);
  let next = 0;
  const names = Array.from({ length: 1_000 }, (_, i) => `key:${i}`);
  Deno.bench({ name: `uncontended beside ${keys} keys in flight`, group }, async () => {
    await busy.do(names[next++ % 1_000]!, work);
  });
}
