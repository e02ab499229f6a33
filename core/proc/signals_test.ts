import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../clock.ts";
import { listenSignals, STOP_SIGNALS } from "./signals.ts";

/** A child that runs `body` with a `Shutdown`, and whose lines can be awaited one by one. */
class Child implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly stderr: Promise<string>;

  constructor(body: string) {
    const shutdown = new URL("./shutdown.ts", import.meta.url).href;
    const group = new URL("../service/service_group.ts", import.meta.url).href;
    const task = new URL("../service/task_service.ts", import.meta.url).href;
    const program = `
      import { Shutdown } from ${JSON.stringify(shutdown)};
      import { ServiceGroup } from ${JSON.stringify(group)};
      import { taskService } from ${JSON.stringify(task)};
      ${body}
    `;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--ext=ts", program],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = lines(this.#process.stdout);
    this.stderr = new Response(this.#process.stderr).text();
  }

  get status(): Promise<Deno.CommandStatus> {
    return this.#process.status;
  }

  /** The next line it prints; undefined at the end. */
  async line(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done ? undefined : value;
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#process.status;
    await this.stderr;
    while (await this.line() !== undefined); // The pipe is a resource until it has been read.
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}

/** What keeps a process alive until it is told to stop, as a server does. */
const SERVER = `const server = setInterval(() => {}, 1000);`;

for (const signal of STOP_SIGNALS) {
  Deno.test(`Shutdown.listen() runs both phases after ${signal}, and the process ends with 0`, async () => {
    await using child = new Child(`
      ${SERVER}
      const shutdown = new Shutdown({ wrapUpMs: 5, waitMs: 30_000 });
      shutdown.onWrapUp(() => console.log("wrap-up"));
      shutdown.onShutdown(() => { console.log("shutdown"); clearInterval(server); });
      shutdown.listen();
      console.log("ready");
    `);
    assertEquals(await child.line(), "ready");
    child.kill(signal);
    const log = JSON.parse(await child.line() ?? "");
    assertEquals(log.content, `Got signal ${signal}, shutting down...`);
    assertEquals([await child.line(), await child.line()], ["wrap-up", "shutdown"]);
    assertEquals(await child.line(), undefined);
    const { code, signal: killedBy } = await child.status;
    assertEquals([code, killedBy], [0, null]);
  });
}

Deno.test("Shutdown.listen() lets a second signal end the process at once", async () => {
  await using child = new Child(`
    ${SERVER}
    const shutdown = new Shutdown({ wrapUpMs: 600_000, waitMs: 600_000 });
    shutdown.onWrapUp(() => console.log("wrap-up"));
    shutdown.onShutdown(() => console.log("shutdown"));
    shutdown.listen();
    console.log("ready");
  `);
  assertEquals(await child.line(), "ready");
  child.kill("SIGTERM");
  await child.line(); // The log line.
  assertEquals(await child.line(), "wrap-up");
  child.kill("SIGTERM");
  assertEquals(await child.line(), undefined);
  const { code, signal } = await child.status;
  assertEquals([code, signal], [143, "SIGTERM"]);
});

const stuck = [
  { name: "a listener hangs", listener: "() => new Promise(() => {})" },
  { name: "the process goes on though all listeners have finished", listener: "() => {}" },
];

for (const { name, listener } of stuck) {
  Deno.test(`Shutdown.listen() ends the process by force with 1 when ${name}`, async () => {
    await using child = new Child(`
      ${SERVER}
      const shutdown = new Shutdown({ wrapUpMs: 0, waitMs: 50 });
      shutdown.onShutdown(${listener});
      shutdown.listen();
      console.log("ready");
    `);
    assertEquals(await child.line(), "ready");
    child.kill("SIGTERM");
    assertEquals((await child.status).code, 1);
    assertStringIncludes(await child.stderr, "Still alive after 0.05s, going to force kill");
  });
}

Deno.test("Shutdown.listen() does not keep a process alive", async () => {
  await using child = new Child(`new Shutdown().listen();`);
  assertEquals((await child.status).code, 0);
});

Deno.test("ServiceGroup.run() stops its services after a signal and returns", async () => {
  await using child = new Child(`
    const group = new ServiceGroup();
    for (const name of ["a", "b"]) {
      group.add(taskService(name, (signal) => new Promise((resolve) => {
        const server = setInterval(() => {}, 1000);
        signal.addEventListener("abort", () => { clearInterval(server); resolve(); });
        if (name === "b") console.log("ready"); // The group listens before it starts anything.
      })));
    }
    await group.run({ wrapUpMs: 0 });
    console.log("returned");
  `);
  assertEquals(await child.line(), "ready");
  child.kill("SIGTERM");
  assert((await child.line())?.includes("Got signal SIGTERM"));
  assert((await child.line())?.includes("Shutting down services in group"));
  assertEquals(await child.line(), "returned");
  assertEquals((await child.status).code, 0);
});

Deno.test("listenSignals() calls the handler until disposed, and then leaves nothing", async () => {
  // A signal that does nothing by default, so a stray one could not end the test run.
  const signal: Deno.Signal = Deno.build.os === "windows" ? "SIGINT" : "SIGURG";
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  // Listening alone does not keep the test alive.
  using _alive = systemClock.setTimer(() => {}, 60_000, { keepAlive: true });
  const listening = listenSignals([signal], resolve);
  if (Deno.build.os === "windows") resolve(signal);
  else Deno.kill(Deno.pid, signal);
  assertEquals(await promise, signal);
  listening[Symbol.dispose]();
  listening[Symbol.dispose]();
});
