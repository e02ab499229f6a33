import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { ClosedError } from "./errors.ts";
import { ImmutableResource } from "./immutable_resource.ts";
import { ManagedResource } from "./managed_resource.ts";
import { RefCounted } from "./ref_counted.ts";
import { ResourceManager } from "./resource_manager.ts";

const E = new Error("E");
const never = () => new Promise<never>(() => {});

Deno.test("RefCounted cleans once, when the last of its users has gone", async () => {
  let cleaned = 0;
  const resource = new RefCounted("it", () => void cleaned++);
  const [first, second] = [resource.use(), resource.use()];
  assertEquals([first.value, resource.uses], ["it", 2]);
  await first.release();
  await first.release(); // One user that leaves twice is one.
  assertEquals([cleaned, resource.cleaned], [0, false]);
  await second[Symbol.asyncDispose]();
  await second.release();
  assertEquals([cleaned, resource.cleaned, resource.uses], [1, true, 0]);
  assertThrows(() => resource.use(), ClosedError, "Cannot use resource");
});

Deno.test("Ref.release() throws what cleaning throws, once", async () => {
  for (
    const clean of [() => Promise.reject(E), () => {
      throw E;
    }]
  ) {
    const ref = new RefCounted(1, clean).use();
    await assertRejects(() => ref.release(), Error, "E");
    await ref.release();
  }
});

Deno.test("ResourceManager.get() makes one resource for all who ask", async () => {
  const manager = new ResourceManager<string, object>({ close() {} });
  let made = 0;
  const create = () => Promise.resolve({ id: ++made });
  const [first, second] = await Promise.all([manager.get("a", create), manager.get("a", create)]);
  assertStrictEquals(first, second);
  assertStrictEquals(await manager.get("a", create), first);
  await manager.get("b", create);
  assertEquals([made, manager.size], [2, 2]);
});

Deno.test("ResourceManager.get() does not keep a failure", async () => {
  const manager = new ResourceManager<string, number>({ close() {} });
  await assertRejects(() => manager.get("a", () => Promise.reject(E)), Error, "E");
  const failing = () => {
    throw E;
  };
  await assertRejects(() => manager.get("a", failing), Error, "E");
  assertEquals(await manager.get("a", () => 1), 1);
});

Deno.test("ResourceManager.get() can be given up; the making is told when all have", async () => {
  const manager = new ResourceManager<string, number>({ close() {} });
  const controller = new AbortController();
  const { signal } = controller;
  let making: AbortSignal | undefined;
  const call = manager.get("a", (context) => (making = context.signal, never()), { signal });
  controller.abort(E);
  await assertRejects(() => call, Error, "E");
  assertEquals(making?.aborted, true);
  await assertRejects(() => manager.get("a", () => 1, { signal }), Error, "E");
  assertEquals(await manager.get("a", () => 1), 1);
});

Deno.test("ResourceManager.inject() overrides, also what is being made", async () => {
  const closed: number[] = [];
  const manager = new ResourceManager<string, number>({ close: (it) => closed.push(it) });
  const { promise, resolve } = Promise.withResolvers<number>();
  const call = manager.get("a", () => promise);
  manager.inject("a", 2);
  resolve(1);
  assertEquals([await call, await manager.get("a", never), closed], [2, 2, [1]]);
});

Deno.test("ResourceManager.close() closes all, combines failures, and is final", async () => {
  const closed: number[] = [];
  const manager = new ResourceManager<number, number>({
    close(resource) {
      closed.push(resource);
      if (resource === 2) return Promise.reject(E);
      if (resource === 3) throw E;
    },
  });
  for (const key of [1, 2, 3]) await manager.get(key, () => key);
  const late = Promise.withResolvers<number>();
  const making = assertRejects(() => manager.get(4, () => late.promise), ClosedError);
  const error = await assertRejects(() => manager.close(), AggregateError, "2 failed");
  assertEquals(error.errors, [E, E]);
  await assertRejects(() => manager[Symbol.asyncDispose](), AggregateError); // The same closing.
  late.resolve(4);
  await making;
  assertEquals(closed, [1, 2, 3, 4]);
  await assertRejects(() => manager.get(1, () => 1), ClosedError);
  assertThrows(() => manager.inject(1, 1), ClosedError);
});

function counted(outcome: () => unknown, refreshIntervalMs?: number) {
  const clock = new FakeClock();
  let fetches = 0;
  const fetch = () => {
    fetches++;
    return outcome();
  };
  const resource = new ImmutableResource(fetch, { refreshIntervalMs, clock });
  return { resource, clock, fetches: () => fetches };
}

Deno.test("ImmutableResource.get() keeps a success for ever, one fetch for all", async () => {
  const { resource, clock, fetches } = counted(() => Promise.resolve("it"));
  assertEquals(await Promise.all([resource.get(), resource.get()]), ["it", "it"]);
  await clock.advance(3_600_000);
  assertEquals([await resource.get(), fetches()], ["it", 1]);
});

for (
  const [how, fail] of Object.entries({
    rejects: () => Promise.reject(E),
    throws: () => {
      throw E;
    },
  })
) {
  Deno.test(`ImmutableResource.get() keeps a failure for the interval when fetch ${how}`, async () => {
    const { resource, clock, fetches } = counted(fail);
    for (let i = 0; i < 2; i++) await assertRejects(() => resource.get(), Error, "E");
    clock.elapse(1_000);
    await assertRejects(() => resource.get(), Error, "E");
    assertEquals(fetches(), 1);
    clock.elapse(1);
    await assertRejects(() => resource.get(), Error, "E");
    assertEquals(fetches(), 2);
  });
}

Deno.test("ImmutableResource.get() tries each time with an interval of 0", async () => {
  const { resource, fetches } = counted(() => Promise.reject(E), 0);
  for (let i = 0; i < 2; i++) await assertRejects(() => resource.get(), Error, "E");
  assertEquals(fetches(), 2);
});

Deno.test("ImmutableResource.get() does not keep null for ever", async () => {
  const { resource, clock, fetches } = counted(() => null);
  assertEquals([await resource.get(), await resource.get(), fetches()], [null, null, 1]);
  clock.elapse(1_001);
  assertEquals([await resource.get(), fetches()], [null, 2]);
});

Deno.test("ImmutableResource.get() does not keep that it was given up", async () => {
  let attempts = 0;
  const resource = new ImmutableResource(({ signal }) =>
    ++attempts > 1 ? "it" : new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    })
  );
  const controller = new AbortController();
  const call = resource.get({ signal: controller.signal });
  controller.abort(E);
  await assertRejects(() => call, Error, "E");
  await assertRejects(() => resource.get({ signal: controller.signal }), Error, "E");
  assertEquals(await resource.get(), "it");
  assertThrows(() => counted(never, -1), RangeError, "refreshIntervalMs >= 0");
});

Deno.test("ManagedResource.take() makes one, and another after it was found broken", async () => {
  let made = 0;
  const resource = new ManagedResource(() => Promise.resolve({ id: ++made }));
  const [first, same] = await Promise.all([resource.take(), resource.take()]);
  assertStrictEquals(first, same);
  assertStrictEquals(await resource.take(), first);
  resource.markBroken({ id: 1 }); // Another resource, though it looks the same.
  assertStrictEquals(await resource.take(), first);
  resource.markBroken(first);
  const second = await resource.take();
  resource.markBroken(first); // A late report.
  assertStrictEquals(await resource.take(), second);
  assertEquals(made, 2);
});

Deno.test("ManagedResource compares as it is told and keeps no failure", async () => {
  let made = 0;
  const equals = (a: { id: number }, b: { id: number }) => a.id === b.id;
  const resource = new ManagedResource(() => {
    if (++made === 1) throw E;
    return { id: made };
  }, { equals });
  await assertRejects(() => resource.take(), Error, "E");
  assertEquals(await resource.take(), { id: 2 });
  resource.markBroken({ id: 2 });
  assertEquals(await resource.take(), { id: 3 });
});

Deno.test("ManagedResource.take() can be given up", async () => {
  const resource = new ManagedResource(never);
  const controller = new AbortController();
  const { signal } = controller;
  const call = resource.take({ signal });
  controller.abort(E);
  await assertRejects(() => call, Error, "E");
  await assertRejects(() => resource.take({ signal }), Error, "E");
});
