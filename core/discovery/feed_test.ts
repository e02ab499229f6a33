import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import type { EntryChange } from "./entry_set.ts";
import type { FollowOptions } from "./feed.ts";
import { FeedGroup } from "./feed_group.ts";
import { retryDelayMs } from "./retry_delay.ts";
import type { LastGoodStore, Listing, WatchSource } from "./source.ts";

type Answer = Listing | Error | Promise<Listing>;

/** A source that does what the test says. */
class ScriptedSource implements WatchSource {
  readonly name = "script";
  /** What the next lists answer; the last one again and again. */
  answers: Answer[] = [];
  lists = 0;
  report: ((changes: readonly EntryChange[]) => void) | undefined;
  end: ((error?: Error) => void) | undefined;

  list(): Promise<Listing> {
    this.lists++;
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  watch(
    _listing: Listing,
    report: (changes: readonly EntryChange[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    this.report = report;
    return new Promise((resolve, reject) => {
      this.end = (error) => error ? reject(error) : resolve();
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
}

const listing = (entries: Record<string, string>, revision?: bigint): Listing => ({
  entries: new Map(Object.entries(entries)),
  revision,
});

class MemoryStore implements LastGoodStore {
  readonly saved = new Map<string, ReadonlyMap<string, string>>();
  fails = false;

  load(name: string): Promise<ReadonlyMap<string, string> | undefined> {
    return this.fails ? Promise.reject(new Error("broken")) : Promise.resolve(this.saved.get(name));
  }

  save(name: string, entries: ReadonlyMap<string, string>): Promise<void> {
    if (this.fails) return Promise.reject(new Error("broken"));
    this.saved.set(name, entries);
    return Promise.resolve();
  }
}

function setUp(answers: Answer[], options: FollowOptions = {}) {
  const clock = new FakeClock();
  const source = new ScriptedSource();
  source.answers = answers;
  const log = new MemoryLog();
  const group = new FeedGroup({ clock, random: () => 0.5, logger: log, ...options });
  const subscription = group.subscribe("s", "greet", () => source);
  const told: (readonly string[])[] = [];
  subscription.subscribe((values) => told.push(values));
  return { clock, source, log, group, subscription, told };
}

const away = new Error("away");

Deno.test("Feed lists, watches, and tells once of what comes together", async () => {
  const { clock, source, subscription, told, group } = setUp([listing({ a: "1" })]);
  assertEquals(subscription.state, "waiting");
  assertEquals(await subscription.resolve(), ["1"]);
  await clock.advance(1);
  assertEquals(told, [["1"]]);
  source.report!([{ type: "put", key: "b", value: "2" }]);
  source.report!([{ type: "put", key: "c", value: "3" }, { type: "delete", key: "a" }]);
  await clock.advance(1);
  assertEquals(told, [["1"], ["2", "3"]]);
  await group[Symbol.asyncDispose]();
  assertEquals([subscription.state, clock.pendingTimers], ["closed", 0]);
});

Deno.test("Feed tells nobody of changes that change no value", async () => {
  const { clock, source, told, group } = setUp([listing({ a: "1" })]);
  await clock.advance(1);
  source.report!([{ type: "put", key: "a", value: "1" }]);
  source.report!([{ type: "put", key: "b", value: "1" }, { type: "delete", key: "a" }]);
  source.report!([{ type: "delete", key: "b" }, { type: "put", key: "b", value: "1" }]);
  source.report!([{ type: "delete", key: "none" }]);
  await clock.advance(1);
  assertEquals(told, [["1"]]);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed keeps its list while the source is away, and takes the difference afterwards", async () => {
  const { clock, source, subscription, told, log, group } = setUp([
    listing({ a: "1", b: "2" }, 5n),
    away,
    away,
    listing({ a: "1", c: "3" }, 9n),
  ]);
  await clock.advance(1);
  source.end!(new Error("cut"));
  await clock.advance(700);
  assertEquals([subscription.state, subscription.values], ["stale", ["1", "2"]]);
  await clock.advance(10_000);
  assertEquals([subscription.state, subscription.values], ["live", ["1", "3"]]);
  assertEquals(told, [["1", "2"], ["1", "3"]]);
  assertEquals(log.contents("error"), [
    "Cannot follow script: cut; what is known stays in use, trying again",
  ]);
  assertEquals(log.contents("info"), ["Following script again after 5250 ms"]);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed does not lose a key whose value has changed while the source was away", async () => {
  const { clock, source, subscription, group } = setUp([
    listing({ a: "1" }, 5n),
    listing({ a: "2" }, 6n),
  ]);
  await clock.advance(1);
  source.end!(away);
  await clock.advance(2_000);
  assertEquals([...subscription.entries], [["a", "2"]]);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed fails those who wait for a first list that cannot be had", async () => {
  const { clock, subscription, group, source } = setUp([away]);
  const waiting = assertRejects(() => subscription.resolve(), Error, "Cannot list script: away");
  await clock.advance(0);
  await waiting;
  await assertRejects(() => subscription.resolve(), Error, "Cannot list script: away");
  source.answers = [listing({ a: "1" })];
  await clock.advance(10_000);
  assertEquals(await subscription.resolve(), ["1"]);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed tries again after waits that grow and are bounded", async () => {
  const { clock, source, group } = setUp([away]);
  const at: number[] = [];
  for (let seen = 0; clock.now() < 20_000;) {
    await clock.advance(10);
    if (source.lists > seen) at.push(clock.now());
    seen = source.lists;
  }
  const waits = at.slice(1).map((time, i) => time - at[i]!);
  assertEquals(waits, [740, 1_500, 3_000, 3_000, 3_000, 3_000, 3_000]);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed lists a source anew that ends, without a failure and not in a loop", async () => {
  const { clock, source, log, group } = setUp([listing({ a: "1" })]);
  await clock.advance(5_000);
  assertEquals(source.lists, 1);
  source.end!();
  await clock.advance(0);
  assertEquals(source.lists, 2);
  source.end!();
  await clock.advance(99);
  assertEquals(source.lists, 2);
  await clock.advance(1);
  assertEquals([source.lists, log.contents("error")], [3, []]);
  await group[Symbol.asyncDispose]();
});

for (
  const [name, after] of [
    ["has lost its data", listing({ z: "9" }, 1n)],
    ["has none left", listing({}, 7n)],
  ] as const
) {
  Deno.test(`Feed keeps entries for a while when the source ${name}`, async () => {
    const { clock, source, subscription, group } = setUp([listing({ a: "1", b: "2" }, 5n), after]);
    await clock.advance(1);
    source.end!(away);
    await clock.advance(2_000);
    const others = [...after.entries.values()];
    assertEquals(subscription.values.toSorted(), ["1", "2", ...others]);
    // One of the owners comes back, the other does not.
    source.report!([{ type: "put", key: "a2", value: "1" }]);
    await clock.advance(12_000);
    assertEquals(subscription.values.toSorted(), ["1", "2", ...others]);
    await clock.advance(3_000);
    assertEquals(subscription.values.toSorted(), ["1", ...others]);
    await group[Symbol.asyncDispose]();
    assertEquals(clock.pendingTimers, 0);
  });
}

Deno.test("Feed keeps what came back to the source, whether it was told or listed", async () => {
  const { clock, source, subscription, group } = setUp([
    listing({ a: "1", b: "2", c: "3" }, 5n),
    listing({}, 1n),
    listing({ a: "1", b: "2" }, 3n),
  ]);
  await clock.advance(1);
  source.end!(away);
  await clock.advance(2_000);
  source.report!([{ type: "put", key: "a", value: "1" }]);
  source.end!();
  await clock.advance(2_000);
  assertEquals([source.lists, subscription.values.length], [3, 3]);
  await clock.advance(15_000);
  assertEquals(subscription.values.toSorted(), ["1", "2"]);
  await group[Symbol.asyncDispose]();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("Feed leaves no timer behind when it is closed while it keeps entries", async () => {
  const { clock, source, group } = setUp([listing({ a: "1" }, 5n), listing({}, 1n)]);
  await clock.advance(1);
  source.end!();
  await clock.advance(200);
  source.end!();
  await clock.advance(200);
  assertEquals([source.lists, clock.pendingTimers], [3, 1]);
  await group[Symbol.asyncDispose]();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("Feed keeps an entry that was told to be back, though it is not listed anew", async () => {
  const { clock, source, subscription, group } = setUp([listing({ a: "1" }, 5n), listing({}, 1n)]);
  await clock.advance(1);
  source.end!(away);
  await clock.advance(2_000);
  source.report!([{ type: "put", key: "a", value: "1" }]);
  await clock.advance(60_000);
  assertEquals(subscription.values, ["1"]);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed does not count the time in which the source is away again against those who are to come back", async () => {
  const { clock, source, subscription, group } = setUp([
    listing({ a: "1" }, 5n),
    listing({}, 1n),
    ...Array.from({ length: 20 }, () => away),
    listing({}, 2n),
  ]);
  await clock.advance(1);
  source.end!(away);
  await clock.advance(2_000);
  source.end!(away);
  await clock.advance(30_000);
  assertEquals([subscription.state, subscription.values], ["stale", ["1"]]);
  await clock.advance(40_000);
  assertEquals([subscription.state, source.lists], ["live", 23]);
  assertEquals(subscription.values, ["1"]);
  await clock.advance(15_000);
  assertEquals(subscription.values, []);
  await group[Symbol.asyncDispose]();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("E1: five minutes without the source are told of once a minute, and end within 4 s", async () => {
  const { clock, source, subscription, log, group } = setUp([listing({ a: "1" }), away]);
  await clock.advance(1);
  source.end!(away);
  await clock.advance(300_000);
  assert(source.lists > 60, `${source.lists} attempts`);
  assertEquals(log.contents("error").length, 5);
  assertEquals([subscription.state, subscription.values], ["stale", ["1"]]);
  source.answers = [listing({ b: "2" })];
  await clock.advance(4_000);
  assertEquals([subscription.state, subscription.values], ["live", ["2"]]);
  const [found] = log.contents("info");
  assert(String(found).startsWith("Following script again after 30"), String(found));
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed does not take an old list from its store when a new one came while that was read", async () => {
  const slow = Promise.withResolvers<ReadonlyMap<string, string>>();
  const lastGood: LastGoodStore = { load: () => slow.promise, save: () => Promise.resolve() };
  const late = Promise.withResolvers<Listing>();
  const { clock, subscription, group } = setUp([late.promise], { lastGood });
  await clock.advance(600); // Longer than its patience.
  late.resolve(listing({ b: "2" }));
  await clock.advance(1);
  slow.resolve(new Map([["a", "1"]]));
  await clock.advance(1);
  assertEquals([subscription.state, subscription.values], ["live", ["2"]]);
  await group[Symbol.asyncDispose]();
});

Deno.test("FeedSubscription leaves nothing with a signal that outlives its wait", async () => {
  const { clock, subscription, group } = setUp([listing({ a: "1" })]);
  const { signal } = new AbortController();
  let listening = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listening++;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listening--;
    remove(...given);
  };
  const waiting = subscription.resolve({ signal });
  assertEquals(listening, 1);
  await clock.advance(1);
  await waiting;
  assertEquals(listening, 0);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed believes a deletion of an entry that it keeps", async () => {
  const { clock, source, subscription, group } = setUp([listing({ a: "1" }, 5n), listing({}, 7n)]);
  await clock.advance(1);
  source.end!(away);
  await clock.advance(2_000);
  source.report!([{ type: "put", key: "a", value: "1" }, { type: "delete", key: "a" }]);
  assertEquals(subscription.values, []);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed believes an empty list at once when told so", async () => {
  const { clock, source, subscription, group } = setUp(
    [listing({ a: "1" }, 5n), listing({}, 7n)],
    { lossGraceMs: 0 },
  );
  await clock.advance(1);
  source.end!(away);
  await clock.advance(2_000);
  assertEquals(subscription.values, []);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed saves its list soon after it has changed, and uses it in the next life", async () => {
  const lastGood = new MemoryStore();
  const first = setUp([listing({ a: "1" })], { lastGood });
  await first.clock.advance(999);
  assertEquals(lastGood.saved.size, 0);
  await first.clock.advance(1);
  assertEquals([...lastGood.saved.get("script")!], [["a", "1"]]);
  first.source.report!([{ type: "put", key: "b", value: "2" }]);
  await first.group[Symbol.asyncDispose]();
  assertEquals([...lastGood.saved.get("script")!], [["a", "1"], ["b", "2"]]);

  const second = setUp([away, listing({ c: "3" })], { lastGood });
  assertEquals(await second.subscription.resolve(), ["1", "2"]);
  assertEquals(second.subscription.state, "remembered");
  await second.clock.advance(2_000);
  assertEquals([second.subscription.state, second.subscription.values], ["live", ["3"]]);
  await second.group[Symbol.asyncDispose]();
});

Deno.test("Feed uses the list of an earlier life when the source is slow", async () => {
  const lastGood = new MemoryStore();
  lastGood.saved.set("script", new Map([["a", "1"]]));
  const slow = Promise.withResolvers<Listing>();
  const { clock, subscription, group } = setUp([slow.promise], { lastGood });
  await clock.advance(499);
  assertEquals(subscription.state, "waiting");
  await clock.advance(501);
  assertEquals([subscription.state, subscription.values], ["remembered", ["1"]]);
  slow.resolve(listing({ b: "2" }));
  await clock.advance(0);
  assertEquals([subscription.state, subscription.values], ["live", ["2"]]);
  await group[Symbol.asyncDispose]();
});

Deno.test("Feed leaves no timer behind when it is closed before it has lost its patience", async () => {
  const late = Promise.withResolvers<Listing>();
  const { clock, group } = setUp([late.promise], { lastGood: new MemoryStore() });
  const closing = group[Symbol.asyncDispose]();
  late.resolve(listing({}));
  await closing;
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("Feed does not overwrite a good list with an empty one", async () => {
  const lastGood = new MemoryStore();
  const { clock, source, group } = setUp([listing({ a: "1" })], { lastGood });
  await clock.advance(2_000);
  source.report!([{ type: "delete", key: "a" }]);
  await clock.advance(2_000);
  await group[Symbol.asyncDispose]();
  assertEquals([...lastGood.saved.get("script")!], [["a", "1"]]);
});

Deno.test("Feed goes on when its store is broken, and says so once", async () => {
  const lastGood = new MemoryStore();
  lastGood.fails = true;
  const { clock, source, subscription, log, group } = setUp([away, listing({ a: "1" })], {
    lastGood,
  });
  await clock.advance(5_000);
  source.report!([{ type: "put", key: "b", value: "2" }]);
  await clock.advance(5_000);
  assertEquals(subscription.values, ["1", "2"]);
  const complaints = log.contents("error").filter((line) => String(line).includes("broken"));
  assertEquals(complaints, ["Cannot read last good list of script: broken"]);
  await group[Symbol.asyncDispose]();
});

Deno.test("FeedSubscription goes on when a listener throws", async () => {
  const { clock, subscription, log, group } = setUp([listing({ a: "1" })]);
  const told: string[] = [];
  subscription.subscribe(() => {
    throw new Error("listener");
  });
  subscription.subscribe((values) => told.push(...values));
  await clock.advance(1);
  assertEquals(told, ["1"]);
  assert(log.lines.some((line) => line.includes("Cannot tell of greet")));
  await group[Symbol.asyncDispose]();
});

Deno.test("FeedSubscription tells nobody after it was disposed", async () => {
  const { clock, source, subscription, told, group } = setUp([listing({ a: "1" })]);
  const other = group.subscribe("s", "greet", () => source);
  await clock.advance(1);
  const waiting = subscription[Symbol.asyncDispose]();
  source.report!([{ type: "put", key: "b", value: "2" }]);
  await waiting;
  await clock.advance(1);
  assertEquals([told, other.values, subscription.values], [[["1"]], ["1", "2"], ["1"]]);
  await group[Symbol.asyncDispose]();
});

Deno.test("FeedSubscription fails those who wait when it is disposed", async () => {
  const never = Promise.withResolvers<Listing>();
  const { subscription, group } = setUp([never.promise]);
  const waiting = assertRejects(() => subscription.resolve(), Error, "subscription is closed");
  const closing = group[Symbol.asyncDispose]();
  never.reject(new Error("aborted"));
  await Promise.all([waiting, closing]);
});

Deno.test("Feed refuses a negative time of grace", () => {
  assertThrows(() => setUp([listing({})], { lossGraceMs: -1 }), RangeError, "lossGraceMs >= 0");
});

for (
  const [failures, random, delayMs] of [
    [1, 0, 500],
    [1, 1, 1_000],
    [2, 0, 1_000],
    [3, 1, 4_000],
    [99, 1, 4_000],
    [1e9, 0, 2_000],
  ] as const
) {
  Deno.test(`retryDelayMs(${failures}) at random ${random} is ${delayMs}`, () => {
    assertEquals(retryDelayMs(failures, { random: () => random }), delayMs);
  });
}
