import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { parseConfig } from "../../conf/parse.ts";
import { noopLogger } from "../../log/logger.ts";
import { eventually } from "../../testing/eventually.ts";
import { FaultProxy } from "../../testing/fault_proxy.ts";
import { MemoryLog } from "../../testing/memory_log.ts";
import { EtcdProcess } from "../../testing/provision_etcd.ts";
import { type EtcdConf, etcdConfig, etcdOptionsOf, publishedId } from "./config.ts";
import { EtcdError } from "./errors.ts";
import { GatewayClient } from "./gateway_client.ts";
import { EtcdRegistry } from "./registry.ts";

const testdata = new URL("testdata/", import.meta.url).pathname;
const CA = `${testdata}ca.pem`;
const own = { CertFile: `${testdata}client.pem`, CertKeyFile: `${testdata}client.key.pem` };
const serverTls = [
  "--cert-file",
  `${testdata}server.pem`,
  "--key-file",
  `${testdata}server.key.pem`,
];
const wantsClients = ["--client-cert-auth", "--trusted-ca-file", CA];

const quick = { retryMs: 50, maxRetryMs: 100, logger: noopLogger };

/** The section `Etcd` as a program gets it of a YAML file. */
function sectionOf(host: string, more: Record<string, unknown>): EtcdConf {
  const text = JSON.stringify({ Hosts: [host], Key: "greet.rpc", ...more });
  return parseConfig(etcdConfig, text, "yaml");
}

/** Publishes and follows, and follows a change, so that requests and streams have been tried. */
async function publishAndFollow(registry: EtcdRegistry): Promise<void> {
  await using _entry = await registry.publish("greet.rpc", "a:1");
  const subscription = registry.subscribe("greet.rpc");
  assertEquals(await subscription.resolve(), ["a:1"]);
  await using _more = await registry.publish("greet.rpc", "b:1");
  await eventually("the second entry", () => subscription.values.length === 2);
}

const connected: { name: string; server?: string[]; config: Record<string, unknown> }[] = [
  { name: "a certificate of its own and an authority", config: { ...own, CACertFile: CA } },
  { name: "an authority alone", server: [], config: { CACertFile: CA } },
  { name: "no check of the server", config: { ...own, InsecureSkipVerify: true } },
  {
    name: "no check of the server, though the authority is another's",
    config: { ...own, CACertFile: own.CertFile, InsecureSkipVerify: true },
  },
];
for (const { name, server = wantsClients, config } of connected) {
  Deno.test(`EtcdRegistry speaks TLS from its configuration alone, with ${name}`, async () => {
    await using etcd = await EtcdProcess.start({
      scheme: "https",
      args: [...serverTls, ...server],
    });
    const options = etcdOptionsOf(sectionOf(etcd.host, config));
    const logger = new MemoryLog();
    await using registry = new EtcdRegistry({ ...options, logger });
    await publishAndFollow(registry);
    const isTold = logger.contents("error").join().includes("InsecureSkipVerify is on");
    assertEquals(isTold, "InsecureSkipVerify" in config);
  });
}

Deno.test("EtcdRegistry speaks TLS to hosts that say https, and refuses those that mix", async () => {
  await using etcd = await EtcdProcess.start({ scheme: "https", args: serverTls });
  const host = `https://${etcd.host}`;
  await using registry = new EtcdRegistry(etcdOptionsOf(sectionOf(host, { CACertFile: CA })));
  await publishAndFollow(registry);
  const skip = sectionOf(host, { InsecureSkipVerify: true });
  await using unchecked = new EtcdRegistry({ ...etcdOptionsOf(skip), logger: noopLogger });
  await publishAndFollow(unchecked);
  for (const hosts of [[host, `http://${etcd.host}`], [host, etcd.host]]) {
    assertThrows(() => new GatewayClient({ hosts }), TypeError, "mix http and https");
  }
  const inTheClear = sectionOf(`http://${etcd.host}`, { CACertFile: CA });
  assertThrows(() => new EtcdRegistry(etcdOptionsOf(inTheClear)), TypeError, "mix http and https");
});

Deno.test("GatewayClient is refused without the certificate that etcd wants, and refuses an etcd it cannot trust", async () => {
  await using etcd = await EtcdProcess.start({
    scheme: "https",
    args: [...serverTls, ...wantsClients],
  });
  for (const config of [{ CACertFile: CA }, own, { ...own, CACertFile: own.CertFile }]) {
    await using client = new GatewayClient(etcdOptionsOf(sectionOf(etcd.host, config)));
    await assertRejects(() => client.range({ key: "a" }), EtcdError, "Cannot reach etcd");
  }
});

Deno.test("EtcdRegistry without a check of the server outlives a network that swallows everything, and closes in it", async () => {
  await using etcd = await EtcdProcess.start({ scheme: "https", args: serverTls });
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  const section = sectionOf(`https://${proxy.address}`, { InsecureSkipVerify: true });
  const times = { probeMs: 100, requestTimeoutMs: 500 };
  {
    await using registry = new EtcdRegistry({ ...etcdOptionsOf(section), ...quick, ...times });
    await using _entry = await registry.publish("greet.rpc", "a:1");
    const subscription = registry.subscribe("greet.rpc");
    await eventually("the entry", () => subscription.values.length === 1);
    proxy.silence({ forget: true });
    await eventually("the loss to be noticed", () => subscription.state === "stale");
    proxy.heal();
    await eventually("the registry", () => subscription.state === "live");
    assertEquals(subscription.values, ["a:1"]);
    proxy.silence();
  }
});

Deno.test("EtcdRegistry takes certificates that were renewed while it runs", async () => {
  await using etcd = await EtcdProcess.start({ scheme: "https", args: serverTls });
  const file = await Deno.makeTempFile({ suffix: ".pem" });
  await Deno.copyFile(own.CertFile, file); // An authority that nobody knows.
  await using registry = new EtcdRegistry({
    ...etcdOptionsOf(sectionOf(etcd.host, { CACertFile: file })),
    ...quick,
  });
  await using entry = await registry.publish("greet.rpc", "a:1", { background: true });
  const subscription = registry.subscribe("greet.rpc");
  await assertRejects(() => subscription.resolve(), Error, "Cannot reach etcd");
  await Deno.writeTextFile(file, ""); // Half of an exchange.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await Deno.copyFile(CA, file);
  await eventually("the entry", () => subscription.values.length === 1);
  assertEquals([entry.state, subscription.state], ["registered", "live"]);
  await Deno.remove(file);
});

/** Asks etcd something for which the client has no words. */
async function ask(host: string, path: string, body: unknown, token?: string): Promise<string> {
  const response = await fetch(`http://${host}/v3/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: token ? { Authorization: token } : {},
  });
  const text = await response.text();
  assertEquals(response.status, 200, text);
  return text;
}

Deno.test("EtcdRegistry uses an account, and gets a new token when the old one has run out", async () => {
  // Tokens live for a second, counted from their last use; the watch keeps none alive.
  await using etcd = await EtcdProcess.start({ args: ["--auth-token-ttl", "1"] });
  const password = "secret";
  await ask(etcd.host, "auth/user/add", { name: "root", password });
  await ask(etcd.host, "auth/user/grant", { user: "root", role: "root" });
  await using open = new GatewayClient({ hosts: [etcd.host], user: "root", password });
  await open.put("greet.rpc/0", "zero:1"); // Nobody is asked for a password yet.
  await ask(etcd.host, "auth/enable", {});

  await using nobody = new GatewayClient({ hosts: [etcd.host] });
  await assertRejects(() => nobody.range({ key: "a" }), EtcdError, "user name is empty");
  await using wrong = new GatewayClient({ hosts: [etcd.host], user: "root", password: "guess" });
  await assertRejects(() => wrong.range({ key: "a" }), EtcdError, "authentication failed");

  await using registry = new EtcdRegistry({
    hosts: [etcd.host],
    user: "root",
    password,
    probeMs: 60_000,
    leaseTtlS: 30,
  });
  const subscription = registry.subscribe("greet.rpc");
  assertEquals(await subscription.resolve(), ["zero:1"]);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await using _entry = await registry.publish("greet.rpc", "a:1");
  await eventually("the entry", () => subscription.values.length === 2);
});

const missing = `${testdata}missing.pem`;
const refused: [Record<string, unknown>, string][] = [
  [{ Hosts: [] }, "empty etcd hosts"],
  [{ Key: "" }, "empty etcd key"],
  [{ CertFile: own.CertFile }, "CertFile and CertKeyFile go together"],
  [{ CertKeyFile: own.CertKeyFile, CACertFile: CA }, "CertFile and CertKeyFile go together"],
  [{ CACertFile: missing }, `cannot read CACertFile "${missing}": No such file`],
  [{ ...own, CertFile: missing }, `cannot read CertFile "${missing}"`],
  [{ ...own, CertKeyFile: missing }, `cannot read CertKeyFile "${missing}"`],
  [{ CACertFile: `${testdata}publisher.ts` }, "is no PEM file"],
  [{ Hosts: ["a:1/x"] }, `need host:port, got "a:1/x"`],
  [{ Hosts: [""] }, `need host:port, got ""`],
  [{ Hosts: ["user@a:1"] }, `need host:port, got "user@a:1"`],
];
for (const [part, message] of refused) {
  Deno.test(`EtcdRegistry refuses the section with ${JSON.stringify(part).replaceAll(testdata, "")}`, () => {
    const open = () => new EtcdRegistry(etcdOptionsOf(sectionOf("a:1", part)));
    assertThrows(open, TypeError, message);
  });
}

for (
  const [config, options] of [
    [{ User: "root", Pass: "secret" }, { user: "root", password: "secret" }],
    [{ User: "root" }, {}],
    [{ Pass: "secret" }, {}],
    [{ InsecureSkipVerify: true }, {}],
    [{ CACertFile: "ca" }, { tls: { caFile: "ca" } }],
    [{ CertFile: "c", CertKeyFile: "k" }, { tls: { certFile: "c", keyFile: "k" } }],
  ] as const
) {
  Deno.test(`etcdOptionsOf() makes of ${JSON.stringify(config)}: ${JSON.stringify(options)}`, () => {
    assertEquals(etcdOptionsOf(sectionOf("a:1", config)), { hosts: ["a:1"], ...options });
  });
}

for (const [ID, id] of [[-1, undefined], [0, undefined], [10_000, "10000"]] as const) {
  Deno.test(`publishedId() of ${ID} is ${id}`, () => assertEquals(publishedId({ ID }), id));
}
