import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { RedisProcess } from "../../core/testing/provision_redis.ts";
import { RedisConnectionError } from "./errors.ts";
import type { RedisOptions } from "./options.ts";
import { Redis } from "./redis.ts";

const pem = (name: string) =>
  fromFileUrl(new URL(`../../core/discovery/etcd/testdata/${name}.pem`, import.meta.url));

const server = await RedisProcess.start({
  tls: true,
  args: [
    ...["--tls-cert-file", pem("server"), "--tls-key-file", pem("server.key")],
    ...["--tls-ca-cert-file", pem("ca"), "--tls-auth-clients", "optional"],
  ],
});
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

function own(options: RedisOptions = {}): RedisOptions {
  return {
    log: noopLogger,
    metrics: new MetricRegistry(),
    breakers: new BreakerGroup(),
    ...options,
  };
}

const caCerts = [await Deno.readTextFile(pem("ca"))];
const client = {
  cert: await Deno.readTextFile(pem("client")),
  key: await Deno.readTextFile(pem("client.key")),
};

const GOOD = [
  { name: "with the authority that is trusted", config: {}, tls: { caCerts } },
  { name: "with a certificate of the client", config: {}, tls: { caCerts, ...client } },
  { name: "unseen when told so", config: { Tls: true, InsecureSkipVerify: true }, tls: undefined },
];

for (const { name, config, tls } of GOOD) {
  Deno.test(`Redis talks TLS ${name}, its blocking nodes and subscriptions too`, async () => {
    await using redis = new Redis({ Host: server.host, ...config }, own({ tls }));
    await redis.set("a", "x");
    assertEquals(await redis.get("a"), "x");
    await using node = redis.blocking();
    await redis.rpush("list", "y");
    assertEquals((await node.blpop("list"))?.value, "y");
    await using subscription = redis.subscribe("channel");
    await subscription.ready;
  });
}

Deno.test("Redis does not trust whom nobody vouches for", async () => {
  await using redis = new Redis({ Host: server.host, Tls: true }, own());
  await assertRejects(() => redis.get("a"), RedisConnectionError, "certificate");
});

Deno.test("Redis says so when TLS meets a server without, and the other way round", async () => {
  await using plain = new Redis({ Host: server.host }, own({ timeoutMs: 500 }));
  await assertRejects(() => plain.get("a"));
  await using bare = await RedisProcess.start();
  await using secure = new Redis({ Host: bare.host, Tls: true }, own({ timeoutMs: 500 }));
  await assertRejects(() => secure.get("a"));
});
