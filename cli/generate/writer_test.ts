import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "../errors.ts";
import { type GeneratedFile, genFile, onceFile } from "./generated_file.ts";
import { type Generation, MANIFEST_PATH } from "./manifest.ts";
import { applyChanges, type ChangeOptions, planChanges } from "./writer.ts";

const gen = (path: string, body = "export {};\n") => genFile(path, "a.api", body);
const BY = { generator: "api", sources: ["a.api"] };
const PLAN = [gen("x/types.gen.ts"), onceFile("x/logic.ts", "// scaffold\n")];

async function inFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "zeno-writer-" });
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function write(dir: string, plan: GeneratedFile[], options?: ChangeOptions) {
  const changes = await planChanges(dir, plan, BY, options);
  await applyChanges(dir, changes, options);
  return Object.fromEntries(changes.map(({ path, kind }) => [path, kind]));
}

Deno.test("planChanges() writes nothing", () =>
  inFolder(async (dir) => {
    const changes = await planChanges(dir, PLAN, BY);
    assertEquals(changes.map(({ kind }) => kind), ["create", "create", "create"]);
    assertEquals((await Array.fromAsync(Deno.readDir(dir))).length, 0);
  }));

Deno.test("applyChanges() rewrites gen files and never touches files of the user", () =>
  inFolder(async (dir) => {
    await write(dir, PLAN);
    await Deno.writeTextFile(`${dir}/x/logic.ts`, "// mine\n");
    await Deno.writeTextFile(`${dir}/x/types.gen.ts`, "// broken\n");
    const kinds = await write(dir, [PLAN[0]!, onceFile("x/logic.ts", "// new scaffold\n")]);
    assertEquals(kinds, {
      "x/types.gen.ts": "update",
      "x/logic.ts": "keep",
      [MANIFEST_PATH]: "same",
    });
    assertEquals(await Deno.readTextFile(`${dir}/x/logic.ts`), "// mine\n");
    assertEquals(await Deno.readTextFile(`${dir}/x/types.gen.ts`), PLAN[0]!.content);
  }));

Deno.test("planChanges() finds nothing to do the second time", () =>
  inFolder(async (dir) => {
    await write(dir, PLAN);
    const changes = await planChanges(dir, PLAN, BY);
    assertEquals(new Set(changes.map(({ kind }) => kind)), new Set(["same"]));
  }));

for (const [glob, kind] of [["x/*.ts", "update"], ["logic.ts", "update"], ["*.md", "keep"]]) {
  Deno.test(`planChanges() with forceOnce ${glob} gives ${kind}`, () =>
    inFolder(async (dir) => {
      await write(dir, PLAN);
      await Deno.writeTextFile(`${dir}/x/logic.ts`, "// mine\n");
      const changes = await planChanges(dir, PLAN, BY, { forceOnce: glob });
      assertEquals(changes.find(({ path }) => path === "x/logic.ts")?.kind, kind);
    }));
}

Deno.test("applyChanges() deletes orphans with prune, but only generated ones", () =>
  inFolder(async (dir) => {
    await write(dir, [...PLAN, gen("old.gen.ts"), gen("edited.gen.ts"), onceFile("old.ts", "")]);
    await Deno.writeTextFile(`${dir}/edited.gen.ts`, "// now mine\n");
    const orphans = { "old.gen.ts": "delete", "edited.gen.ts": "orphan", "old.ts": "orphan" };
    const first = await write(dir, PLAN);
    assertEquals<Record<string, string>>(
      { ...first, ...orphans },
      first,
      "without prune all stay and are listed",
    );
    assertEquals(await Deno.readTextFile(`${dir}/old.gen.ts`), gen("old.gen.ts").content);
    await write(dir, PLAN, { prune: true });
    const left = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
    assertEquals(left, [".gen", "edited.gen.ts", "old.ts", "x"]);
    // Files of the user stay on the list until they are gone.
    const last = await planChanges(dir, PLAN, BY);
    assertEquals(last.filter(({ kind }) => kind === "orphan").map(({ path }) => path), [
      "edited.gen.ts",
      "old.ts",
    ]);
  }));

Deno.test("planChanges() follows no manifest out of the folder", () =>
  inFolder(async (dir) => {
    await Deno.mkdir(`${dir}/service/.gen`, { recursive: true });
    await Deno.writeTextFile(`${dir}/outside.gen.ts`, gen("outside.gen.ts").content);
    const record = { ...BY, gen: ["../outside.gen.ts"], once: [], orphans: [] };
    const manifest = { format: 2, tool: "zeno", generations: [record] };
    await Deno.writeTextFile(`${dir}/service/${MANIFEST_PATH}`, JSON.stringify(manifest));
    await write(`${dir}/service`, PLAN, { prune: true });
    assertEquals((await Deno.stat(`${dir}/outside.gen.ts`)).isFile, true);
  }));

Deno.test("planChanges() names the file that it cannot read", () =>
  inFolder(async (dir) => {
    await Deno.mkdir(`${dir}/x/logic.ts`, { recursive: true });
    await assertRejects(() => planChanges(dir, PLAN, BY), FileError, "x/logic.ts");
  }));

const set = (content: Uint8Array): GeneratedFile => ({
  path: "etc/a.gen.pb",
  content,
  mode: "gen",
});

Deno.test("applyChanges() writes bytes as they are, and planChanges() compares them", () =>
  inFolder(async (dir) => {
    const bytes = Uint8Array.of(0x0a, 0xff, 0x00, 0xfe);
    assertEquals((await write(dir, [set(bytes)]))["etc/a.gen.pb"], "create");
    assertEquals(await Deno.readFile(`${dir}/etc/a.gen.pb`), bytes);
    assertEquals((await write(dir, [set(bytes)]))["etc/a.gen.pb"], "same");
    // Neither is UTF-8: as text both would be one replacement character.
    assertEquals((await write(dir, [set(bytes.with(1, 0xfd))]))["etc/a.gen.pb"], "update");
    assertEquals(await Deno.readFile(`${dir}/etc/a.gen.pb`), bytes.with(1, 0xfd));
  }));

Deno.test("planChanges() deletes generated bytes that are no longer planned", () =>
  inFolder(async (dir) => {
    const mine: GeneratedFile = { path: "etc/mine.pb", content: Uint8Array.of(1), mode: "gen" };
    await write(dir, [set(Uint8Array.of(0x0a)), mine]);
    assertEquals(await write(dir, [], { prune: true }), {
      [MANIFEST_PATH]: "update",
      "etc/a.gen.pb": "delete",
      "etc/mine.pb": "orphan",
    });
  }));

Deno.test("planChanges() keeps a file of the user that is no text", () =>
  inFolder(async (dir) => {
    await Deno.mkdir(`${dir}/x`);
    await Deno.writeFile(`${dir}/x/logic.ts`, Uint8Array.of(0xff, 0xfe));
    assertEquals((await write(dir, PLAN))["x/logic.ts"], "keep");
    assertEquals(await Deno.readFile(`${dir}/x/logic.ts`), Uint8Array.of(0xff, 0xfe));
  }));

const ORDER = { generator: "rpc", sources: ["order.proto"] };
const STOCK = { generator: "rpc", sources: ["stock.proto"] };

async function run(dir: string, by: Generation, paths: string[]): Promise<Record<string, string>> {
  const changes = await planChanges(dir, paths.map((path) => gen(path)), by, { prune: true });
  await applyChanges(dir, changes, { prune: true });
  return Object.fromEntries(changes.map(({ path, kind }) => [path, kind]));
}

Deno.test("planChanges() leaves alone what was generated from other sources", () =>
  inFolder(async (dir) => {
    for (const { sources } of [BY, ORDER, STOCK]) await Deno.writeTextFile(`${dir}/${sources}`, "");
    await run(dir, BY, ["types.gen.ts"]);
    await run(dir, ORDER, ["pb/order.gen.ts", "pb/money.gen.ts"]);
    assertEquals(await run(dir, STOCK, ["pb/stock.gen.ts", "pb/money.gen.ts"]), {
      "pb/stock.gen.ts": "create",
      "pb/money.gen.ts": "same",
      [MANIFEST_PATH]: "update",
    });
    // Shared by two: it goes with the last of them.
    assertEquals(await run(dir, ORDER, []), {
      "pb/order.gen.ts": "delete",
      [MANIFEST_PATH]: "update",
    });
    assertEquals(await run(dir, STOCK, []), {
      "pb/money.gen.ts": "delete",
      "pb/stock.gen.ts": "delete",
      [MANIFEST_PATH]: "update",
    });
    assertEquals((await run(dir, BY, ["types.gen.ts"]))["types.gen.ts"], "same");
  }));

Deno.test("planChanges() goes on from a source that has another name now, or more of them", () =>
  inFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/order.proto`, "");
    await run(dir, ORDER, ["pb/order.gen.ts", "pb/old.gen.ts"]);
    const both = { ...ORDER, sources: ["more.proto", "order.proto"] };
    assertEquals((await run(dir, both, ["pb/order.gen.ts"]))["pb/old.gen.ts"], "delete");
    await Deno.remove(`${dir}/order.proto`);
    assertEquals((await run(dir, STOCK, ["pb/stock.gen.ts"]))["pb/order.gen.ts"], "delete");
  }));
