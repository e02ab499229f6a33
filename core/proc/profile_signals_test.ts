import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { systemClock } from "../clock.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { dumpProfilesOnSignals, type DumpProfilesOptions } from "./profile_signals.ts";

const ignore = Deno.build.os === "windows";

// Signals that do nothing by default, so a stray one could not end the test run.
const HEAP: Deno.Signal = "SIGURG";
const CPU: Deno.Signal = "SIGWINCH";

interface Setup extends AsyncDisposable {
  folder: string;
  logger: MemoryLog;
  clock: FakeClock;
  dumps: ReturnType<typeof dumpProfilesOnSignals>;
  send(signal: Deno.Signal): void;
  /** Waits, in real time, for a line with this in it; others may send the same signal to the process. */
  line(part: string): Promise<string>;
}

async function setUp(options: DumpProfilesOptions = {}): Promise<Setup> {
  const folder = await Deno.makeTempDir();
  const logger = new MemoryLog();
  const clock = new FakeClock({ wallTime: new Date(2024, 2, 4, 5, 6, 7).getTime() });
  const common = { folder, heapSignal: HEAP, cpuSignal: CPU, logger, clock };
  const dumps = dumpProfilesOnSignals({ ...common, ...options });
  return {
    folder,
    logger,
    clock,
    dumps,
    send: (signal) => Deno.kill(Deno.pid, signal),
    async line(part) {
      for (let tries = 0; tries < 2000; tries++) {
        const found = logger.contents().map(String).find((line) => line.includes(part));
        if (found) return found;
        await systemClock.sleep(5, { keepAlive: true });
      }
      throw new Error(`no line "${part}" in ${JSON.stringify(logger.contents())}`);
    },
    async [Symbol.asyncDispose]() {
      await dumps[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function onlyFile(folder: string): Promise<{ name: string; text: string; mode: number }> {
  const [entry, ...more] = await Array.fromAsync(Deno.readDir(folder));
  assertEquals(more, []);
  const path = `${folder}/${entry!.name}`;
  const { mode } = await Deno.stat(path);
  return { name: entry!.name, text: await Deno.readTextFile(path), mode: mode! & 0o777 };
}

Deno.test({
  name: "dumpProfilesOnSignals() writes a heap snapshot that only the owner may read",
  ignore,
  async fn() {
    await using it = await setUp();
    it.send(HEAP);
    const line = await it.line("Wrote ");
    const { name, text, mode } = await onlyFile(it.folder);
    assertMatch(name, /^.+-\d+-heap-0304050607\.heapsnapshot$/);
    assertEquals([line, mode], [`Wrote ${it.folder}/${name}`, 0o600]);
    assert(JSON.parse(text).snapshot.node_count > 1000);
  },
});

Deno.test({
  name: "dumpProfilesOnSignals() writes a CPU profile that names the busy function",
  ignore,
  async fn() {
    await using it = await setUp();
    it.send(CPU);
    assertEquals(await it.line("Taking"), "Taking a CPU profile for 60s");
    await systemClock.sleep(20, { keepAlive: true }); // Until the profiler runs.
    function spinForTheProfile(): number {
      const untilMs = systemClock.now() + 60;
      let sum = 0;
      while (systemClock.now() < untilMs) sum += Math.sqrt(sum + 1);
      return sum;
    }
    spinForTheProfile();
    await it.clock.advance(60_000);
    await it.line("Wrote ");
    const { name, text } = await onlyFile(it.folder);
    assertMatch(name, /^.+-\d+-cpu-0304050607\.cpuprofile$/);
    const { nodes } = JSON.parse(text) as { nodes: { callFrame: { functionName: string } }[] };
    const names = nodes.map(({ callFrame }) => callFrame.functionName);
    assert(names.includes("spinForTheProfile"), names.join());
  },
});

Deno.test({
  name: "dumpProfilesOnSignals() takes one dump at a time; a second signal ends a profile early",
  ignore,
  async fn() {
    await using it = await setUp();
    it.send(CPU);
    await it.line("Taking");
    it.send(HEAP);
    assertEquals(await it.line("Cannot"), "Cannot dump heap: another dump is being taken");
    it.send(CPU);
    await it.line("Wrote ");
    await it.dumps.idle();
    assertEquals(it.clock.pendingTimers, 0);
  },
});

Deno.test({
  name: "dumpProfilesOnSignals() writes what it has when disposed, and hears no more",
  ignore,
  async fn() {
    await using it = await setUp();
    it.send(CPU);
    await it.line("Taking");
    await it.dumps[Symbol.asyncDispose]();
    assertStringIncludes(await it.line("Wrote "), "cpuprofile");
    it.send(HEAP);
    await systemClock.sleep(20, { keepAlive: true });
    await it.dumps.idle();
    await onlyFile(it.folder);
  },
});

Deno.test({
  name: "dumpProfilesOnSignals() logs what it cannot write, and goes on",
  ignore,
  async fn() {
    await using it = await setUp({ folder: "/nowhere/at/all" });
    it.send(HEAP);
    assertStringIncludes(await it.line("No such file"), "Cannot dump heap: ");
    await it.dumps.idle();
    it.logger.clear();
    it.send(HEAP);
    await it.line("Cannot dump heap: ");
  },
});

for (const cpuMs of [0, NaN]) {
  Deno.test(`dumpProfilesOnSignals() refuses ${cpuMs} ms`, () => {
    assertThrows(() => dumpProfilesOnSignals({ cpuMs }), RangeError, `cpuMs > 0, got ${cpuMs}`);
  });
}

Deno.test({
  name: "dumpProfilesOnSignals() hears USR1 and USR2 and does not keep a process alive",
  ignore,
  async fn() {
    const module = JSON.stringify(new URL("./profile_signals.ts", import.meta.url).href);
    const folder = await Deno.makeTempDir();
    const output = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        "--ext=ts",
        `import { dumpProfilesOnSignals } from ${module};
         const dumps = dumpProfilesOnSignals({ cpuMs: 20 });
         const alive = setInterval(() => {}, 1000);
         const lines = () => [...Deno.readDirSync(${JSON.stringify(folder)})].length;
         Deno.kill(Deno.pid, "SIGUSR1");
         while (lines() < 1) await new Promise((done) => setTimeout(done, 5));
         await dumps.idle();
         Deno.kill(Deno.pid, "SIGUSR2");
         while (lines() < 2) await new Promise((done) => setTimeout(done, 5));
         await dumps.idle();
         clearInterval(alive);`,
      ],
      env: { NO_COLOR: "1", TMPDIR: folder },
    }).output();
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    await Deno.remove(folder, { recursive: true });
    assertEquals(output.code, 0, new TextDecoder().decode(output.stderr));
    assertEquals(names.map((name) => name.split(".")[1]), ["cpuprofile", "heapsnapshot"]);
  },
});
