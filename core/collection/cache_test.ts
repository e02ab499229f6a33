import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { ServiceError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { Cache, type CacheOptions } from "./cache.ts";

/** The middle of the jitter: an entry lives exactly as long as asked. */
const noJitter = () => 0.5;

function fakeCache<V>(options: Partial<CacheOptions> = {}) {
  const clock = new FakeClock();
  const cache = new Cache<string, V>({ expiryMs: 10_000, clock, random: noJitter, ...options });
  return { cache, clock };
}

/** A promise to be settled by hand. */
function deferred<V>() {
  return Promise.withResolvers<V>();
}

Deno.test("Cache evicts what was not used for longest", () => {
  const { cache } = fakeCache<number>({ limit: 3 });
  using _ = cache;
  const has = (...keys: string[]) => keys.map((key) => cache.has(key));
  ["first", "second", "third", "fourth"].forEach((key, i) => cache.set(key, i));
  assertEquals(has("first", "second", "third", "fourth"), [false, true, true, true]);
  assertEquals(cache.get("second"), 1);
  cache.set("fifth", 4);
  cache.set("sixth", 5);
  assertEquals(has("third", "fourth", "second", "fifth", "sixth"), [
    false,
    false,
    true,
    true,
    true,
  ]);
  cache.set("second", 9);
  cache.set("seventh", 6);
  assertEquals(has("second", "fifth", "sixth", "seventh"), [true, false, true, true]);
  assertEquals(cache.size, 3);
});

Deno.test("Cache keeps null and undefined", () => {
  const { cache } = fakeCache<null | undefined>();
  using _ = cache;
  cache.set("null", null);
  cache.set("undefined", undefined);
  assertEquals([cache.get("null"), cache.has("undefined")], [null, true]);
  assertEquals(cache.get("undefined"), undefined);
  assertEquals(cache.stats(), { hits: 2, misses: 0, size: 2 });
});

for (const expiryMs of [1, 999, 1_000, 1_001, 1_900, 2_000, 299_500, 301_000, 900_001]) {
  Deno.test(`Cache keeps an entry of ${expiryMs} ms that long, and a tick more at most`, async () => {
    const { cache, clock } = fakeCache<number>();
    using _ = cache;
    cache.set("starts the ticks", 0, { expiryMs: Infinity });
    await clock.advance(350);
    // A timer that keeps ticking needs something to wait for.
    cache.set("keeps them", 0, { expiryMs: 2_000_000 });
    cache.set("key", 1, { expiryMs });
    await clock.advance(expiryMs - 0.5);
    assertEquals(cache.get("key"), 1);
    await clock.advance(1_000.5);
    assertEquals(cache.get("key"), undefined);
  });
}

Deno.test("Cache keeps an entry that is set while a tick is late", () => {
  let nowMs = 0;
  let tick = () => {};
  const clock = Object.assign(new FakeClock(), {
    now: () => nowMs,
    setInterval: (callback: () => void) => {
      tick = callback;
      return { cancel: () => {}, [Symbol.dispose]: () => {} };
    },
  });
  using cache = new Cache<string, number>({ expiryMs: 2_000, clock, random: () => 0.5 });
  cache.set("starts the ticks", 0);
  nowMs = 650; // The tick at a third of a second has not come yet.
  cache.set("key", 1);
  tick();
  for (let ticks = 2; nowMs < 2_650; ticks++) {
    assertEquals(cache.has("key"), true, `gone at ${nowMs}`);
    nowMs = Math.ceil(ticks * 1_000 / 3);
    tick();
  }
  nowMs = 3_650;
  tick();
  assertEquals(cache.has("key"), false);
});

for (
  const { random, livesMs } of [{ random: 0, livesMs: 10_500 }, { random: 0.5, livesMs: 10_000 }, {
    random: 0.999,
    livesMs: 9_501,
  }]
) {
  Deno.test(`Cache lets 10 s last ${livesMs} ms when chance is ${random}`, async () => {
    const { cache, clock } = fakeCache<number>({ tickMs: 1, random: () => random });
    using _ = cache;
    cache.set("key", 1);
    await clock.advance(livesMs - 1);
    assertEquals(cache.has("key"), true);
    await clock.advance(2);
    assertEquals(cache.has("key"), false);
  });
}

Deno.test("Cache.set() gives an entry a new life, a short one too; get() does not", async () => {
  const { cache, clock } = fakeCache<number>();
  using _ = cache;
  cache.set("key", 1);
  await clock.advance(9_000);
  assertEquals(cache.get("key"), 1);
  cache.set("key", 2);
  await clock.advance(9_000);
  assertEquals(cache.get("key"), 2);
  cache.set("key", 3, { expiryMs: 100 });
  assertEquals(cache.get("key"), 3);
  await clock.advance(50);
  assertEquals(cache.get("key"), 3);
  await clock.advance(1_100);
  assertEquals(cache.get("key"), undefined);
});

Deno.test("Cache keeps an entry for good when told so, and lets go when told otherwise", async () => {
  const { cache, clock } = fakeCache<number>({ expiryMs: Infinity });
  using _ = cache;
  cache.set("key", 1);
  assertEquals(clock.pendingTimers, 0);
  await clock.advance(3_600_000);
  assertEquals(cache.get("key"), 1);
  cache.set("key", 1, { expiryMs: 1_000 });
  await clock.advance(2_000);
  assertEquals(cache.get("key"), undefined);
});

Deno.test("Cache holds no timer while it is empty", async () => {
  const { cache, clock } = fakeCache<number>();
  assertEquals(clock.pendingTimers, 0);
  cache.set("a", 1);
  cache.set("b", 1);
  assertEquals(clock.pendingTimers, 1);
  assertEquals([cache.delete("a"), cache.delete("a")], [true, false]);
  await clock.advance(12_000);
  assertEquals([cache.size, clock.pendingTimers], [0, 0]);
  cache.set("c", 1);
  cache[Symbol.dispose]();
  assertEquals([cache.size, clock.pendingTimers], [0, 0]);
});

Deno.test("Cache does not care about the wall clock", () => {
  const { cache, clock } = fakeCache<number>();
  using _ = cache;
  cache.set("key", 1);
  clock.jumpWallTime(3_600_000);
  assertEquals(cache.get("key"), 1);
});

Deno.test("Cache is as it should be after an hour in which nothing ran", async () => {
  const { cache, clock } = fakeCache<number>();
  using _ = cache;
  cache.set("old", 1);
  cache.set("long", 2, { expiryMs: 7_200_000 });
  clock.elapse(3_600_000);
  assertEquals([cache.has("old"), cache.has("long")], [false, true]);
  cache.set("new", 3);
  await clock.advance(9_000);
  assertEquals(cache.get("new"), 3);
});

Deno.test("Cache.take() loads once for a hundred callers", async () => {
  const { cache, clock } = fakeCache<string>();
  using _ = cache;
  let loads = 0;
  const take = () =>
    cache.take("key", async () => {
      loads++;
      await clock.sleep(100);
      return "value";
    });
  const taken = Promise.all(Array.from({ length: 100 }, take));
  await clock.advance(100);
  assertEquals(new Set(await taken), new Set(["value"]));
  assertEquals(await take(), "value");
  assertEquals([loads, cache.stats()], [1, { hits: 100, misses: 1, size: 1 }]);
});

Deno.test("Cache.take() gives a failed load to all callers, stores and counts nothing", async () => {
  const { cache, clock } = fakeCache<string>();
  using _ = cache;
  const failure = new Error("source down");
  let loads = 0;
  const taken = Promise.allSettled(Array.from({ length: 100 }, () =>
    cache.take("key", async () => {
      loads++;
      await clock.sleep(100);
      throw failure;
    })));
  await clock.advance(100);
  for (const result of await taken) {
    assert(result.status === "rejected" && result.reason === failure);
  }
  assertEquals([loads, cache.stats()], [1, { hits: 0, misses: 0, size: 0 }]);
  assertEquals(await cache.take("key", () => "again"), "again");
});

Deno.test("Cache.take() rejects when the load throws before it waits", async () => {
  const { cache } = fakeCache<string>();
  using _ = cache;
  const load = () => {
    throw new Error("sync");
  };
  await assertRejects(() => cache.take("key", load), Error, "sync");
  assertEquals(cache.size, 0);
});

Deno.test("Cache.take() does not load what is there", async () => {
  const { cache } = fakeCache<string | undefined>();
  using _ = cache;
  cache.set("key", undefined);
  assertEquals(await cache.take("key", () => assert(false) ?? ""), undefined);
});

Deno.test("Cache.take() uses the expiry of the caller that loads", async () => {
  const { cache, clock } = fakeCache<string>();
  using _ = cache;
  await cache.take("key", () => "value", { expiryMs: 1_000 });
  await clock.advance(2_000);
  assertEquals(cache.has("key"), false);
});

for (
  const { name, write, now } of [
    {
      name: "set()",
      write: (cache: Cache<string, string>) => cache.set("key", "newer"),
      now: "newer",
    },
    {
      name: "delete()",
      write: (cache: Cache<string, string>) => cache.delete("key"),
      now: undefined,
    },
    { name: "clear()", write: (cache: Cache<string, string>) => cache.clear(), now: undefined },
    {
      name: "dispose",
      write: (cache: Cache<string, string>) => cache[Symbol.dispose](),
      now: undefined,
    },
  ]
) {
  Deno.test(`Cache.take() does not store what it loaded before ${name}`, async () => {
    const { cache } = fakeCache<string>();
    using _ = cache;
    const { promise, resolve } = deferred<string>();
    const taken = cache.take("key", () => promise);
    write(cache);
    resolve("older");
    assertEquals(await taken, "older");
    assertEquals(cache.get("key"), now);
  });
}

Deno.test("Cache.take() after delete() starts a load of its own", async () => {
  const { cache } = fakeCache<string>();
  using _ = cache;
  const { promise, resolve } = deferred<string>();
  const before = cache.take("key", () => promise);
  cache.delete("key");
  assertEquals(await cache.take("key", () => "after"), "after");
  resolve("before");
  assertEquals(await before, "before");
  assertEquals(cache.get("key"), "after");
});

Deno.test("Cache.take() lets one caller leave and the other have the value", async () => {
  const { cache } = fakeCache<string>();
  using _ = cache;
  const { promise, resolve } = deferred<string>();
  const caller = new AbortController();
  let loadSignal: AbortSignal | undefined;
  const load = ({ signal }: { signal: AbortSignal }) => {
    loadSignal = signal;
    return promise;
  };
  const leaving = cache.take("key", load, { signal: caller.signal });
  const staying = cache.take("key", load);
  caller.abort(new Error("gone"));
  await assertRejects(() => leaving, Error, "gone");
  assertEquals(loadSignal?.aborted, false);
  resolve("value");
  assertEquals(await staying, "value");
  assertEquals(cache.get("key"), "value");
});

Deno.test("Cache.take() frees the key when every caller has left a load that never settles", async () => {
  const { cache } = fakeCache<string>();
  using _ = cache;
  const caller = new AbortController();
  let loadSignal: AbortSignal | undefined;
  const left = cache.take("key", ({ signal }) => {
    loadSignal = signal;
    return new Promise(() => {});
  }, { signal: caller.signal });
  caller.abort(new Error("gone"));
  await assertRejects(() => left, Error, "gone");
  assertEquals(loadSignal?.aborted, true);
  assertEquals(await cache.take("key", () => "value"), "value");
});

Deno.test("Cache.take() does not start a load when aborted already", async () => {
  const { cache } = fakeCache<string>();
  using _ = cache;
  const signal = AbortSignal.abort(new Error("gone"));
  await assertRejects(
    () => cache.take("key", () => assert(false) ?? "", { signal }),
    Error,
    "gone",
  );
});

Deno.test("Cache refuses writes once disposed; reads find nothing", async () => {
  const { cache } = fakeCache<string>();
  cache.set("key", "value");
  cache[Symbol.dispose]();
  cache[Symbol.dispose]();
  assertEquals([cache.get("key"), cache.delete("key")], [undefined, false]);
  assertThrows(() => cache.set("key", "value"), ServiceError, "the cache is disposed");
  await assertRejects(
    () => cache.take("key", () => "value"),
    ServiceError,
    "the cache is disposed",
  );
});

const wrong: { options: CacheOptions; message: string }[] = [
  { options: { expiryMs: 0 }, message: "expiryMs > 0, got 0" },
  { options: { expiryMs: -1 }, message: "expiryMs > 0, got -1" },
  { options: { expiryMs: NaN }, message: "expiryMs > 0, got NaN" },
  { options: { expiryMs: 1, limit: 0 }, message: "limit >= 1, got 0" },
  { options: { expiryMs: 1, limit: 1.5 }, message: "limit >= 1, got 1.5" },
  { options: { expiryMs: 1, tickMs: 0 }, message: "tickMs > 0, got 0" },
];
for (const { options, message } of wrong) {
  Deno.test(`Cache refuses ${message}`, () => {
    assertThrows(() => new Cache(options), RangeError, message);
  });
}
for (const expiryMs of [0, -1, NaN]) {
  Deno.test(`Cache.set() and take() refuse an expiry of ${expiryMs}`, async () => {
    const { cache } = fakeCache<string>();
    using _ = cache;
    assertThrows(() => cache.set("key", "value", { expiryMs }), RangeError, "expiryMs > 0");
    await assertRejects(
      () => cache.take("key", () => "value", { expiryMs }),
      RangeError,
      "expiryMs > 0",
    );
    assertEquals(cache.size, 0);
  });
}

Deno.test("Cache agrees with a list in order of use", async () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const command = fc.record({
    kind: fc.constantFrom(
      "get" as const,
      "set" as const,
      "delete" as const,
      "take" as const,
      "wait" as const,
    ),
    key,
    ms: fc.integer({ min: 1, max: 400_000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(command, { maxLength: 60 }),
      async (limit, commands) => {
        const { cache, clock } = fakeCache<number>({ limit });
        using _ = cache;
        /** Oldest use first. An entry is gone for sure a tick after `dueMs`. */
        let naive: { key: string; value: number; dueMs: number }[] = [];
        const put = (key: string, value: number, ms: number) => {
          naive = naive.filter((entry) => entry.key !== key);
          naive.push({ key, value, dueMs: clock.now() + ms });
          if (naive.length > limit) naive.shift();
        };
        for (const [value, { kind, key, ms }] of commands.entries()) {
          if (kind === "wait") {
            await clock.advance(ms);
            for (const { key, dueMs } of naive) {
              if (dueMs > clock.now()) assert(cache.has(key), "gone before its time");
              else if (dueMs < clock.now() - 1_000) assert(!cache.has(key), "there after its time");
            }
            naive = naive.filter(({ key }) => cache.has(key));
            continue;
          }
          const found = naive.find((entry) => entry.key === key);
          if (kind === "set") {
            cache.set(key, value, { expiryMs: ms });
            put(key, value, ms);
          } else if (kind === "delete") {
            assertEquals(cache.delete(key), found !== undefined);
            naive = naive.filter((entry) => entry !== found);
          } else {
            const got = kind === "get"
              ? cache.get(key)
              : await cache.take(key, () => value, { expiryMs: ms });
            assertEquals(got, found?.value ?? (kind === "get" ? undefined : value));
            if (found) naive = [...naive.filter((entry) => entry !== found), found];
            else if (kind === "take") put(key, value, ms);
          }
          assertEquals(cache.size, naive.length);
        }
      },
    ),
    { seed, numRuns: 60 },
  );
});
