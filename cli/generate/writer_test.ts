import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "../errors.ts";
import { type GeneratedFile, genFile, onceFile } from "./generated_file.ts";
import { MANIFEST_PATH } from "./manifest.ts";
import { applyChanges, type ChangeOptions, planChanges } from "./writer.ts";

const gen = (path: string, body = "export {};\n") => genFile(path, "a.api", body);
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
  const changes = await planChanges(dir, plan, options);
  await applyChanges(dir, changes, options);
  return Object.fromEntries(changes.map(({ path, kind }) => [path, kind]));
}

Deno.test("planChanges() writes nothing", () =>
  inFolder(async (dir) => {
    const changes = await planChanges(dir, PLAN);
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
    const changes = await planChanges(dir, PLAN);
    assertEquals(new Set(changes.map(({ kind }) => kind)), new Set(["same"]));
  }));

for (const [glob, kind] of [["x/*.ts", "update"], ["logic.ts", "update"], ["*.md", "keep"]]) {
  Deno.test(`planChanges() with forceOnce ${glob} gives ${kind}`, () =>
    inFolder(async (dir) => {
      await write(dir, PLAN);
      await Deno.writeTextFile(`${dir}/x/logic.ts`, "// mine\n");
      const changes = await planChanges(dir, PLAN, { forceOnce: glob });
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
    const last = await planChanges(dir, PLAN);
    assertEquals(last.filter(({ kind }) => kind === "orphan").map(({ path }) => path), [
      "edited.gen.ts",
      "old.ts",
    ]);
  }));

Deno.test("planChanges() follows no manifest out of the folder", () =>
  inFolder(async (dir) => {
    await Deno.mkdir(`${dir}/service/.gen`, { recursive: true });
    await Deno.writeTextFile(`${dir}/outside.gen.ts`, gen("outside.gen.ts").content);
    const manifest = { format: 1, tool: "zeno", gen: ["../outside.gen.ts"], once: [], orphans: [] };
    await Deno.writeTextFile(`${dir}/service/${MANIFEST_PATH}`, JSON.stringify(manifest));
    await write(`${dir}/service`, PLAN, { prune: true });
    assertEquals((await Deno.stat(`${dir}/outside.gen.ts`)).isFile, true);
  }));

Deno.test("planChanges() names the file that it cannot read", () =>
  inFolder(async (dir) => {
    await Deno.mkdir(`${dir}/x/logic.ts`, { recursive: true });
    await assertRejects(() => planChanges(dir, PLAN), FileError, "x/logic.ts");
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
