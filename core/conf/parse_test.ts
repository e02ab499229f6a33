import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import {
  any,
  array,
  bigint,
  boolean,
  duration,
  float64,
  int,
  int64,
  map,
  string,
  timestamp,
} from "../schema/builders.ts";
import { object, type ObjectSchema, optionalGroup } from "../schema/object.ts";
import { ConfigError } from "./errors.ts";
import { type ConfigFormat, parseConfig, type ParseConfigOptions } from "./parse.ts";

interface ConfigRow {
  readonly name: string;
  readonly schema: ObjectSchema<unknown>;
  readonly text: string;
  readonly format?: ConfigFormat;
  readonly options?: ParseConfigOptions;
  readonly value?: unknown;
  /** The whole message. */
  readonly error?: string;
}

const inner = object({ Host: string(), Port: int().default(80) });
const service = object({ Name: string(), Inner: inner, Opt: inner.optional() });
const hosts = object({ host: string(), port: int().optional() });
const limited = object({ Value: int() }).check(({ Value }) =>
  Value < 10 ? "Value must be at least 10" : undefined
);

const rows: ConfigRow[] = [
  {
    name: "finds all that is missing",
    schema: service,
    text: "{}",
    error: 'Name: is not set\nInner: "Inner" is not set',
  },
  {
    name: "finds what is missing inside",
    schema: service,
    text: "NAME: a\ninner: {}",
    error: "Inner.Host: is not set",
  },
  {
    name: "matches keys without case",
    schema: service,
    text: "NAME: a\nINNER:\n  HOST: h",
    value: { Name: "a", Inner: { Host: "h", Port: 80 } },
  },
  {
    name: "wants the members of a present optional section",
    schema: service,
    text: "NAME: a\nINNER: { HOST: h }\nopt: {}",
    error: "Opt.Host: is not set",
  },
  {
    name: "names a field with a range as it is declared",
    schema: object({ Port: int().range("[1:65535]") }),
    text: "{}",
    error: "Port: is not set",
  },
  {
    name: "checks options",
    schema: object({ Mode: string().options(["dev", "pro"]).default("pro") }),
    text: "mode: x",
    error: 'Mode: value "x" for field "Mode" is not defined in options "[dev pro]"',
  },
  {
    name: "keeps the keys of maps",
    schema: object({ M: map(string()), N: map(inner) }),
    text: "m: { AbC: '1' }\nn: { K: { HOST: x } }",
    value: { M: { AbC: "1" }, N: { K: { Host: "x", Port: 80 } } },
  },
  {
    name: "reads embedded sections",
    schema: object({ ...inner.fields, ...optionalGroup("Tls", { CertFile: string() }) }),
    text: "host: h",
    value: { Host: "h", Port: 80 },
  },
  {
    name: "defaults spans",
    schema: object({ D: duration().default(3_600_000) }),
    text: "{}",
    value: { D: 3_600_000 },
  },
  { name: "reads spans", schema: object({ D: duration() }), text: "d: 90s", value: { D: 90_000 } },
  {
    name: "refuses spans without unit",
    schema: object({ D: duration() }),
    text: "d: 90",
    error: 'D: expect string for field "D", but got type number',
  },
  {
    name: "inherits sections",
    schema: object({
      Etcd: hosts.optional(),
      Rpc: object({ Etcd: hosts.inherit(), Name: string() }),
    }),
    text: "etcd: { host: h, port: 1 }\nrpc: { name: n, etcd: { port: 2 } }",
    value: { Etcd: { host: "h", port: 1 }, Rpc: { Etcd: { host: "h", port: 2 }, Name: "n" } },
  },
  {
    name: "finds dependencies without case",
    schema: object({ CertFile: string().optional(), KeyFile: string().requiredWith("CertFile") }),
    text: "certfile: a\nKEYFILE: b",
    value: { CertFile: "a", KeyFile: "b" },
  },
  {
    name: "spells dependencies as the field is",
    schema: object({ Cert: string().optional(), Key: string().requiredWith("cert") }),
    text: "CERT: a\nkey: b",
    value: { Cert: "a", Key: "b" },
  },
  {
    name: "refuses half of a pair",
    schema: object({ CertFile: string().optional(), KeyFile: string().requiredWith("CertFile") }),
    text: "certfile: a",
    error: 'KeyFile: values for "CertFile" and "KeyFile" should be both provided or both not in ""',
  },
  {
    name: "keeps integers of JSON exact",
    schema: object({ a: bigint(), b: bigint(), c: int64() }),
    format: "json",
    text: '{"a":1234567890123456789,"b":9223372036854775807,"c":9007199254740991}',
    value: { a: 1234567890123456789n, b: 9223372036854775807n, c: 9007199254740991 },
  },
  {
    name: "never rounds integers of YAML",
    schema: object({ a: bigint() }),
    text: "a: 9007199254740993",
    error:
      'a: parsing "9007199254740992" as bigint: value out of range [-9007199254740991:9007199254740991]',
  },
  {
    name: "takes no number for text",
    schema: object({ password: string() }),
    text: "password: 123456",
    error: 'password: type mismatch for field "password", expect "string", actual "number"',
  },
  // YAML 1.1 of go-zero reads a bool here.
  {
    name: "reads NO as text",
    schema: object({ country: string() }),
    text: "country: NO",
    value: { country: "NO" },
  },
  {
    name: "reads true as a bool",
    schema: object({ on: boolean() }),
    text: "on: true",
    value: { on: true },
  },
  {
    name: "keeps dates text",
    schema: object({ d: string() }),
    text: "d: 2024-01-02",
    value: { d: "2024-01-02" },
  },
  {
    name: "fits 1.0 of YAML into an integer",
    schema: object({ n: int() }),
    text: "n: 1.0",
    value: { n: 1 },
  },
  // go-zero reads null of YAML as empty text.
  {
    name: "reads an empty section as absent",
    schema: object({ Section: inner.optional(), N: int().default(3) }),
    text: "Section:\nN: ~",
    value: { N: 3 },
  },
  {
    name: "reads an empty document as empty",
    schema: object({ N: int().default(3) }),
    text: "",
    value: { N: 3 },
  },
  {
    name: "reads null of JSON as empty",
    schema: object({ N: int().default(3) }),
    format: "json",
    text: "null",
    value: { N: 3 },
  },
  {
    name: "merges YAML anchors, own members first",
    schema: object({ base: map(int()), a: map(int()) }),
    text: "base: &base { x: 1, y: 2 }\na: { <<: *base, y: 3 }",
    value: { base: { x: 1, y: 2 }, a: { x: 1, y: 3 } },
  },
  {
    name: "reads TOML",
    schema: object({
      Name: string(),
      When: timestamp(),
      Day: string(),
      Inner: inner,
      Rates: array(float64()),
    }),
    format: "toml",
    text:
      'name = "a"\nwhen = 2024-01-02T03:04:05Z\nday = "x"\nrates = [1.5, 2]\n[inner]\nhost = "h"',
    value: {
      Name: "a",
      When: new Date("2024-01-02T03:04:05Z"),
      Day: "x",
      Rates: [1.5, 2],
      Inner: { Host: "h", Port: 80 },
    },
  },
  {
    name: "reads date-times of TOML as text",
    schema: object({ d: string() }),
    format: "toml",
    text: "d = 2024-01-02T03:04:05Z",
    value: { d: "2024-01-02T03:04:05Z" },
  },
  {
    name: "skips a byte order mark",
    schema: object({ N: int() }),
    format: "json",
    text: '\ufeff{"n":1}',
    value: { N: 1 },
  },
  {
    name: "refuses by condition",
    schema: limited,
    text: "value: 5",
    error: "value: Value must be at least 10",
  },
  { name: "accepts by condition", schema: limited, text: "value: 15", value: { Value: 15 } },
  {
    name: "refuses by a condition of an inner section",
    schema: object({ in: limited }),
    text: "in: { value: 5 }",
    error: "in: Value must be at least 10",
  },
  {
    name: "expands variables",
    schema: object({ value: int() }),
    format: "json",
    text: '{"value": ${TEST_VALUE}}',
    options: { env: { TEST_VALUE: "25" } },
    value: { value: 25 },
  },
  {
    name: "prefers a field's variable",
    schema: object({ a: int().env("E1") }),
    text: "a: 1",
    options: { env: { E1: "7" } },
    value: { a: 7 },
  },
  {
    name: "leaves references alone unless asked",
    schema: object({ a: string() }),
    text: "a: ${X}",
    options: { env: undefined },
    value: { a: "${X}" },
  },
  {
    name: "names file and line of JSON",
    schema: object({ a: int(), b: object({ c: int() }) }),
    format: "json",
    text: '{\n  "a": "x",\n  "B": {\n    "C": true }\n}',
    options: { file: "etc/x.json" },
    error: 'etc/x.json:2: a: type mismatch for field "a", expect "number", actual "string"\n' +
      'etc/x.json:4: b.c: type mismatch for field "b.c", expect "number", actual "bool"',
  },
  {
    name: "names file and line of broken YAML",
    schema: object({}),
    text: "a: 1\na: 2",
    options: { file: "etc/x.yaml" },
    error:
      "etc/x.yaml:2: not valid YAML: Cannot store mapping pair: duplicated key at line 2, column 1",
  },
  {
    name: "names file and line of broken JSON",
    schema: object({}),
    format: "json",
    text: '{\n"a": 1,\n"a": 2}',
    options: { file: "etc/x.json" },
    error: 'etc/x.json:3: not valid JSON: duplicate key "a" at line 3, column 4',
  },
  {
    name: "names the line of broken TOML without its text",
    schema: object({}),
    format: "toml",
    text: 'a = 1\npassword = "hunter2',
    error: "line 2: not valid TOML: Parse error on line 2, column 19",
  },
  {
    name: "refuses a list",
    schema: service,
    format: "json",
    text: "[]",
    error: 'type mismatch for value, expect "object", actual "list"',
  },
  {
    name: "refuses an empty JSON text",
    schema: service,
    format: "json",
    text: "",
    error: "line 1: not valid JSON: unexpected end of text at line 1, column 1",
  },
  {
    name: "refuses a key in two cases",
    schema: object({ Name: string() }),
    text: "Name: a\nNAME: b",
    error: 'NAME: is given twice, as "Name" and as "NAME"',
  },
];

const noWarning = (message: string) => {
  throw new Error(`unexpected warning: ${message}`);
};

for (const { name, schema, text, format = "yaml", options, value, error } of rows) {
  Deno.test(`parseConfig() ${name}`, () => {
    const load = () =>
      parseConfig(schema, text, format, { onWarning: noWarning, env: {}, ...options });
    if (error === undefined) return assertEquals(load(), value);
    assertEquals(assertThrows(load, ConfigError).message, error);
  });
}

Deno.test("parseConfig() warns of keys that nothing reads", () => {
  const warnings: string[] = [];
  parseConfig(service, '{"Name":"a",\n"Inner":{"Host":"h",\n"prot":1},"Zzzzzz":1}', "json", {
    file: "etc/x.json",
    onWarning: (message) => warnings.push(message),
  });
  assertEquals(warnings, [
    'etc/x.json:3: Inner.prot: unknown key, did you mean "Port"?',
    "etc/x.json:3: Zzzzzz: unknown key, remove it",
  ]);
});

Deno.test("parseConfig() answers a deeply frozen value", () => {
  const schema = object({
    in: object({ list: array(map(int())) }),
    d: array(string()).default(["x"]),
  });
  const config = parseConfig(schema, "in: { list: [{ a: 1 }] }", "yaml");
  for (const each of [config, config.in, config.in.list, config.in.list[0], config.d]) {
    assert(Object.isFrozen(each));
  }
  assertEquals(schema.parse({ in: { list: [] } }).d, ["x"]);
  assertFalse(Object.isFrozen(schema.parse({ in: { list: [] } }).d));
});

Deno.test("parseConfig() carries issues, file and code", () => {
  const error = assertThrows(
    () => parseConfig(service, "{}", "yaml", { file: "etc/x.yaml" }),
    ConfigError,
  );
  assertEquals(error.file, "etc/x.yaml");
  assertEquals(error.code, "invalid_argument");
  assertEquals(error.issues.map(({ path, code }) => [path, code]), [
    ["Name", "missing"],
    ["Inner", "missing"],
  ]);
});

Deno.test("parseConfig() reads formats of the caller's", () => {
  const schema = object({ N: int() });
  const formats = {
    ini: (text: string) =>
      Object.fromEntries([text.split("=")].map(([key, value]) => [key!, Number(value)])),
  };
  assertEquals(parseConfig(schema, "n=5", "ini" as ConfigFormat, { formats }), { N: 5 });
  assertThrows(
    () => parseConfig(schema, "n=5", "ini" as ConfigFormat),
    ConfigError,
    'unknown format "ini", use yaml, json or toml, or pass a parser as options.formats.ini',
  );
});

const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
for (const [at, name] of [..."bcdefghi"].entries()) {
  const below = "abcdefgh"[at];
  bomb.push(`${name}: &${name} [${Array(9).fill(`*${below}`).join(",")}]`);
}
const attacks: readonly { name: string; text: string; format: ConfigFormat }[] = [
  { name: "aliases that explode", text: bomb.join("\n"), format: "yaml" },
  { name: "an alias to itself", text: "a: &a [*a, *a]", format: "yaml" },
  { name: "deep YAML", text: "a: " + "[".repeat(200_000), format: "yaml" },
  { name: "deep JSON", text: '{"a":'.repeat(200_000), format: "json" },
];
for (const { name, text, format } of attacks) {
  Deno.test(`parseConfig() refuses ${name}`, () => {
    assertThrows(() => parseConfig(object({ a: any().optional() }), text, format), ConfigError);
  });
}

for (const format of ["yaml", "json", "toml"] as const) {
  Deno.test(`parseConfig() keeps __proto__ of ${format} an ordinary key`, () => {
    const text = {
      yaml: "m: { __proto__: { x: 1 } }",
      json: '{"m":{"__proto__":{"x":1}}}',
      toml: "[m.__proto__]\nx = 1",
    }[format];
    const { m } = parseConfig(object({ m: map(any()) }), text, format);
    assertEquals(Object.keys(m), ["__proto__"]);
    assertEquals(({} as Record<string, unknown>).x, undefined);
  });
}

Deno.test({
  name: "parseConfig() says how to allow a variable",
  permissions: { env: false },
  fn: () => {
    assertThrows(
      () => parseConfig(object({ a: int().env("SOME_NAME") }), "a: 1", "yaml"),
      ConfigError,
      "not allowed, run with --allow-env=SOME_NAME",
    );
    assertEquals(parseConfig(object({ a: int() }), "a: 1", "yaml"), { a: 1 });
  },
});
