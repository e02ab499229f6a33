import { assertEquals, assertRejects } from "@std/assert";
import { ProcessWide } from "./_process_wide.ts";

function part(seen: string[], name: string): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: () => {
      seen.push(`${name} disposed`);
      return Promise.resolve();
    },
  };
}

Deno.test("ProcessWide.lease() makes one part for all, and ends it with the last", async () => {
  const seen: string[] = [];
  const parts = new ProcessWide<AsyncDisposable>();
  const make = () => {
    seen.push("made");
    return Promise.resolve(part(seen, "it"));
  };
  const [one, two] = await Promise.all([parts.lease("a", make), parts.lease("b", make)]);
  assertEquals([one.value === two.value, one.differs, two.differs], [true, false, true]);
  await one[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose](); // Counts once.
  assertEquals(seen, ["made"]);
  await two[Symbol.asyncDispose]();
  assertEquals(seen, ["made", "it disposed"]);
  await using again = await parts.lease("b", make);
  assertEquals([again.differs, seen.length], [false, 3]);
});

Deno.test("ProcessWide.lease() tries again after a failure", async () => {
  const seen: string[] = [];
  const parts = new ProcessWide<AsyncDisposable>();
  const fail = () => Promise.reject(new Error("port in use"));
  const failing = [parts.lease("a", fail), parts.lease("a", fail)];
  for (const lease of failing) await assertRejects(() => lease, Error, "port in use");
  const throwing = () => {
    throw new Error("at once");
  };
  await assertRejects(() => parts.lease("a", throwing), Error, "at once");
  await using lease = await parts.lease("a", () => part(seen, "second"));
  assertEquals(lease.differs, false);
});

Deno.test("ProcessWide.lease() disposes what is disposed without waiting", async () => {
  let disposed = 0;
  const parts = new ProcessWide<Disposable>();
  const lease = await parts.lease("a", () => ({ [Symbol.dispose]: () => void disposed++ }));
  await lease[Symbol.asyncDispose]();
  assertEquals(disposed, 1);
});
