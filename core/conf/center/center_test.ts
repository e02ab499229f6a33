import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { MemoryRegistry } from "../../discovery/memory_registry.ts";
import { noopLogger } from "../../log/logger.ts";
import { int, string } from "../../schema/builders.ts";
import { object } from "../../schema/object.ts";
import { eventually } from "../../testing/eventually.ts";
import { MemoryLog } from "../../testing/memory_log.ts";
import { ConfigError } from "../errors.ts";
import { ConfigCenter } from "./config_center.ts";
import { isEqual } from "./_equal.ts";
import { FileConfigSource } from "./file_source.ts";
import { LiveConfig } from "./live_config.ts";
import { MemoryConfigSource } from "./memory_source.ts";
import { textParser } from "./parser.ts";
import { registryConfigSource } from "./subscription_source.ts";

const schema = object({ name: string(), port: int().range("[1:65535]").default(80) });
const parse = textParser(schema, { type: "json" });
const logger = noopLogger;
const asText = (text: string) => text;

async function open(text: string, options: { keepLastGood?: boolean } = {}) {
  const source = new MemoryConfigSource(text, "etc/greet.json");
  const log = new MemoryLog();
  const center = await ConfigCenter.open(source, parse, { ...options, logger: log });
  return { source, log, center };
}

for (const type of ["", "ini", "xml"]) {
  Deno.test(`textParser() refuses format "${type}"`, () => {
    assertThrows(() => textParser(schema, { type }), ConfigError, `unknown format: ${type}`);
  });
}

for (
  const [type, text] of [
    ["yaml", "name: x"],
    ["YAML", "name: x"],
    ["json", `{"name":"x"}`],
    ["toml", `name = "x"`],
    ["list", "name x"],
  ] as const
) {
  Deno.test(`textParser() reads ${type}`, () => {
    const formats = { list: (given: string) => Object.fromEntries([given.split(" ")]) };
    assertEquals(textParser(schema, { type, formats })(text, "t"), { name: "x", port: 80 });
  });
}

Deno.test("ConfigCenter.open() takes the text as it is when asked to", async () => {
  await using center = await ConfigCenter.open(new MemoryConfigSource("{}"), asText);
  assertEquals([center.get(), center.text], ["{}", "{}"]);
});

for (
  const [text, message] of [
    ["", "etc/greet.json: empty config value"],
    [" \n", "etc/greet.json: empty config value"],
    ["{", "etc/greet.json"],
    ["{}", "etc/greet.json: name: is not set"],
  ] as const
) {
  Deno.test(`ConfigCenter.open() refuses ${JSON.stringify(text)} as the first text`, async () => {
    await assertRejects(() => open(text), ConfigError, message);
  });
}

Deno.test("ConfigCenter keeps the last good value and says what is wrong, and where", async () => {
  const { source, log, center } = await open(`{"name":"a"}`);
  const heard: unknown[] = [];
  center.onChange((value, before) => void heard.push([before.name, value.name]));
  for (const bad of [`{"name":"b","port":0}`, "{", ""]) {
    source.set(bad);
    assertEquals([center.get(), center.text], [{ name: "a", port: 80 }, bad]);
  }
  source.set(`{"name":"c"}`);
  assertEquals([center.get().name, center.error, heard], ["c", undefined, [["a", "c"]]]);
  const errors = log.contents("error");
  assertEquals(errors.length, 3);
  assertEquals(
    errors[0],
    "Cannot use changed configuration, the last good one holds: " +
      "etc/greet.json:1: port: wrong number range setting, need [1:65535], got 0",
  );
  await center[Symbol.asyncDispose]();
  source.set(`{"name":"d"}`);
  assertEquals(center.get().name, "c");
});

Deno.test("ConfigCenter.get() throws what is wrong when the last good value is not to be kept", async () => {
  const { source, center } = await open(`{"name":"a"}`, { keepLastGood: false });
  source.set(`{"name":1}`);
  assertThrows(() => center.get(), ConfigError, "etc/greet.json");
  source.set(`{"name":"b"}`);
  assertEquals(center.get().name, "b");
});

Deno.test("ConfigCenter never logs what a text says", async () => {
  const { source, log } = await open(`{"name":"hunter2"}`);
  source.set(`{"name":"hunter3"}`);
  assertEquals(log.contents("info"), ["Took changed configuration of etc/greet.json"]);
  assertEquals(log.lines.join().includes("hunter"), false);
});

Deno.test("ConfigCenter tells all listeners of a change, though one throws and one rejects", async () => {
  const { source, center, log } = await open(`{"name":"a"}`);
  const heard: string[] = [];
  center.onChange(() => {
    throw new Error("first");
  });
  center.onChange(() => Promise.reject(new Error("second")));
  const third = center.onChange(({ name }) => void heard.push(name));
  source.set(`{"name":"b"}`);
  source.set(`{"name":"b", "port": 80}`); // Says the same.
  third[Symbol.dispose]();
  source.set(`{"name":"c"}`);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(heard, ["b"]);
  assertEquals(log.contents("error").toSorted(), [
    "Cannot apply configuration of etc/greet.json: first",
    "Cannot apply configuration of etc/greet.json: first",
    "Cannot apply configuration of etc/greet.json: second",
    "Cannot apply configuration of etc/greet.json: second",
  ]);
});

Deno.test("ConfigCenter.apply() applies a part now and when it has changed", async () => {
  const { source, center } = await open(`{"name":"a"}`);
  const ports: number[] = [];
  const applied = center.apply(({ port }) => port, (port) => void ports.push(port));
  source.set(`{"name":"b"}`);
  source.set(`{"name":"b","port":81}`);
  applied[Symbol.dispose]();
  source.set(`{"name":"b","port":82}`);
  assertEquals(ports, [80, 81]);
});

Deno.test("ConfigCenter.attach() gives a target the value now and each new one, and goes on when it throws", async () => {
  const { source, center, log } = await open(`{"name":"a"}`);
  const taken: string[] = [];
  const target = {
    reload({ name }: { name: string }) {
      taken.push(name);
      if (name === "b") throw new Error("cannot take b");
    },
  };
  const attached = center.attach(target);
  for (const name of ["b", "b", "c"]) source.set(JSON.stringify({ name }));
  attached[Symbol.dispose]();
  source.set(`{"name":"d"}`);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(taken, ["a", "b", "c"]);
  assertEquals(log.contents("error"), [
    "Cannot apply configuration of etc/greet.json: cannot take b",
  ]);
});

const start = { Port: 80, Timeout: 1, Log: { Level: "info", Path: "logs" }, List: ["a"] };
const live = ["Timeout", "Log.Level", "List", "More.Deep"];
const changes: { next: object; value: object; waiting?: string }[] = [
  { next: { ...start }, value: start },
  { next: { ...start, Timeout: 2, Port: 81 }, value: { ...start, Timeout: 2 }, waiting: "Port" },
  {
    next: { ...start, Log: { Level: "error", Path: "x" } },
    value: { ...start, Log: { Level: "error", Path: "logs" } },
    waiting: "Log.Path",
  },
  { next: { ...start, List: [] }, value: { ...start, List: [] } },
  { next: { ...start, More: { Deep: 1 } }, value: { ...start, More: { Deep: 1 } } },
  { next: { ...start, Etcd: { Key: "k" } }, value: start, waiting: "Etcd" },
  { next: { Port: 80, List: ["a"] }, value: { Port: 80, List: ["a"] } },
];
for (const { next, value, waiting } of changes) {
  Deno.test(`LiveConfig.take() of ${JSON.stringify(next)} makes ${JSON.stringify(value)}`, () => {
    const log = new MemoryLog();
    const config = new LiveConfig<object>(start, { live, logger: log });
    const isChanged = config.take(next);
    assertEquals(config.take(next), false);
    assertEquals([config.value, isChanged], [value, value !== start]);
    const told = `Cannot change ${waiting} while serving: it holds from the next start`;
    assertEquals(log.contents("info"), waiting ? [told] : []);
  });
}

Deno.test("ConfigCenter.live() makes something anew of a part that has changed, and keeps it if that fails", async () => {
  const { source, center, log } = await open(`{"name":"a"}`);
  let made = 0;
  const live = center.live(({ port }) => ({ port }), ({ port }) => {
    made++;
    if (port === 1) throw new Error("no");
    return `port ${port}`;
  });
  source.set(`{"name":"b"}`);
  assertEquals([live.value, made], ["port 80", 1]);
  source.set(`{"name":"b","port":1}`);
  assertEquals([live.value, made], ["port 80", 2]);
  source.set(`{"name":"b","port":2}`);
  assertEquals([live.value, made], ["port 2", 3]);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(log.contents("error").length, 1);
});

Deno.test("ConfigCenter.open() misses no change while it reads", async () => {
  const source = new MemoryConfigSource("a");
  const opening = ConfigCenter.open(source, asText, { logger });
  source.set("b");
  assertEquals((await opening).get(), "b");
});

Deno.test("a thousand reloads leave no listener behind", async () => {
  const { source, center } = await open(`{"name":"a"}`);
  let heard = 0;
  for (let i = 1; i <= 1_000; i++) {
    using _once = center.onChange(() => void heard++);
    source.set(`{"name":"a","port":${i}}`);
  }
  assertEquals([heard, center.get().port], [1_000, 1_000]);
});

Deno.test("registryConfigSource() follows one key", async () => {
  await using registry = new MemoryRegistry();
  registry.set("config/greet", `{"name":"a"}`);
  registry.set("config/greet/x", `{"name":"not this"}`);
  await using center = await ConfigCenter.open(
    registryConfigSource(registry, "config/greet"),
    parse,
    { logger },
  );
  assertEquals(center.get().name, "a");
  registry.set("config/greet", `{"name":"b"}`);
  await eventually("the change", () => center.get().name === "b");
  registry.delete("config/greet");
  await eventually("the deletion", () => center.error !== undefined);
  assertEquals([center.error!.message, center.get().name], [
    'key "config/greet": empty config value',
    "b",
  ]);
  registry.set("config/greet", `{"name":"c"}`);
  await eventually("the change", () => center.get().name === "c");
});

Deno.test("FileConfigSource follows a file, and keeps what it said while it is away", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(file, `{"name":"a"}`);
  {
    const log = new MemoryLog();
    const source = new FileConfigSource(file, { pollMs: 5, logger: log });
    await using center = await ConfigCenter.open(source, parse, { logger });
    await Deno.writeTextFile(file, `{"name":"b"}`);
    await eventually("the change", () => center.get().name === "b");
    await Deno.remove(file);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assertEquals([center.get().name, center.error], ["b", undefined]);
    await Deno.writeTextFile(file, `{"name":"c"}`);
    await eventually("the change", () => center.get().name === "c");
    // Once, however often it was looked for.
    const [lost, ...more] = log.contents("error");
    assertMatch(
      String(lost),
      /^Cannot follow .*\.json: .*no such file.*; what is known stays in use/,
    );
    assertEquals([more, log.contents("info").length], [[], 1]);
  }
  await Deno.remove(file);
  await assertRejects(
    () => ConfigCenter.open(new FileConfigSource(file), parse),
    ConfigError,
    "no such file",
  );
  assertThrows(() => new FileConfigSource(file, { pollMs: 0 }), RangeError, "pollMs > 0");
});

const alike: [unknown, unknown][] = [
  [{ a: [1, { b: 2n }] }, { a: [1, { b: 2n }] }],
  [new Date(1), new Date(1)],
  [new Map([[1, [2]]]), new Map([[1, [2]]])],
  [new Uint8Array([1]), new Uint8Array([1])],
  [NaN, NaN],
];
const different: [unknown, unknown][] = [
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: undefined }, { b: undefined }],
  [[1], { 0: 1 }],
  [new Date(1), new Date(2)],
  [new Map([[1, 2]]), new Map([[1, 3]])],
  [1, 1n],
  [null, {}],
];
Deno.test("isEqual() compares what schemas make", () => {
  for (const [a, b] of alike) assertEquals(isEqual(a, b), true);
  for (const [a, b] of different) assertEquals(isEqual(a, b), false);
});
