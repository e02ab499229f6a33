import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { noopLogger } from "../../log/logger.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { eventually } from "../../testing/eventually.ts";
import { MemoryLog } from "../../testing/memory_log.ts";
import { FileRegistry } from "./file_registry.ts";
import { LastGoodFolder } from "./last_good_folder.ts";

async function tempFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("FileRegistry follows a file, and keeps what it said while it cannot be read", async () => {
  await using folder = await tempFolder();
  const file = `${folder.path}/services.yaml`;
  const log = new MemoryLog();
  await Deno.writeTextFile(file, "greet.rpc:\n  - a:1\n  - b:1\n");
  await using registry = new FileRegistry(file, { pollMs: 10, retryMs: 10, logger: log });
  const subscription = registry.subscribe("greet.rpc");
  assertEquals(await subscription.resolve(), ["a:1", "b:1"]);
  assertEquals(await registry.subscribe("other").resolve(), []);

  await Deno.writeTextFile(file, "greet.rpc: [b:1");
  await eventually("the fault", () => subscription.state === "stale");
  assertEquals(subscription.values, ["a:1", "b:1"]);
  await Deno.remove(file);
  await Deno.writeTextFile(file, `{ "greet.rpc": ["c:1"] }`);
  await eventually("the change", () => subscription.values[0] === "c:1");
  assertEquals(subscription.values, ["c:1"]);
  await Deno.writeTextFile(file, "");
  await eventually("nothing", () => subscription.values.length === 0);
});

Deno.test("FileRegistry follows a file that is exchanged by a link", async () => {
  await using folder = await tempFolder();
  const file = `${folder.path}/services.yaml`;
  await Deno.writeTextFile(`${folder.path}/one`, "s: [a:1]");
  await Deno.writeTextFile(`${folder.path}/two`, "s: [b:1]");
  await Deno.symlink("one", file);
  await using registry = new FileRegistry(file, { pollMs: 10 });
  const subscription = registry.subscribe("s");
  await subscription.resolve();
  await Deno.symlink("two", `${file}.new`);
  await Deno.rename(`${file}.new`, file);
  await eventually("the change", () => subscription.values[0] === "b:1");
});

for (
  const [text, message] of [
    ["- a", "need a list of addresses for each service"],
    ["s: a:1", '"s" needs a list of addresses'],
    ["s: [1]", '"s" needs a list of addresses'],
  ] as const
) {
  Deno.test(`FileRegistry refuses "${text}"`, async () => {
    await using folder = await tempFolder();
    await Deno.writeTextFile(`${folder.path}/f`, text);
    await using registry = new FileRegistry(`${folder.path}/f`, { logger: noopLogger });
    await assertRejects(() => registry.subscribe("s").resolve(), Error, message);
  });
}

Deno.test("FileRegistry does not take a service for a member of every object", async () => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(`${folder.path}/f`, "s: []");
  await using registry = new FileRegistry(`${folder.path}/f`);
  assertEquals(await registry.subscribe("constructor").resolve(), []);
});

Deno.test("LastGoodFolder gives back what was saved last, until it is too old", async () => {
  await using folder = await tempFolder();
  const clock = new FakeClock({ wallTime: 1e12 });
  const store = new LastGoodFolder(`${folder.path}/new/folder`, { clock, maxAgeMs: 1_000 });
  assertEquals(await store.load("a"), undefined);
  await Promise.all([1, 2, 3].map((i) => store.save("a", new Map([["k", `v${i}`]]))));
  await store.save("a", new Map([["__proto__", "v"], ["k", "v"]]));
  await store.save("b", new Map([["k", "w"]]));
  clock.elapse(1_000);
  assertEquals([...(await store.load("a"))!], [["__proto__", "v"], ["k", "v"]]);
  assertEquals([...(await store.load("b"))!], [["k", "w"]]);
  const files = [...Deno.readDirSync(`${folder.path}/new/folder`)];
  assertEquals(files.length, 2);
  clock.elapse(1);
  assertEquals(await store.load("a"), undefined);
});

Deno.test("S9: LastGoodFolder gives its list though the wall clock has jumped an hour", async () => {
  await using folder = await tempFolder();
  const clock = new FakeClock({ wallTime: 1e12 });
  const store = new LastGoodFolder(folder.path, { clock });
  await store.save("a", new Map([["k", "v"]]));
  for (const jumpMs of [3_600_000, -7_200_000]) {
    clock.jumpWallTime(jumpMs);
    assertEquals((await store.load("a"))?.get("k"), "v");
  }
});

Deno.test("LastGoodFolder gives a whole list, whichever of several processes is saving now", async () => {
  await using folder = await tempFolder();
  const store = new LastGoodFolder(folder.path);
  const listOf = (by: number) =>
    new Map(Array.from({ length: 200 }, (_, i) => [`greet.rpc/${i}`, `10.0.${by}.${i}:8080`]));
  await store.save("greet.rpc", listOf(0));
  const writer = new URL("testdata/saver.ts", import.meta.url).href;
  const children = [1, 2].map((by) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", writer, folder.path, JSON.stringify([...listOf(by)])],
      stdin: "null",
    }).spawn()
  );
  const seen = new Set<string | undefined>();
  let isOver = false;
  const ended = Promise.all(children.map(({ status }) => status)).then((all) => {
    isOver = true;
    return all.map(({ code }) => code);
  });
  while (!isOver) {
    const list = await store.load("greet.rpc");
    assertEquals(list?.size, 200);
    const owners = new Set([...list!.values()].map((address) => address.split(".")[2]));
    assertEquals(owners.size, 1);
    for (const owner of owners) seen.add(owner);
  }
  assertEquals(await ended, [0, 0]);
  assertEquals([seen.size > 1, [...Deno.readDirSync(folder.path)].length], [true, 1]);
});

Deno.test("LastGoodFolder lets nobody else read what it saves", {
  ignore: Deno.build.os === "windows", // Where there are no such modes.
}, async () => {
  await using folder = await tempFolder();
  await new LastGoodFolder(`${folder.path}/a/b`).save("greet.rpc", new Map([["k", "v"]]));
  const [file] = [...Deno.readDirSync(`${folder.path}/a/b`)];
  const modeOf = (path: string) => (Deno.statSync(path).mode! & 0o777).toString(8);
  assertEquals(
    [modeOf(`${folder.path}/a/b`), modeOf(`${folder.path}/a/b/${file!.name}`)],
    ["700", "600"],
  );
});

Deno.test("LastGoodFolder removes what a process has left behind that died while it saved", async () => {
  await using folder = await tempFolder();
  const store = new LastGoodFolder(folder.path);
  await store.save("greet.rpc", new Map([["k", "v"]]));
  const [file] = [...Deno.readDirSync(folder.path)];
  const old = `${folder.path}/${file!.name}.${crypto.randomUUID()}.draft`;
  const young = `${folder.path}/${file!.name}.${crypto.randomUUID()}.draft`;
  const others = `${folder.path}/other.draft`;
  for (const path of [old, young, others]) await Deno.writeTextFile(path, "{");
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const path of [old, others]) await Deno.utime(path, hourAgo, hourAgo);
  await new LastGoodFolder(folder.path).save("greet.rpc", new Map([["k", "w"]]));
  const names = [...Deno.readDirSync(folder.path)].map(({ name }) => `${folder.path}/${name}`);
  assertEquals([names.includes(old), names.includes(young), names.includes(others)], [
    false,
    true,
    true,
  ]);
});

Deno.test("LastGoodFolder tells why it cannot save or read", async () => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "");
  const store = new LastGoodFolder(`${folder.path}/file`);
  await assertRejects(() => store.save("a", new Map([["k", "v"]])), Error);
  await assertRejects(() => store.load("a"), Error);
});

for (
  const text of [
    "",
    "{",
    "null",
    "[]",
    `{"name":"a"}`,
    `{"name":"a","savedAtMs":1,"entries":{"k":1}}`,
    `{"name":"b","savedAtMs":1,"entries":{}}`,
  ]
) {
  Deno.test(`LastGoodFolder takes a file that says ${JSON.stringify(text)} for none`, async () => {
    await using folder = await tempFolder();
    const store = new LastGoodFolder(folder.path, { clock: new FakeClock() });
    await store.save("a", new Map());
    const [file] = [...Deno.readDirSync(folder.path)];
    await Deno.writeTextFile(`${folder.path}/${file!.name}`, text);
    assertEquals(await store.load("a"), undefined);
  });
}

Deno.test("wrong options are refused", () => {
  assertThrows(() => new LastGoodFolder("x", { maxAgeMs: 0 }), RangeError, "maxAgeMs > 0");
  assertThrows(() => new FileRegistry("x", { pollMs: 0 }), RangeError, "pollMs > 0");
});
