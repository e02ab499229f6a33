/** Tests of whole processes: how a service starts, ends and says why it cannot start. */
import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";

const REST = new URL("./mod.ts", import.meta.url).href;
const CONFIG = fromFileUrl(new URL("../deno.json", import.meta.url));

class Service implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #seen = "";

  constructor(script: string) {
    const source = `import { json, runService, Server } from ${JSON.stringify(REST)};\n${script}`;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--quiet",
        "--config",
        CONFIG,
        `data:text/typescript,${encodeURIComponent(source)}`,
      ],
      env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Reads the log until `pattern` matches; answers its first group. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#seen);
      if (found) return found[1] ?? "";
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`the log ended: ${this.#seen}`);
      this.#seen += value;
    }
  }

  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** How it ended, and all that it said on stderr. */
  async end(): Promise<{ code: number; stderr: string }> {
    const stderr = await new Response(this.#process.stderr).text();
    for (let part = await this.#lines.read(); !part.done; part = await this.#lines.read());
    return { code: (await this.#process.status).code, stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#process.status;
    await this.#lines.cancel();
    if (!this.#process.stderr.locked) await this.#process.stderr.cancel();
  }
}

const SERVER = `const server = new Server({
  Name: "run", Host: "127.0.0.1", Port: 0, Shutdown: { WrapUpTime: "200ms", WaitTime: "5s" },
});
server.get("/", () => json("ok"));
let release;
server.get("/slow", () => new Promise((resolve) => release = () => resolve(json("late"))));
server.get("/release", () => { release(); return json("released"); });
`;

Deno.test("runService() serves, fails readiness first on SIGTERM, drains and ends with 0", async () => {
  await using service = new Service(`${SERVER} await runService(server);`);
  const url = `http://127.0.0.1:${await service.until(/at 127\.0\.0\.1:(\d+)/)}`;
  assertEquals(await (await fetch(url)).json(), "ok");
  const slow = fetch(`${url}/slow`);
  await (await fetch(`${url}/healthz`)).body?.cancel();
  service.signal("SIGTERM");
  await service.until(/(Got signal)/);
  // The lame-duck time: not ready, and still answering.
  const health = await fetch(`${url}/healthz`);
  assertEquals(health.status, 503);
  await health.body?.cancel();
  assertEquals(await (await fetch(`${url}/release`)).json(), "released");
  assertEquals(await (await slow).json(), "late");
  assertEquals((await service.end()).code, 0);
});

Deno.test("runService() ends at once on a second signal", async () => {
  await using service = new Service(`${SERVER} await runService(server);`);
  const url = `http://127.0.0.1:${await service.until(/at 127\.0\.0\.1:(\d+)/)}`;
  const slow = fetch(`${url}/slow`).then(() => "answered", () => "cut");
  await (await fetch(url)).body?.cancel();
  service.signal("SIGTERM");
  await service.until(/(Got signal)/);
  service.signal("SIGTERM");
  assertEquals((await service.end()).code, 143);
  assertEquals(await slow, "cut");
});

Deno.test("runService() says in one line that the port is taken, and ends with 1", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await using service = new Service(
    `await runService(new Server({ Name: "run", Host: "127.0.0.1", Port: ${port} }));`,
  );
  const { code, stderr } = await service.end();
  assertEquals(code, 1);
  assertEquals(
    stderr,
    `Cannot listen on 127.0.0.1:${port}: the address is in use; stop the program that holds it or change Port\n`,
  );
});

Deno.test("runService() tells a wrong configuration in one line, and a slip with its stack", async () => {
  await using wrong = new Service(`await runService(() => new Server({ Name: "run", Port: -1 }));`);
  const { code, stderr } = await wrong.end();
  assertEquals([code, stderr.trimEnd().split("\n").length], [1, 1]);
  assertMatch(stderr, /Port/);
  await using slip = new Service("await runService(() => undefined.server);");
  const slipped = await slip.end();
  assertEquals(slipped.code, 1);
  assertMatch(slipped.stderr, /TypeError[\s\S]*at /);
});
