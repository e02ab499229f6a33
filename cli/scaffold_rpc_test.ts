/**
 * Runs `deno` on generated RPC services. Each test starts several processes, so there are few.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { main } from "./main.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { inTempFolder, runDeno } from "./testing/temp_folder.ts";

async function zeno(...words: string[]): Promise<string[]> {
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

Deno.test("zeno rpc new makes a service that passes its own checks and tests, and can run again", () =>
  inTempFolder(async (dir) => {
    const out = await zeno("rpc", "new", `${dir}/greet`);
    assertMatch(out.at(-1)!, /deno task start/);
    await assertSucceeds(`${dir}/greet`, "task", "check");
    await assertSucceeds(`${dir}/greet`, "task", "test");
    await edit(`${dir}/greet/main.ts`, "await runServices", "// mine\nawait runServices");
    await zeno("rpc", "new", `${dir}/greet`);
    assertStringIncludes(await Deno.readTextFile(`${dir}/greet/main.ts`), "// mine");
    await assertSucceeds(`${dir}/greet`, "task", "gen", "--check");
  }));

const ORDER = fromFileUrl(new URL("./generate/rpc/testdata/shop/order.proto", import.meta.url));
const ROOT = fromFileUrl(new URL("./generate/rpc/testdata", import.meta.url));
Deno.test("a service with every kind of method passes fmt, lint, check and its tests", () =>
  inTempFolder(async (dir) => {
    await zeno("rpc", "gen", ORDER, "-I", ROOT, "--dir", dir, "--test", "-m");
    await assertSucceeds(dir, "task", "check");
    await assertSucceeds(dir, "task", "test");
  }));

Deno.test("a change of the .proto file is a type error in the logic", () =>
  inTempFolder(async (dir) => {
    await zeno("rpc", "new", `${dir}/greet`);
    await edit(`${dir}/greet/greet.proto`, "string pong = 1;", "int32 pong = 1;");
    await zeno("rpc", "gen", `${dir}/greet/greet.proto`, "--test");
    const { code, output } = await runDeno(`${dir}/greet`, "check");
    assertEquals(code, 1);
    assertMatch(output, /at file:.*internal\/logic\/ping_logic\.ts:\d+:\d+/);
  }));

Deno.test("a scaffolded RPC service answers, and stops when asked to", () =>
  inTempFolder(async (dir) => {
    await zeno("new", `${dir}/greet`, "--template", "rpc");
    await edit(`${dir}/greet/etc/greet.yaml`, "0.0.0.0:8080", "127.0.0.1:0");
    await Deno.writeTextFile(
      `${dir}/greet/call.ts`,
      'import { RpcClient } from "@zeno/zeno/rpc";\n' +
        'import { greetClient } from "./client/greet_client.gen.ts";\n' +
        "await using client = new RpcClient({ Target: Deno.args[0]! });\n" +
        'console.log((await greetClient(client).ping({ ping: "over the wire" })).pong);\n',
    );
    const service = new Deno.Command(Deno.execPath(), {
      args: ["run", "-P", "main.ts", "-f", "etc/greet.yaml"],
      cwd: `${dir}/greet`,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines = service.stdout.pipeThrough(new TextDecoderStream());
    let address = "";
    for await (const text of lines.values({ preventCancel: true })) {
      address = /Serving greet\.rpc at ([\d.]+:\d+)/.exec(text)?.[1] ?? "";
      if (address !== "") break;
    }
    const { code, output } = await runDeno(`${dir}/greet`, "run", "-P", "call.ts", address);
    assertEquals([code, output.includes("over the wire")], [0, true], output);
    service.kill("SIGTERM");
    await lines.cancel();
    assertEquals((await service.status).code, 0);
  }));
