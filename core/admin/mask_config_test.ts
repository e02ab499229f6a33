import { assert, assertEquals } from "@std/assert";
import { array, int, map, string } from "../schema/builders.ts";
import { object } from "../schema/object.ts";
import { serviceConfig } from "../service/config.ts";
import { maskConfig } from "./mask_config.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P";
const PEM =
  "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7b\nq1w2\n-----END RSA PRIVATE KEY-----";

/** Configs as services have them. Nothing of `secrets` may be in what is shown. */
const secretConfigs: { name: string; config: unknown; secrets: string[] }[] = [
  { name: "a password", config: { Password: "pw-1" }, secrets: ["pw-1"] },
  { name: "a password in any case", config: { db_PASSWORD: "pw-1" }, secrets: ["pw-1"] },
  { name: "go-zero's redis", config: { Redis: { Host: "r", Pass: "pw-1" } }, secrets: ["pw-1"] },
  {
    name: "the secrets of JWT",
    config: { Auth: { AccessSecret: "s-1", AccessExpire: 3600 }, PrevSecret: "s-0" },
    secrets: ["s-1", "s-0"],
  },
  {
    name: "a data source of MySQL",
    config: { DataSource: "root:pw-1@tcp(127.0.0.1:3306)/shop?parseTime=true" },
    secrets: ["pw-1", "root"],
  },
  {
    name: "a data source under a harmless key",
    config: { Mysql: "root:pw-1@tcp(127.0.0.1:3306)/shop" },
    secrets: ["pw-1"],
  },
  {
    name: "a data source whose password has an @",
    config: { Mysql: "root:pw@1!x@tcp(127.0.0.1:3306)/shop" },
    secrets: ["pw@1", "1!x"],
  },
  { name: "an address", config: { Url: "postgres://u:pw-1@db:5432/shop" }, secrets: ["pw-1"] },
  { name: "an address without a user", config: { Url: "redis://:pw-1@c:6379" }, secrets: ["pw-1"] },
  {
    name: "an address whose password has an @",
    config: { Url: "mongodb://u:p@w-1@db/shop" },
    secrets: ["w-1"],
  },
  { name: "a user that is a key", config: { Dsn: "https://abc123@sentry/1" }, secrets: ["abc123"] },
  {
    name: "addresses in a list",
    config: { Hosts: ["amqp://u:pw-1@a", "amqp://u:pw-2@b"] },
    secrets: ["pw-1", "pw-2"],
  },
  {
    name: "a token in a query",
    config: { MetricsUrl: "https://m/x?a=1&access_token=tk-1&b=2" },
    secrets: ["tk-1"],
  },
  {
    name: "a connection string of pairs",
    config: { Db: "host=db user=app password=pw-1 dbname=shop" },
    secrets: ["pw-1"],
  },
  {
    name: "a connection string of semicolons",
    config: { Db: 'Server=db;User Id=app;Pwd="pw 1";Database=shop' },
    secrets: ["pw 1"],
  },
  {
    name: "headers",
    config: { OtlpHeaders: { "x-scope": "hh-1", "Authorization": "Bearer hh-2" } },
    secrets: ["hh-1", "hh-2"],
  },
  {
    name: "a header's value",
    config: { Line: "Authorization: Basic dTpwdw==" },
    secrets: ["dTpw"],
  },
  { name: "a bearer token", config: { Line: "bearer abcdef-ghi" }, secrets: ["abcdef"] },
  { name: "a JSON Web Token", config: { Something: `x ${JWT} y` }, secrets: JWT.split(".") },
  { name: "a key in PEM", config: { Something: PEM }, secrets: ["MIIEpA", "q1w2"] },
  { name: "the key of a cloud", config: { A: "AKIAIOSFODNN7EXAMPLE" }, secrets: ["IOSFODNN"] },
  { name: "the key of a payment", config: { A: "sk_live_4eC39HqLyjWDarjt" }, secrets: ["4eC39"] },
  { name: "the key of a forge", config: { A: "ghp_16C7e42F292c6912E7710c8" }, secrets: ["16C7"] },
  {
    name: "random letters under a harmless key",
    config: { Id: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE9KEY7x2" },
    secrets: ["wJalr", "bPxRfi"],
  },
  {
    name: "a long hex number",
    config: { Id: "9f86d081884c7d659a2feaa0c55ad015" },
    secrets: ["9f86"],
  },
  { name: "numbers", config: { Pin: 4711, TokenSeed: 815 }, secrets: ["4711", "815"] },
  {
    name: "lists and objects below a secret key",
    config: { Secrets: ["s-1", { inner: "s-2", n: [{ deep: "s-3" }] }] },
    secrets: ["s-1", "s-2", "s-3"],
  },
  {
    name: "keys of many kinds",
    config: {
      "api-key": "k-1",
      SigningKey: "k-2",
      "encryption.key": "k-3",
      accessKeyId: "k-4",
      ClientSecret: "k-5",
      Passphrase: "k-6",
      HmacKey: "k-7",
      SessionId: "k-8",
      Cookie: "k-9",
      WebhookUrl: "k-10",
      auth: "k-11",
    },
    secrets: Array.from({ length: 11 }, (_, at) => `"k-${at + 1}"`),
  },
  {
    name: "a Map, a URL and bytes",
    config: { A: new Map([["password", "s-1"]]), B: new URL("redis://u:s-2@r"), Key: "k" },
    secrets: ["s-1", "s-2"],
  },
];

for (const { name, config, secrets } of secretConfigs) {
  Deno.test(`maskConfig() hides ${name}`, () => {
    const shown = JSON.stringify(maskConfig(config));
    for (const secret of secrets) {
      assert(!shown.includes(secret), `${secret} is in ${shown}`);
    }
    assert(shown.includes("***"), shown);
  });
}

Deno.test("maskConfig() shows what is no secret as it is", () => {
  const config = {
    Name: "order-service.internal",
    Host: "0.0.0.0",
    Port: 8888,
    Etcd: { Hosts: ["127.0.0.1:2379", "etcd-2.prod.svc.cluster.local:2379"], Key: "orders.rpc" },
    Endpoint: "http://collector.observability.svc:4318/v1/traces",
    KeyFile: "/etc/certs/order-service/2026-11/tls.key",
    TokenExpire: 3600,
    Log: { Path: "/var/log/orders", Encoding: "json", Stat: true },
    Query: "https://example.com/search?q=deno&page=2",
    Image: "registry.example.com/team/order-service:v1.22.333-rc4",
    Time: "2026-11-25T13:29:01.611Z",
    Note: "Retries: 3, then give up; see the handbook",
    Missing: null,
  };
  assertEquals(maskConfig(config), config);
});

Deno.test("maskConfig() shows whether there is a secret at all", () => {
  assertEquals(maskConfig({ Password: "", Token: null, Secret: false, Pass: "x" }), {
    Password: "",
    Token: null,
    Secret: false,
    Pass: "***",
  });
});

Deno.test("maskConfig() hides what the schema says, under any key and at any depth", () => {
  const schema = object({
    Plain: string(),
    Word: string().secret(),
    Renamed: string().key("wire_name").secret(),
    Both: object({ Inner: int() }).secret(),
    Each: array(object({ Word: string().secret(), Plain: string() })),
    ByName: map(string().secret()),
  });
  const config = {
    plain: "p",
    WORD: "aa",
    wire_name: "bb",
    Both: { Inner: 7 },
    Each: [{ Word: "cc", Plain: "p" }],
    ByName: { one: "dd" },
  };
  assertEquals(maskConfig(config, schema), {
    plain: "p",
    WORD: "***",
    wire_name: "***",
    Both: { Inner: "***" },
    Each: [{ Word: "***", Plain: "p" }],
    ByName: { one: "***" },
  });
});

Deno.test("maskConfig() hides the secrets of a service's own config", () => {
  const config = serviceConfig.parse({
    Name: "orders",
    Telemetry: { Endpoint: "c:4317", OtlpHeaders: { team: "s-1" } },
    Profiling: { ServerAddr: "https://u:s-2@p", AuthUser: "s-3", AuthPassword: "s-4" },
  });
  const shown = JSON.stringify(maskConfig(config, serviceConfig));
  for (const secret of ["s-1", "s-2", "s-3", "s-4"]) assert(!shown.includes(secret), shown);
  assert(shown.includes('"Endpoint":"c:4317"'), shown);
});

Deno.test("maskConfig() never throws and always ends", () => {
  const cyclic: Record<string, unknown> = {
    get bad() {
      throw new Error("boom");
    },
  };
  cyclic.self = cyclic;
  assertEquals(maskConfig(cyclic), { bad: "panic: boom", self: "[circular]" });
  assertEquals(maskConfig(undefined), null);
  const began = performance.now();
  for (
    const part of ["a=", "@", "eyJ", ":", "//:@", "a", "-", "a:b@", "-----BEGIN x-----", "tok"]
  ) {
    maskConfig({ A: part.repeat(4096 / part.length), B: part.repeat(100_000) });
  }
  assert(performance.now() - began < 2000, "patterns that go back and forth take for ever");
});

Deno.test("maskConfig() hides random secrets wherever they are", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  let state = seed;
  const random = () => (state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32;
  const word = (letters: string, length: number) =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join("");
  const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  for (let run = 0; run < 500; run++) {
    const secret = word(letters, 6 + Math.floor(random() * 30));
    const places: unknown[] = [
      { Password: secret },
      { Url: `redis://user:${secret}@host:6379/0` },
      { Url: `https://host/path?token=${secret}` },
      { Text: `Bearer ${secret}` },
      { Dsn: secret },
      { Db: `user:${secret}@tcp(127.0.0.1:3306)/db` },
      { Db: `host=h password=${secret} sslmode=off` },
      { Nested: [{ deeper: { ClientSecret: [secret] } }] },
      { Any: `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----` },
    ];
    const place = places[run % places.length];
    const shown = JSON.stringify(maskConfig(place));
    assert(!shown.includes(secret), `seed ${seed}: ${secret} is in ${shown}`);
  }
});
