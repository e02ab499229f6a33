/** Logs that cannot be written: a full disk, a reader that does not read. The service serves all the same. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

/** Requests, each of which is logged: more than a pipe and the log's own buffers hold. */
const REQUESTS = 3_000;

interface Logging extends AsyncDisposable {
  /** Answers that came. */
  ask(count: number): Promise<number>;
  /** Asks it to stop; how and when it ended. */
  stop(): Promise<{ code: number; elapsedMs: number }>;
  /** What it has written to stderr by now. */
  readonly errors: string;
}

/** Starts a process whose stdout nobody reads. */
async function start(log: object): Promise<Logging> {
  const script = fromFileUrl(new URL("testdata/logging_process.ts", import.meta.url));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", script, JSON.stringify(log)],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let errors = "";
  const port = Promise.withResolvers<number>();
  const reading = (async () => {
    for await (const text of process.stderr.pipeThrough(new TextDecoderStream())) {
      errors += text;
      const line = /^(\d+)$/m.exec(errors);
      if (line) port.resolve(Number(line[1]));
    }
    port.reject(new Error(`Cannot start: ${errors}`));
  })();
  port.promise.catch(() => {});
  const client = Deno.createHttpClient({});
  const end = async () => {
    const { code } = await process.status;
    await process.stdout.cancel();
    await reading;
    return code;
  };
  const url = `http://127.0.0.1:${await port.promise}/`;
  return {
    get errors() {
      return errors;
    },
    async ask(count) {
      let answered = 0;
      for (let n = 0; n < count; n++) {
        const signal = AbortSignal.timeout(5_000);
        const response = await fetch(url, { client, signal });
        if (await response.json() === "yes") answered++;
      }
      return answered;
    },
    async stop() {
      const started = performance.now();
      process.kill("SIGTERM");
      const code = await end();
      return { code, elapsedMs: performance.now() - started };
    },
    async [Symbol.asyncDispose]() {
      client.close();
      try {
        process.kill("SIGKILL");
        await end();
      } catch {
        // It has ended.
      }
    },
  };
}

Deno.test({
  name: "a service serves on when the disk is full, says so once, and stops as always",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      for (const name of ["access", "error", "severe", "slow", "stat"]) {
        await Deno.symlink("/dev/full", `${folder}/${name}.log`);
      }
      await using service = await start({ Mode: "file", Path: folder });
      assertEquals(await service.ask(REQUESTS), REQUESTS);
      const { code, elapsedMs } = await service.stop();
      assertEquals(code, 0, service.errors);
      assert(elapsedMs < 2_000, `${elapsedMs}`);
      const complaints = service.errors.split("\n").filter((line) => /space left/i.test(line));
      assert(complaints.length >= 1 && complaints.length <= 10, service.errors);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "a service serves on when nobody reads its stdout, and ends when its time to stop is up",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using service = await start({ Mode: "console" });
    assertEquals(await service.ask(REQUESTS), REQUESTS);
    const { elapsedMs } = await service.stop();
    assert(elapsedMs < 3_500, `${elapsedMs}`);
  },
});
