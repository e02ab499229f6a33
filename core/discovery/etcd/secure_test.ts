import { assertEquals, assertRejects } from "@std/assert";
import { eventually } from "../../testing/eventually.ts";
import { EtcdProcess } from "../../testing/provision_etcd.ts";
import { etcdOptionsOf, publishedId } from "./config.ts";
import { EtcdError } from "./errors.ts";
import { GatewayClient } from "./gateway_client.ts";
import { EtcdRegistry } from "./registry.ts";

const testdata = new URL("testdata/", import.meta.url).pathname;
const conf = {
  Key: "greet.rpc",
  ID: 0,
  CertFile: `${testdata}client.pem`,
  CertKeyFile: `${testdata}client.key.pem`,
  CACertFile: `${testdata}ca.pem`,
  InsecureSkipVerify: false,
};

Deno.test("EtcdRegistry speaks TLS and shows its certificate", async () => {
  await using etcd = await EtcdProcess.start({
    scheme: "https",
    args: [
      ...["--cert-file", `${testdata}server.pem`, "--key-file", `${testdata}server.key.pem`],
      ...["--client-cert-auth", "--trusted-ca-file", conf.CACertFile],
    ],
  });
  const options = await etcdOptionsOf({ ...conf, Hosts: [etcd.host] }, Deno.readTextFile);
  await using registry = new EtcdRegistry(options);
  await using _entry = await registry.publish("greet.rpc", "a:1");
  const subscription = registry.subscribe("greet.rpc");
  assertEquals(await subscription.resolve(), ["a:1"]);
  await using _more = await registry.publish("greet.rpc", "b:1");
  await eventually("the second entry", () => subscription.values.length === 2);
  await using stranger = new GatewayClient({
    hosts: [etcd.host],
    tls: { caCerts: options.tls!.caCerts },
  });
  await assertRejects(() => stranger.range({ key: "a" }), EtcdError, "Cannot reach etcd");
  await using doubter = new GatewayClient({ hosts: [etcd.host], tls: {} });
  await assertRejects(() => doubter.range({ key: "a" }), EtcdError, "Cannot reach etcd");
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

Deno.test("etcdOptionsOf() refuses what is not whole", async () => {
  const rows: [Partial<Parameters<typeof etcdOptionsOf>[0]>, string][] = [
    [{ Hosts: [] }, "empty etcd hosts"],
    [{ Key: "" }, "empty etcd key"],
    [{ CertFile: "" }, "CertFile, CertKeyFile and CACertFile go together"],
    [{ InsecureSkipVerify: true }, "InsecureSkipVerify is not supported"],
  ];
  for (const [part, message] of rows) {
    const config = { ...conf, Hosts: ["a:1"], ...part };
    await assertRejects(() => etcdOptionsOf(config, Deno.readTextFile), TypeError, message);
  }
});

for (
  const [user, pass, account] of [
    ["root", "secret", { user: "root", password: "secret" }],
    ["root", "", {}],
    ["", "secret", {}],
  ] as const
) {
  Deno.test(`etcdOptionsOf() takes account "${user}" with password "${pass}"`, async () => {
    const config = { Hosts: ["a:1"], Key: "k", ID: 0, InsecureSkipVerify: false };
    const options = await etcdOptionsOf({ ...config, User: user, Pass: pass }, Deno.readTextFile);
    assertEquals(options, { hosts: ["a:1"], ...account });
  });
}

for (const [ID, id] of [[-1, undefined], [0, undefined], [10_000, "10000"]] as const) {
  Deno.test(`publishedId() of ${ID} is ${id}`, () => assertEquals(publishedId({ ID }), id));
}
