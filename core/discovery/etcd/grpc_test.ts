/** Tests of an etcd that has no JSON gateway, so that gRPC is spoken. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { connect } from "node:http2";
import { noopLogger } from "../../log/logger.ts";
import { eventually } from "../../testing/eventually.ts";
import { FaultProxy } from "../../testing/fault_proxy.ts";
import { MemoryLog } from "../../testing/memory_log.ts";
import { EtcdProcess } from "../../testing/provision_etcd.ts";
import { CompactedError, EtcdError } from "./errors.ts";
import { GatewayClient } from "./gateway_client.ts";
import { GrpcConnections } from "./_grpc_connections.ts";
import { decodeMessage, encodeMessage, METHODS } from "./_messages.ts";
import { EtcdRegistry, type EtcdRegistryOptions } from "./registry.ts";
import { encodeText } from "./_wire.ts";

const etcd = await EtcdProcess.start({ args: ["--enable-grpc-gateway=false"] });
Deno.test.afterAll(() => etcd[Symbol.asyncDispose]());

const fast: Omit<EtcdRegistryOptions, "hosts"> = {
  leaseTtlS: 2,
  retryMs: 50,
  maxRetryMs: 200,
  probeMs: 100,
  requestTimeoutMs: 300,
  lossGraceMs: 3_000,
  logger: noopLogger,
};

let count = 0;
const newService = () => `grpc_${count++}`;

Deno.test("GatewayClient does over gRPC all that it does over the gateway", async () => {
  await using client = new GatewayClient({ hosts: ["127.0.0.1:1", etcd.host] });
  const key = `${newService()}/ü`;
  const lease = await client.grantLease(30);
  assert(BigInt(lease) > 2n ** 53n, lease);
  await client.put(key, "wert ✓", { lease });
  await client.put(`${key}/2`, "");
  const { entries, count: found, revision } = await client.range({ key, prefix: true });
  assertEquals([found, entries[0]?.value, entries[0]?.lease, entries[1]?.value], [
    2,
    "wert ✓",
    lease,
    "",
  ]);
  const only = await client.range({ key, prefix: true }, {
    limit: 1,
    keysOnly: true,
    minModRevision: revision,
  });
  assertEquals([only.count, only.entries.map(({ key }) => key)], [2, [`${key}/2`]]);
  assertEquals(await client.keepLeaseAlive(lease), 30);
  await client.revokeLease(lease);
  await client.revokeLease(lease); // Which is gone.
  assertEquals(await client.keepLeaseAlive(lease), 0);
  const error = await assertRejects(() => client.put(key, "x", { lease }), EtcdError, "not found");
  assertEquals(error.code, "not_found");
  assertEquals(await client.delete({ key, prefix: true }), 1);
});

Deno.test("GatewayClient.watch() over gRPC tells of changes, of compaction and of the end of its signal", async () => {
  await using client = new GatewayClient({ hosts: [etcd.host] });
  const key = newService();
  const { revision } = await client.range({ key });
  const seen: unknown[] = [];
  const controller = new AbortController();
  const watching = assertRejects(
    () =>
      client.watch({ key }, {
        fromRevision: revision + 1n,
        onEvents: (events) => seen.push(...events.map(({ type, entry }) => [type, entry.value])),
        signal: controller.signal,
      }),
    Error,
    "enough",
  );
  await client.put(key, "a");
  await client.put(key, "b");
  await client.delete({ key });
  await eventually("the events", () => seen.length === 3);
  assertEquals(seen, [["put", "a"], ["put", "b"], ["delete", ""]]);
  controller.abort(new Error("enough"));
  await watching;
  const last = await client.range({ key });
  await compact(last.revision);
  const options = { fromRevision: 1n, onEvents() {} };
  await assertRejects(() => client.watch({ key }, options), CompactedError);
});

/** Asks for what the client has no words for. */
async function compact(revision: bigint): Promise<void> {
  const session = connect(`http://${etcd.host}`);
  const stream = session.request({
    ":method": "POST",
    ":path": "/etcdserverpb.KV/Compact",
    "content-type": "application/grpc",
    te: "trailers",
  });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  stream.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
  stream.resume();
  const message = encodeMessage({ revision: [1, "int64"] }, { revision: String(revision) });
  stream.end(new Uint8Array([0, 0, 0, 0, message.length, ...message]));
  assertEquals(await promise, "0");
  session.destroy();
}

Deno.test("GatewayClient over gRPC leaves no watch at the server that nobody wants any more", async () => {
  await using client = new GatewayClient({ hosts: [etcd.host] });
  const { revision } = await client.range({ key: "k" });
  const watchers = async () => {
    const figures = await (await fetch(`http://${etcd.host}/metrics`)).text();
    return Number(/^etcd_debugging_mvcc_watcher_total (\d+)/m.exec(figures)?.[1]);
  };
  const before = await watchers();
  const controller = new AbortController();
  const { signal } = controller;
  const options = { fromRevision: revision + 1n, onEvents() {}, signal };
  const watching = Array.from({ length: 20 }, () => client.watch({ key: "k" }, options));
  await eventually("the watches", async () => await watchers() === before + 20);
  controller.abort(new Error("enough"));
  await Promise.allSettled(watching);
  await eventually("the watches to go", async () => await watchers() === before);
});

Deno.test("EtcdRegistry over gRPC outlives an etcd that dies and one that loses its data", async () => {
  const service = newService();
  const log = new MemoryLog();
  await using own = await EtcdProcess.start({ args: ["--enable-grpc-gateway=false"] });
  await using registry = new EtcdRegistry({ ...fast, hosts: [own.host], logger: log });
  await using entry = await registry.publish(service, "a:1");
  const subscription = registry.subscribe(service);
  await eventually("the entry", () => subscription.values.length === 1);
  let wasEmpty = false;
  using _watch = subscription.subscribe(({ length }) => wasEmpty ||= length === 0);
  for (const wipe of [false, true]) {
    await own.kill();
    await eventually("the loss to be noticed", () => subscription.state === "stale");
    await own.restart({ wipe });
    await eventually("etcd", () => subscription.state === "live" && entry.state === "registered");
  }
  await using client = new GatewayClient({ hosts: [own.host] });
  await eventually("the key", async () => (await client.range({ key: entry.key! })).count === 1);
  assertEquals([wasEmpty, subscription.values], [false, ["a:1"]]);
});

Deno.test("EtcdRegistry over gRPC outlives fifty cuts and silences, and leaves no connection behind", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  {
    await using registry = new EtcdRegistry({
      ...fast,
      leaseTtlS: 30,
      probeMs: 20,
      requestTimeoutMs: 60,
      retryMs: 5,
      maxRetryMs: 5,
      hosts: [proxy.address],
    });
    await using _entry = await registry.publish(service, "own:1");
    const subscription = registry.subscribe(service);
    await eventually("the entry", () => subscription.values.length === 1);
    for (let i = 0; i < 50; i++) {
      if (i % 2 === 0) proxy.cut();
      else {
        proxy.silence();
        await eventually("the silence to be noticed", () => subscription.state !== "live");
        proxy.heal();
      }
      await client.put(`${service}/x`, `x:${i}`);
      await eventually(`change ${i}`, () => subscription.values.includes(`x:${i}`));
      assert(subscription.values.includes("own:1"));
    }
    assert(proxy.connections < 10, `${proxy.connections} connections`);
  }
  await eventually("all connections to go", () => proxy.connections === 0);
});

const testdata = new URL("testdata/", import.meta.url).pathname;
for (const insecureSkipVerify of [false, true]) {
  const how = insecureSkipVerify ? "no check" : "a check";
  Deno.test(`GatewayClient over gRPC speaks TLS, with ${how} of the server, and uses an account`, async () => {
    await using secure = await EtcdProcess.start({
      scheme: "https",
      args: [
        ...["--cert-file", `${testdata}server.pem`, "--key-file", `${testdata}server.key.pem`],
        ...["--client-cert-auth", "--trusted-ca-file", `${testdata}ca.pem`],
      ],
    });
    const tls = {
      certFile: `${testdata}client.pem`,
      keyFile: `${testdata}client.key.pem`,
      ...(insecureSkipVerify ? { insecureSkipVerify } : { caFile: `${testdata}ca.pem` }),
    };
    await enableAccounts(secure.host);
    const account = { hosts: [secure.host], tls, user: "root" };
    await using client = new GatewayClient({ ...account, password: "secret" });
    await client.put("k", "v");
    assertEquals((await client.range({ key: "k" })).entries[0]?.value, "v");
    await using guess = new GatewayClient({ ...account, password: "guess" });
    await assertRejects(() => guess.range({ key: "k" }), EtcdError, "authentication failed");
  });
}

Deno.test("GrpcConnections take no member whose certificate is of another authority, or for another host", async () => {
  await using secure = await EtcdProcess.start({
    scheme: "https",
    args: ["--cert-file", `${testdata}server.pem`, "--key-file", `${testdata}server.key.pem`],
  });
  const read = (name: string) => Deno.readTextFileSync(`${testdata}${name}.pem`);
  const init = { method: "POST", body: JSON.stringify({ key: encodeText("k") }) };
  const path = "v3/kv/range";
  // The same server under an address that its certificate does not name.
  using listener = Deno.listen({ hostname: "127.0.0.2", port: 0 });
  const forwarding = (async () => {
    for await (const from of listener) {
      const to = await Deno.connect({ hostname: "127.0.0.1", port: secure.port });
      from.readable.pipeTo(to.writable).catch(() => {});
      to.readable.pipeTo(from.writable).catch(() => {});
    }
  })();
  const alias = `https://127.0.0.2:${listener.addr.port}/${path}`;
  const rows: [ca: string, url: string, insecureSkipVerify: boolean, isTaken: boolean][] = [
    ["ca", `https://${secure.host}/${path}`, false, true],
    ["client", `https://${secure.host}/${path}`, false, false],
    ["ca", alias, false, false],
    ["client", alias, true, true],
  ];
  for (const [ca, url, insecureSkipVerify, isTaken] of rows) {
    using connections = new GrpcConnections({ caCerts: [read(ca)], insecureSkipVerify });
    const answered = connections.fetch(url, init).then(({ ok }) => ok, () => false);
    assertEquals([ca, url, await answered], [ca, url, isTaken]);
  }
  listener.close();
  await forwarding.catch(() => {});
});

async function enableAccounts(host: string): Promise<void> {
  using http = Deno.createHttpClient({
    caCerts: [await Deno.readTextFile(`${testdata}ca.pem`)],
    cert: await Deno.readTextFile(`${testdata}client.pem`),
    key: await Deno.readTextFile(`${testdata}client.key.pem`),
  });
  const steps: [string, unknown][] = [
    ["user/add", { name: "root", password: "secret" }],
    ["user/grant", { user: "root", role: "root" }],
    ["enable", {}],
  ];
  for (const [step, body] of steps) {
    const init = { method: "POST", body: JSON.stringify(body), client: http };
    const response = await fetch(`https://${host}/v3/auth/${step}`, init);
    assertEquals(response.status, 200, await response.text());
  }
}

const put = METHODS["kv/put"]!.request;
const ranged = METHODS["kv/range"]!.response;
for (const lease of ["0", "1", "127", "128", "9223372036854775807", "-1", "-9223372036854775808"]) {
  Deno.test(`encodeMessage() and decodeMessage() keep the number ${lease}`, () => {
    const message = { key: encodeText("ü"), value: encodeText(""), lease };
    assertEquals(decodeMessage(put, encodeMessage(put, message)), message);
  });
}

Deno.test("decodeMessage() skips what it does not know, and refuses what ends too soon", () => {
  const known = [10, 2, 24, 7]; // header { revision: 7 }
  const unknown = [
    8 << 3,
    5,
    9 << 3 | 1,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9 << 3 | 5,
    1,
    2,
    3,
    4,
    9 << 3 | 2,
    1,
    0,
  ];
  const bytes = new Uint8Array([...unknown, ...known]);
  assertEquals(decodeMessage(ranged, bytes), { header: { revision: "7" } });
  for (
    const broken of [[10, 9], [10], [32, 0x80], [10, 2, 24], [11], [32, ...Array(11).fill(0x80)]]
  ) {
    assertThrows(() => decodeMessage(ranged, new Uint8Array(broken)), SyntaxError);
  }
});
