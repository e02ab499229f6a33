import { BreakerGroup, breakerKey } from "./breaker_group.ts";
import { SreBreaker } from "./sre_breaker.ts";

const call = () => Promise.resolve(1);
const fail = () => Promise.reject(new Error("down"));

const healthy = new SreBreaker();
const wounded = new SreBreaker();
for (let i = 0; i < 100; i++) {
  await wounded.run(call);
  if (i % 10 === 0) await wounded.run(fail).catch(() => {});
}
const open = new SreBreaker({ random: () => 0, probeMs: 1e9 });
for (let i = 0; i < 100; i++) await open.run(fail).catch(() => {});
const fallback = { fallback: () => 0 };

Deno.bench({ name: "bare await", group: "SreBreaker.run()", baseline: true }, async () => {
  await call();
});
Deno.bench({ name: "closed", group: "SreBreaker.run()" }, async () => {
  await healthy.run(call);
});
Deno.bench({ name: "closed, failures in the window", group: "SreBreaker.run()" }, async () => {
  await wounded.run(call);
});
Deno.bench({ name: "open, with a fallback", group: "SreBreaker.run()" }, async () => {
  await open.run(call, fallback);
});

Deno.bench({ name: "allow and accept", group: "SreBreaker.allow()" }, () => {
  healthy.allow().accept();
});

for (const count of [10, 1000, 100_000]) {
  const breakers = new BreakerGroup();
  const keys = Array.from({ length: count }, (_, i) => breakerKey(`10.0.0.${i}:80`, "Get"));
  for (const key of keys) breakers.get(key); // What making them costs is not what is measured.
  let next = 0;
  Deno.bench({ name: `${count} keys`, group: "BreakerGroup.run()" }, async () => {
    next = (next + 1) % count;
    await breakers.run(keys[next]!, call);
  });
}
