import { assertEquals, assertThrows } from "@std/assert";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { ConfigCenter } from "../../core/conf/center/config_center.ts";
import { etcdConfigSource } from "../../core/conf/center/etcd_source.ts";
import { textParser } from "../../core/conf/center/parser.ts";
import { parseConfig } from "../../core/conf/parse.ts";
import { etcdConfig, etcdOptionsOf } from "../../core/discovery/etcd/config.ts";
import { GatewayClient } from "../../core/discovery/etcd/gateway_client.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { int } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { EtcdProcess } from "../../core/testing/provision_etcd.ts";
import { rpcClientConfig } from "../client/config.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { rpcServerConfig } from "../server/config.ts";
import { RpcServer } from "../server/rpc_server.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { echoHandlers } from "../testing/pair.ts";

const testdata = new URL("../../core/discovery/etcd/testdata/", import.meta.url).pathname;

/** An etcd that wants certificates of its clients, and a password. */
async function startSecureEtcd(): Promise<EtcdProcess> {
  const etcd = await EtcdProcess.start({
    scheme: "https",
    args: [
      ...["--cert-file", `${testdata}server.pem`, "--key-file", `${testdata}server.key.pem`],
      ...["--client-cert-auth", "--trusted-ca-file", `${testdata}ca.pem`],
      ...["--auth-token-ttl", "1"], // So that tokens run out, too.
    ],
  });
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
    const response = await fetch(`https://${etcd.host}/v3/auth/${step}`, {
      method: "POST",
      body: JSON.stringify(body),
      client: http,
    });
    assertEquals(response.status, 200, await response.text());
  }
  return etcd;
}

const sectionOf = (host: string, key: string): string => `
Etcd:
  Hosts: ["${host}"]
  Key: ${key}
  User: root
  Pass: secret
  CertFile: ${testdata}client.pem
  CertKeyFile: ${testdata}client.key.pem
  CACertFile: ${testdata}ca.pem
`;

const shared = () => ({ log: new MemoryLog(), metrics: new MetricRegistry() });

Deno.test("a service publishes and is found through an etcd with TLS and accounts, by its yaml alone", async () => {
  await using etcd = await startSecureEtcd();
  const section = sectionOf(etcd.host, "echo.rpc");
  const serverText = `Name: echo\nListenOn: 127.0.0.1:0\n${section}`;
  const config = parseConfig(rpcServerConfig, serverText, "yaml");
  await using server = new RpcServer(config, { ...shared(), debug: new DebugRegistry() });
  server.add(echoService, echoHandlers);
  await server.start();

  const client = new RpcClient(parseConfig(rpcClientConfig, section, "yaml"), shared());
  await client.ready();
  assertEquals((await client.stub(echoService).look(echo("hello"))).text, "hello");
  // Longer than a token lives: what comes next gets a new one.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await using other = new RpcServer(config, { ...shared(), debug: new DebugRegistry() });
  let calls = 0;
  const look: typeof echoHandlers.look = (...[request]) => {
    calls++;
    return request;
  };
  other.add(echoService, { ...echoHandlers, look });
  await other.start();
  await eventually("a call of the second server", async () => {
    await client.stub(echoService).look(echo("hello"));
    return calls > 0;
  });
  await client[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve, 100)); // Sockets close in their own time.
});

Deno.test("a configuration is followed through an etcd with TLS and accounts, by its section alone", async () => {
  await using etcd = await startSecureEtcd();
  const schema = object({ Etcd: etcdConfig });
  const { Etcd } = parseConfig(schema, sectionOf(etcd.host, "config/echo"), "yaml");
  await using writer = new GatewayClient(etcdOptionsOf(Etcd));
  await writer.put(Etcd.Key, "Timeout: 100");
  const parse = textParser(object({ Timeout: int() }));
  await using center = await ConfigCenter.open(etcdConfigSource(Etcd), parse, {
    logger: new MemoryLog(),
  });
  assertEquals(center.get(), { Timeout: 100 });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await writer.put(Etcd.Key, "Timeout: 200");
  await eventually("the change", () => center.get().Timeout === 200);
});

Deno.test("RpcClient says at once which certificate of etcd cannot be read", () => {
  const Etcd = { Hosts: ["a:1"], Key: "echo.rpc", CACertFile: "/none/ca.pem" };
  assertThrows(
    () => new RpcClient({ Etcd }, shared()),
    TypeError,
    'cannot read CACertFile "/none/ca.pem"',
  );
});
