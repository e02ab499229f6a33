/** Tests of a publication against an etcd that the test plays. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { noopLogger } from "../../log/logger.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import type { CallOptions, EtcdClient } from "./client.ts";
import { EtcdError } from "./errors.ts";
import { EtcdRegistry, type EtcdRegistryOptions } from "./registry.ts";

/** An etcd of leases and keys that can be silent. */
class ScriptedEtcd {
  readonly name = "etcd script";
  readonly keys = new Map<string, { value: string; lease: string }>();
  readonly calls: string[] = [];
  /** Calls of these names hang until they are aborted. */
  readonly silent = new Set<string>();
  /** What the next renewals answer; then the whole life of the lease. */
  renewals: (number | Error)[] = [];
  #leases = 9_007_199_254_740_993n; // More than a JavaScript number holds.
  closed = false;

  async #call(name: string, { signal }: CallOptions = {}): Promise<void> {
    this.calls.push(name);
    if (this.closed) throw new EtcdError("unavailable", "the client is closed");
    if (!this.silent.has(name)) return;
    await new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  async grantLease(_ttlS: number, options?: CallOptions): Promise<string> {
    await this.#call("grant", options);
    return String(this.#leases++);
  }

  async put(key: string, value: string, options: CallOptions & { lease?: string }): Promise<void> {
    await this.#call("put", options);
    this.keys.set(key, { value, lease: options.lease! });
  }

  async keepLeaseAlive(_lease: string, options?: CallOptions): Promise<number> {
    await this.#call("renew", options);
    const answer = this.renewals.shift() ?? 10;
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async revokeLease(lease: string, options?: CallOptions): Promise<void> {
    await this.#call("revoke", options);
    for (const [key, entry] of this.keys) if (entry.lease === lease) this.keys.delete(key);
  }

  delete(): Promise<number> {
    return Promise.resolve(0);
  }

  async range({ key }: { key: string }, options?: CallOptions) {
    await this.#call("range", options);
    const entry = this.keys.get(key);
    const found = { key, value: entry?.value ?? "", modRevision: 1n, lease: "0" };
    const entries = entry && !("minModRevision" in (options ?? {})) ? [found] : [];
    return { revision: 1n, entries, count: entry ? 1 : 0 };
  }

  watch(_range: unknown, { signal }: CallOptions): Promise<never> {
    return new Promise((_, reject) => {
      signal!.addEventListener("abort", () => reject(signal!.reason), { once: true });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function setUp(options: Partial<EtcdRegistryOptions> = {}) {
  const etcd = new ScriptedEtcd();
  const clock = new FakeClock();
  const client: EtcdClient = etcd;
  const registry = new EtcdRegistry({
    hosts: ["a:1"],
    client,
    clock,
    random: () => 1,
    logger: noopLogger,
    ...options,
  });
  return { etcd, clock, registry };
}

Deno.test("EtcdPublication keeps the whole number of a lease that no JavaScript number holds", async () => {
  const { etcd, registry } = setUp();
  const entry = await registry.publish("greet.rpc", "a:1");
  assertEquals([entry.key, [...etcd.keys.keys()]], [
    "greet.rpc/9007199254740993",
    ["greet.rpc/9007199254740993"],
  ]);
  await registry[Symbol.asyncDispose]();
});

Deno.test("EtcdPublication renews three times within the life of its lease", async () => {
  const { etcd, clock, registry } = setUp({ leaseTtlS: 9 });
  await registry.publish("greet.rpc", "a:1");
  await clock.advance(9_000);
  assertEquals(etcd.calls.filter((call) => call === "renew").length, 3);
  await registry[Symbol.asyncDispose]();
});

for (
  const [name, answer] of [
    ["its time is up", 0],
    ["etcd does not know it", new EtcdError("not_found", "requested lease not found")],
  ] as const
) {
  Deno.test(`EtcdPublication makes a new lease when a renewal says that ${name}`, async () => {
    const { etcd, clock, registry } = setUp();
    const entry = await registry.publish("greet.rpc", "a:1");
    etcd.keys.clear();
    etcd.renewals = [answer];
    await clock.advance(10_000 / 3 + 1);
    assertEquals([entry.state, [...etcd.keys.keys()]], [
      "registered",
      ["greet.rpc/9007199254740994"],
    ]);
    await registry[Symbol.asyncDispose]();
  });
}

Deno.test("EtcdPublication keeps its lease while renewals fail, and asks again within 4 s", async () => {
  const { etcd, clock, registry } = setUp();
  const entry = await registry.publish("greet.rpc", "a:1");
  etcd.renewals = Array.from({ length: 8 }, () => new EtcdError("unavailable", "away"));
  await clock.advance(10_000 / 3 + 1);
  assertEquals(entry.state, "registering");
  await clock.advance(1_000 + 2_000 + 4_000 * 6);
  const { length } = etcd.calls.filter((call) => call === "renew");
  assertEquals([length, entry.state, entry.key], [9, "registered", "greet.rpc/9007199254740993"]);
  await registry[Symbol.asyncDispose]();
});

Deno.test("EtcdRegistry ends a publication that is still being made when it closes", async () => {
  const { etcd, clock, registry } = setUp();
  etcd.silent.add("put");
  const publishing = assertRejects(
    () => registry.publish("greet.rpc", "a:1"),
    Error,
    'Cannot publish "greet.rpc": closed meanwhile',
  );
  await clock.advance(1);
  await registry[Symbol.asyncDispose]();
  await publishing;
  const { length } = etcd.calls;
  await clock.advance(60_000);
  assertEquals([etcd.calls.length - length, clock.pendingTimers], [0, 0]);
  assert(etcd.calls.includes("revoke"));
});

Deno.test("EtcdPublication is closed within the time of one request when etcd is silent, however many members it has", async () => {
  const { etcd, clock, registry } = setUp();
  const entry = await registry.publish("greet.rpc", "a:1");
  etcd.silent.add("revoke");
  let isClosed = false;
  const closing = registry[Symbol.asyncDispose]().then(() => isClosed = true);
  await clock.advance(2_999);
  assertEquals(isClosed, false);
  await clock.advance(1);
  await closing;
  assertEquals([entry.state, clock.pendingTimers], ["closed", 0]);
});

Deno.test("S9: EtcdPublication renews as before when the wall clock jumps", async () => {
  const { etcd, clock, registry } = setUp({ leaseTtlS: 9 });
  const entry = await registry.publish("greet.rpc", "a:1");
  const { key } = entry;
  for (const jumpMs of [3_600_000, -7_200_000]) {
    clock.jumpWallTime(jumpMs);
    etcd.calls.length = 0;
    await clock.advance(9_000);
    const { length } = etcd.calls.filter((call) => call === "renew");
    assertEquals([length, etcd.calls.includes("grant")], [3, false]);
  }
  assertEquals([entry.key, entry.state], [key, "registered"]);
  await registry[Symbol.asyncDispose]();
});
