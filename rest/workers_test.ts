/** Tests of whole processes whose servers are served by several threads. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";

const REST = new URL("./mod.ts", import.meta.url).href;
const CONFIG = fromFileUrl(new URL("../deno.json", import.meta.url));

const PROGRAM = `import { json, runService, Server } from ${JSON.stringify(REST)};
const [kind, port, adminPort] = Deno.args;
await runService(() =>
  new Server({
    Name: "crew", Host: "127.0.0.1", Port: Number(port), Workers: 2,
    DevServer: { Port: Number(adminPort) }, Listener: { Kind: kind },
    Log: { Level: "error" }, Shutdown: { WrapUpTime: "50ms", WaitTime: "4s" },
  })
    .get("/who", () => json(self.name))
    .get("/slow", () => new Promise((resolve) => setTimeout(() => resolve(json(self.name)), 400)))
);`;

/** A port that was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function withCrew(
  kind: string,
  flags: readonly string[],
  use: (crew: { process: Deno.ChildProcess; port: number; adminPort: number }) => Promise<void>,
): Promise<{ code: number; stderr: string }> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, PROGRAM);
  const [port, adminPort] = [freePort(), freePort()];
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "--config", CONFIG, ...flags, file, kind]
      .concat(String(port), String(adminPort)),
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(process.stderr).text();
  try {
    await use({ process, port, adminPort });
  } finally {
    try {
      process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await process.status;
    await Deno.remove(file);
  }
  return { code: (await process.status).code, stderr: await stderr };
}

/** Asks over a connection of its own, so that the system may pick either worker. */
async function ask(port: number, path: string): Promise<string> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  return await (await fetch(`http://127.0.0.1:${port}${path}`, { client })).text();
}

async function untilServing(port: number, process: Deno.ChildProcess): Promise<void> {
  let ended = false;
  process.status.then(() => ended = true);
  for (let tries = 0; tries < 1200 && !ended; tries++) {
    if (await ask(port, "/readyz").then((text) => text === "OK", () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the crew does not serve");
}

async function namesOf(port: number): Promise<Set<string>> {
  const answers = Array.from({ length: 40 }, () => ask(port, "/who"));
  return new Set(await Promise.all(answers));
}

for (const [kind, flags] of [["serve", ["--unstable-net"]], ["node", []]] as const) {
  Deno.test(`two workers share a port of kind ${kind}, are counted together, and lose nothing at the end`, async () => {
    const { code } = await withCrew(kind, flags, async ({ process, port, adminPort }) => {
      await untilServing(adminPort, process);
      assertEquals(await namesOf(port), new Set(['"zeno-worker-1"', '"zeno-worker-2"']));
      assertMatch(
        await ask(adminPort, "/metrics"),
        /http_server_requests_code_total\{path="\/who",method="GET",code="200"\} 40\n/,
      );
      const slow = Array.from({ length: 8 }, () => ask(port, "/slow"));
      await new Promise((resolve) => setTimeout(resolve, 100)); // All are in flight by then.
      process.kill("SIGTERM");
      const names = await Promise.all(slow);
      assert(names.every((name) => name.startsWith('"zeno-worker-')), names.join());
      await process.status;
    });
    assertEquals(code, 0);
  });
}

Deno.test("workers say what they need where the runtime would end the process", async () => {
  const { code, stderr } = await withCrew("serve", [], async ({ process }) => {
    await process.status;
  });
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /Cannot start worker \d: Cannot share port between workers: put "unstable": \["net"\]/,
  );
});
