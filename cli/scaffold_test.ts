/**
 * Runs `deno` on generated services. Each test starts several processes, so there are few.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { main } from "./main.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { inTempFolder, runDeno } from "./testing/temp_folder.ts";

async function zeno(...words: string[]) {
  const terminal = new MemoryTerminal();
  const code = await main(words, terminal);
  assertEquals(code, 0, terminal.err.join("\n"));
  return terminal.out;
}

async function assertSucceeds(dir: string, ...args: string[]): Promise<void> {
  const { code, output } = await runDeno(dir, ...args);
  assertEquals(code, 0, output);
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assertStringIncludes(text, from);
  await Deno.writeTextFile(path, text.replace(from, () => to));
}

Deno.test("zeno new makes a service that passes its own checks and tests, and can run again", () =>
  inTempFolder(async (dir) => {
    const out = await zeno("new", `${dir}/my-greet`);
    assertEquals(out.at(-1)!.trim().split("\n").slice(-2), [
      `  cd ${dir}/my-greet && deno task start`,
      "  curl localhost:8888/from/you",
    ]);
    await assertSucceeds(`${dir}/my-greet`, "task", "check");
    await assertSucceeds(`${dir}/my-greet`, "task", "test");
    await edit(`${dir}/my-greet/main.ts`, "await runService", "// mine\nawait runService");
    await zeno("new", `${dir}/my-greet`);
    assertStringIncludes(await Deno.readTextFile(`${dir}/my-greet/main.ts`), "// mine");
    await assertSucceeds(`${dir}/my-greet`, "task", "gen", "--check");
  }));

Deno.test("a scaffolded service answers, refuses, and stops when asked to", () =>
  inTempFolder(async (dir) => {
    await zeno("api", "new", `${dir}/greet`);
    await edit(`${dir}/greet/etc/greet.yaml`, "Port: 8888", "Port: 0");
    const service = new Deno.Command(Deno.execPath(), {
      args: ["run", "-P", "main.ts", "-f", "etc/greet.yaml"],
      cwd: `${dir}/greet`,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines = service.stdout.pipeThrough(new TextDecoderStream());
    let port = "";
    for await (const text of lines.values({ preventCancel: true })) {
      port = /Serving greet at [\d.]+:(\d+)/.exec(text)?.[1] ?? "";
      if (port !== "") break;
    }
    const good = await fetch(`http://127.0.0.1:${port}/from/you`);
    assertEquals([good.status, await good.json()], [200, { message: "Hello, you!" }]);
    const bad = await fetch(`http://127.0.0.1:${port}/from/nobody`);
    const problem = await bad.json();
    assertEquals([bad.status, problem.issues[0].path], [400, "name"]);
    service.kill("SIGTERM");
    await lines.cancel();
    assertEquals((await service.status).code, 0);
  }));

const TORTURE = fromFileUrl(new URL("./generate/rest/testdata/torture.api", import.meta.url));
const variants = [
  { name: "by default", flags: [] },
  {
    name: "with every choice made differently",
    flags: ["--int64", "bigint", "--type-group", "--handlers", "--test", "--style", "goZero"],
  },
];
for (const { name, flags } of variants) {
  Deno.test(`generated code ${name} passes fmt, lint and check without exceptions`, () =>
    inTempFolder(async (dir) => {
      await zeno("api", "gen", TORTURE, "--dir", dir, ...flags);
      await assertSucceeds(dir, "fmt", "--check");
      await assertSucceeds(dir, "lint");
      await assertSucceeds(dir, "check");
      if (flags.includes("--test")) {
        await assertSucceeds(dir, "test", "-P", "--no-check");
      }
      for (const { path, text } of await readAll(dir)) {
        assert(
          !/deno-(lint|fmt)-ignore|@ts-|: any\b(?!\()|<any\b|as any\b|as unknown as/.test(text),
          path,
        );
      }
    }));
}

async function readAll(dir: string): Promise<{ path: string; text: string }[]> {
  const found: { path: string; text: string }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    const path = `${dir}/${name}`;
    if (isDirectory) found.push(...await readAll(path));
    else if (name.endsWith(".ts")) found.push({ path, text: await Deno.readTextFile(path) });
  }
  return found;
}

Deno.test("a change of the .api file is a type error in the logic", () =>
  inTempFolder(async (dir) => {
    await zeno("new", `${dir}/greet`);
    await assertSucceeds(`${dir}/greet`, "check");
    await edit(
      `${dir}/greet/greet.api`,
      'Message string `json:"message"`',
      'Text int `json:"text"`',
    );
    await zeno("api", "gen", `${dir}/greet/greet.api`, "--test");
    const { code, output } = await runDeno(`${dir}/greet`, "check");
    assertEquals(code, 1);
    assertMatch(output, /at file:.*internal\/logic\/greet_logic\.ts:\d+:\d+/);
  }));

const others = [["new", "x", "--template", "rpc"], ["new", "x", "--template", "monorepo"]];
for (const words of others) {
  Deno.test(`zeno ${words.join(" ")} leaves a service of another kind alone`, () =>
    inTempFolder(async (dir) => {
      await zeno("new", `${dir}/x`);
      const terminal = new MemoryTerminal();
      assertEquals(await main(words.with(1, `${dir}/x`), terminal), 3);
      assertStringIncludes(terminal.err.join("\n"), "the folder is not empty");
    }));
}

const names = [
  { words: ["new", "1st"], code: 2, says: "Cannot name service" },
  { words: ["new", "a b"], code: 2, says: "as in a_b" },
  { words: ["api", "new", "a-b"], code: 2, says: "as in a_b" },
  { words: ["new", "x", "--template", "soap"], code: 2, says: "takes rest, rpc, monorepo" },
  { words: ["new", "taken"], code: 3, says: "the folder is not empty" },
  { words: ["new", "file"], code: 3, says: "Cannot" },
];
for (const { words, code, says } of names) {
  Deno.test(`zeno ${words.join(" ")} is refused with ${code}`, () =>
    inTempFolder(async (dir) => {
      await Deno.mkdir(`${dir}/taken`);
      await Deno.writeTextFile(`${dir}/taken/notes.txt`, "mine");
      await Deno.writeTextFile(`${dir}/file`, "");
      const at = words[0] === "api" ? 2 : 1;
      const terminal = new MemoryTerminal();
      const result = await main(words.with(at, `${dir}/${words[at]}`), terminal);
      assertEquals(result, code);
      assertStringIncludes(terminal.err.join("\n"), says);
      const left = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
      assertEquals(left, ["file", "taken"]);
    }));
}
