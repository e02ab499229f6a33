import { assert, assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../../testing/fake_clock.ts";
import { CompactedError, EtcdError } from "./errors.ts";
import { GatewayClient } from "./gateway_client.ts";
import { KeySource } from "./key_source.ts";
import type { EtcdClient, RangeAnswer } from "./client.ts";
import { clusterName } from "./options.ts";
import { encodeText, prefixEnd } from "./_wire.ts";

type Answer = Response | Error | undefined;

/** A client whose requests are answered by the test; without an answer they hang until they are aborted. */
function setUp(answer: (url: string, init: RequestInit) => Answer, hosts = ["a:1", "b:1", "c:1"]) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const fetch = (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    asked.push(String(url));
    const answered = answer(String(url), init);
    if (answered instanceof Response) return Promise.resolve(answered);
    if (answered) return Promise.reject(answered);
    return new Promise((_, reject) => {
      init.signal!.addEventListener("abort", () => reject(init.signal!.reason), { once: true });
    });
  };
  const client = new GatewayClient({ hosts, fetch, clock, random: () => 0 });
  return { client, clock, asked };
}

const empty = () => Response.json({ header: { revision: "7" } });
const refusal = (code: number, message: string, status = 500) =>
  Response.json({ error: message, code, message }, { status });

Deno.test("GatewayClient asks the next member when one cannot be reached, and stays with it", async () => {
  const { client, asked } = setUp((url) =>
    url.includes("//b") ? empty() : new TypeError("refused")
  );
  for (let i = 0; i < 2; i++) assertEquals((await client.range({ key: "k" })).revision, 7n);
  assertEquals(asked.map((url) => new URL(url).hostname), ["a", "b", "b"]);
});

Deno.test("GatewayClient asks the next member when one is silent", async () => {
  const { client, clock, asked } = setUp((url) => url.includes("//b") ? empty() : undefined);
  const answer = client.range({ key: "k" });
  await clock.advance(2_999);
  assertEquals(asked.length, 1);
  await clock.advance(1);
  assertEquals((await answer).revision, 7n);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("GatewayClient gives up when all members have been asked", async () => {
  const { client, asked } = setUp(() => new TypeError("failed", { cause: new Error("refused") }));
  const error = await assertRejects(() => client.range({ key: "k" }), EtcdError);
  assertEquals([error.code, error.message, asked.length], [
    "unavailable",
    "Cannot reach etcd at http://c:1: refused",
    3,
  ]);
});

Deno.test("GatewayClient asks no other member when the caller goes", async () => {
  const { client, clock, asked } = setUp(() => undefined);
  const controller = new AbortController();
  const answer = assertRejects(
    () => client.range({ key: "k" }, { signal: controller.signal }),
    Error,
    "enough",
  );
  await clock.advance(1);
  controller.abort(new Error("enough"));
  await answer;
  assertEquals([asked.length, clock.pendingTimers], [1, 0]);
  await assertRejects(
    () => client.range({ key: "k" }, { signal: controller.signal }),
    Error,
    "enough",
  );
});

for (
  const [name, response, code, message, times] of [
    [
      "what it refuses",
      () => refusal(3, "bad key", 400),
      "invalid_argument",
      "Cannot use etcd: bad key",
      1,
    ],
    ["that it has no leader", () => refusal(14, "no leader", 503), "unavailable", "no leader", 3],
    [
      "with a page",
      () => new Response("<h1>Bad Gateway", { status: 502 }),
      "unavailable",
      "<h1>Bad Gateway",
      3,
    ],
    [
      "that there is no such path",
      () => new Response("404 page not found", { status: 404 }),
      "unimplemented",
      "it has no JSON gateway under /v3/kv/range",
      1,
    ],
    ["what is no JSON", () => new Response("{"), "unavailable", "Cannot reach etcd", 3],
  ] as const
) {
  Deno.test(`GatewayClient rejects when a member answers ${name}`, async () => {
    const { client, asked } = setUp(response);
    const error = await assertRejects(() => client.range({ key: "k" }), EtcdError, message);
    assertEquals([error.code, asked.length], [code, times]);
  });
}

Deno.test("GatewayClient writes keys, ranges and numbers as the gateway has them", async () => {
  const bodies: unknown[] = [];
  const { client } = setUp((url, init) => {
    bodies.push([new URL(url).pathname, JSON.parse(String(init.body))]);
    return Response.json({ header: { revision: "1" }, ID: "9223372036854775807", deleted: "2" });
  });
  await client.range({ key: "ü/", prefix: true }, { limit: 1, minModRevision: 9n, keysOnly: true });
  await client.put("k", "v", { lease: "9223372036854775807" });
  assertEquals(await client.delete({ key: "k" }), 2);
  assertEquals(await client.grantLease(10), "9223372036854775807");
  const key = encodeText("k");
  assertEquals(bodies, [
    ["/v3/kv/range", {
      key: encodeText("ü/"),
      range_end: encodeText("ü0"),
      limit: "1",
      min_mod_revision: "9",
      keys_only: true,
    }],
    ["/v3/kv/put", { key, value: encodeText("v"), lease: "9223372036854775807" }],
    ["/v3/kv/deleterange", { key }],
    ["/v3/lease/grant", { TTL: "10" }],
  ]);
});

Deno.test("prefixEnd() is the first key after all that begin so", () => {
  assertEquals(prefixEnd("a/"), new TextEncoder().encode("a0"));
  assertEquals(prefixEnd(""), new Uint8Array([0]));
});

for (
  const [name, body, call] of [
    ["a list without a revision", {}, (etcd: GatewayClient) => etcd.range({ key: "k" })],
    [
      "a list with a broken revision",
      { header: { revision: "x" } },
      (etcd: GatewayClient) => etcd.range({ key: "k" }),
    ],
    ["no object", [], (etcd: GatewayClient) => etcd.range({ key: "k" })],
    ["a lease without a number", { TTL: "10" }, (etcd: GatewayClient) => etcd.grantLease(10)],
    ["no renewal", {}, (etcd: GatewayClient) => etcd.keepLeaseAlive("7")],
  ] as const
) {
  Deno.test(`GatewayClient takes ${name} for no answer at all`, async () => {
    const { client, asked } = setUp(() => Response.json(body));
    const error = await assertRejects(() => call(client), EtcdError, "Cannot reach etcd");
    assertEquals([error.code, asked.length], ["unavailable", 3]);
  });
}

Deno.test("GatewayClient reads of a renewal how long the lease has, and that it has none", async () => {
  const results = [{ ID: "7", TTL: "10" }, { ID: "7" }];
  const { client } = setUp(() => Response.json({ result: results.shift() }));
  assertEquals([await client.keepLeaseAlive("7"), await client.keepLeaseAlive("7")], [10, 0]);
});

/** A client of an account whose requests for a token are answered when the test says so. */
function setUpAccount() {
  const logins: ((token: string) => void)[] = [];
  /** What the answers to the next requests wait for. */
  const held: Promise<void>[] = [];
  let valid = "";
  const fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    if (String(url).endsWith("/authenticate")) {
      const { promise, resolve } = Promise.withResolvers<string>();
      logins.push(resolve);
      const aborted = new Promise<never>((_, reject) => {
        init.signal!.addEventListener("abort", () => reject(init.signal!.reason), { once: true });
      });
      return Response.json({ token: valid = await Promise.race([promise, aborted]) });
    }
    const token = new Headers(init.headers).get("authorization");
    await held.shift();
    return token === valid ? empty() : refusal(16, "etcdserver: invalid auth token", 401);
  };
  const clock = new FakeClock();
  const client = new GatewayClient({
    hosts: ["a:1"],
    user: "root",
    password: "secret",
    fetch: fetch as typeof globalThis.fetch,
    clock,
  });
  return { client, clock, logins, held, expire: () => valid = "none" };
}

Deno.test("GatewayClient logs in once for all, though the first who wanted it goes away", async () => {
  const { client, clock, logins } = setUpAccount();
  const controller = new AbortController();
  const first = assertRejects(
    () => client.range({ key: "k" }, { signal: controller.signal }),
    Error,
    "enough",
  );
  const second = client.range({ key: "k" });
  await clock.advance(1);
  controller.abort(new Error("enough"));
  await first;
  assertEquals(logins.length, 1);
  logins[0]!("one");
  assertEquals((await second).revision, 7n);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("GatewayClient logs in once more when many requests hear that their token has run out", async () => {
  const { client, clock, logins, expire } = setUpAccount();
  const first = client.range({ key: "k" });
  await clock.advance(1);
  logins[0]!("one");
  await first;
  expire();
  const all = Promise.all([1, 2, 3].map(() => client.range({ key: "k" })));
  await clock.advance(1);
  assertEquals(logins.length, 2);
  logins[1]!("two");
  await all;
});

Deno.test("GatewayClient keeps its new token when a request hears late that the old one has run out", async () => {
  const { client, clock, logins, held, expire } = setUpAccount();
  const first = client.range({ key: "k" });
  await clock.advance(1);
  logins[0]!("one");
  await first;
  const late = Promise.withResolvers<void>();
  held.push(late.promise);
  const slow = client.range({ key: "k" });
  expire();
  const fast = client.range({ key: "k" });
  await clock.advance(1);
  logins[1]!("two");
  await fast;
  late.resolve();
  assertEquals([(await slow).revision, logins.length], [7n, 2]);
});

const lines = (...values: unknown[]) =>
  new Response(values.map((value) => JSON.stringify(value)).join("\n"));
for (
  const [name, body, kind, message] of [
    ["an error", { error: { grpc_code: 14, message: "gone" } }, EtcdError, "Cannot use etcd: gone"],
    [
      "a cancellation",
      { result: { canceled: true, cancel_reason: "no leader" } },
      EtcdError,
      "the watch was canceled, no leader",
    ],
    [
      "a compaction",
      { result: { canceled: true, compact_revision: "12" } },
      CompactedError,
      "the oldest one is 12",
    ],
    ["its end", { result: { created: true } }, EtcdError, "the stream has ended"],
  ] as const
) {
  Deno.test(`GatewayClient.watch() rejects at ${name}`, async () => {
    const { client } = setUp(() => lines(body), ["a:1"]);
    const options = { fromRevision: 1n, onEvents() {} };
    await assertRejects(() => client.watch({ key: "k" }, options), kind, message);
  });
}

/** A stream of these lines that goes on until the signal is aborted, as that of `fetch` does. */
function endless(init: RequestInit, ...values: unknown[]): Response {
  const signal = init.signal!;
  return new Response(
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const value of values) {
          controller.enqueue(new TextEncoder().encode(JSON.stringify(value) + "\n"));
        }
        signal.addEventListener("abort", () => controller.error(signal.reason), { once: true });
      },
    }),
  );
}

Deno.test("GatewayClient.watch() is given up when its first answer does not come", async () => {
  const { client, clock } = setUp((_url, init) => endless(init), ["a:1"]);
  const options = { fromRevision: 1n, onEvents() {} };
  const watching = assertRejects(
    () => client.watch({ key: "k" }, options),
    EtcdError,
    "no answer within 3000 ms",
  );
  await clock.advance(3_000);
  await watching;
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("GatewayClient.watch() waits for ever once its first answer has come", async () => {
  const created = { result: { created: true } };
  const { client, clock } = setUp((_url, init) => endless(init, created), ["a:1"]);
  const controller = new AbortController();
  const { signal } = controller;
  let ended: unknown;
  const watching = client.watch({ key: "k" }, { fromRevision: 1n, onEvents() {}, signal })
    .catch((error) => ended = error);
  await clock.advance(3_600_000);
  assertEquals([ended, clock.pendingTimers], [undefined, 0]);
  controller.abort(new Error("enough"));
  await watching;
  assertEquals(String(ended), "Error: enough");
});

Deno.test("clusterName() is one whatever the order", () => {
  const hosts = ["b:2", "a:1"];
  assertEquals([clusterName(hosts), hosts], ["a:1,b:2", ["b:2", "a:1"]]);
});

/** A client of which a probe sees what the test says. */
function probed(answers: (Partial<RangeAnswer> | Error)[]) {
  const clock = new FakeClock();
  let probes = 0;
  const client: Pick<EtcdClient, "name" | "range" | "watch"> = {
    name: "etcd",
    range() {
      const answer = answers[Math.min(probes++, answers.length - 1)]!;
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ revision: 5n, entries: [], count: 1, ...answer });
    },
    watch: (_range, { signal }) =>
      new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason))),
  };
  const source = new KeySource(client as EtcdClient, { key: "s/", prefix: true }, { clock });
  const listing = { revision: 5n, entries: new Map([["s/1", "a:1"]]) };
  const stop = new AbortController();
  let ended: unknown;
  const watching = source.watch(listing, () => {}, stop.signal).catch((error) => ended = error);
  return { clock, watching, stop, probes: () => probes, ended: () => ended };
}

const away = new Error("away");
const entry = { key: "s/2", value: "", modRevision: 6n, lease: "0" };
for (
  const [name, answers, why] of [
    ["fails twice", [away, away], "away"],
    [
      "sees a key twice that the watch has not",
      [{ entries: [entry] }, { entries: [entry] }],
      "gone silent",
    ],
    ["misses a key twice that the watch has", [{ count: 0 }, { count: 0 }], "gone silent"],
    ["finds twice that the data is lost", [{ revision: 1n }, { revision: 1n }], "gone silent"],
  ] as const
) {
  Deno.test(`KeySource gives its watch up when a probe ${name}`, async () => {
    const { clock, watching, ended } = probed([...answers]);
    await clock.advance(5_000);
    assertEquals(ended(), undefined);
    await clock.advance(5_000);
    await watching;
    assert(String(ended()).includes(why), String(ended()));
    assertEquals(clock.pendingTimers, 0);
  });
}

Deno.test("KeySource keeps its watch when probes fail now and then", async () => {
  const { clock, watching, stop, ended, probes } = probed([away, {}, { count: 0 }, {}, away, {}]);
  await clock.advance(60_000);
  assertEquals([ended(), probes()], [undefined, 12]);
  stop.abort(new Error("stop"));
  await watching;
  assertEquals(clock.pendingTimers, 0);
});
