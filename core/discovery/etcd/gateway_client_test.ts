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
    return Response.json({ ID: "9223372036854775807", deleted: "2" });
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
