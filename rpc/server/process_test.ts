import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { echo, echoService } from "../testing/echo_service.ts";

const SERVER = fromFileUrl(new URL("testdata/faulty_server.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** A server in a process of its own, and a client of it. */
async function start() {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", CONFIG, SERVER],
    stdout: "piped",
    stdin: "null",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const config = { Target: value.trim(), Timeout: 3_000, Middlewares: { Breaker: false } };
  const client = new RpcClient(config, { log: noopLogger, retry: false });
  await client.ready(10_000);
  return {
    process,
    target: config.Target,
    stub: client.stub(echoService),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      try {
        process.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await process.status;
      await reader.cancel();
    },
  };
}

const SAYS: readonly (readonly [string, string])[] = [
  ["throw", "internal"],
  ["throw nothing", "internal"],
  ["reject", "internal"],
  ["detached", "ok"],
  ["timer", "ok"],
  ["nothing", "internal"],
  ["wrong", "internal"],
  ["hang", "deadline_exceeded"],
  ["late", "deadline_exceeded"],
];

const COUNTS: readonly (readonly [string, string])[] = [
  ["throw", "internal"],
  ["detached", "ok"],
  ["wrong", "internal"],
  ["hang", "deadline_exceeded"],
];

async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "ok";
  } catch (error) {
    assert(error instanceof ServiceError, String(error));
    assert(!/hunter2|\n +at /.test(error.message), error.message);
    return error.code;
  }
}

Deno.test({
  name: "a server serves on after every fault of a handler, and shows none of it",
  sanitizeOps: false, // A connection whose server has ended waits before it finds that nobody wants it.
  sanitizeResources: false,
  async fn() {
    await using it = await start();
    for (const [text, wanted] of SAYS) {
      assertEquals(await outcome(() => it.stub.say(echo(text))), wanted, text);
      assertEquals((await it.stub.say(echo("alive"))).text, "alive");
    }
    for (const [text, wanted] of COUNTS) {
      const run = () => Array.fromAsync(it.stub.count(echo(text), { timeoutMs: 300 }));
      assertEquals(await outcome(run), wanted, text);
      assertEquals((await it.stub.say(echo("alive"))).text, "alive");
    }
    await systemClock.sleep(400, { keepAlive: true }); // What comes late comes now.
    assertEquals((await it.stub.say(echo("alive"))).text, "alive");
    it.process.kill("SIGTERM");
    assertEquals((await it.process.status).code, 0);
  },
});

// What Deno 2.9.4 to 2.9.6 do not survive. Where this holds on a version after those, that version is safe: see LAST_SAFE_DENO.
Deno.test({
  name: "a server serves on when clients go away with calls and streams open",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using it = await start();
    for (let round = 0; round < 5; round++) {
      const config = { Target: it.target, Timeout: 0, Middlewares: { Breaker: false } };
      const client = new RpcClient(config, { log: noopLogger, retry: false });
      const { say, count } = client.stub(echoService);
      const open = Array.from(
        { length: 20 },
        (_, i) => i % 2 === 0 ? say(echo("hang")) : Array.fromAsync(count(echo("hang"))),
      );
      const ended = Promise.allSettled(open);
      await systemClock.sleep(50, { keepAlive: true });
      await client[Symbol.asyncDispose]();
      await ended;
      assertEquals((await it.stub.say(echo("alive"))).text, "alive");
    }
    it.process.kill("SIGTERM");
    assertEquals((await it.process.status).code, 0);
  },
});

Deno.test({
  name: "calls and streams end when their server is killed",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using it = await start();
    const unary = assertRejects(
      () => it.stub.say(echo("hang"), { timeoutMs: 20_000 }),
      ServiceError,
    );
    const stream = assertRejects(() => Array.fromAsync(it.stub.count(echo("hang"))), ServiceError);
    await systemClock.sleep(100, { keepAlive: true });
    it.process.kill("SIGKILL");
    assertEquals([(await unary).code, (await stream).code], ["unavailable", "unavailable"]);
  },
});

Deno.test({
  name: "a server that is asked to stop twice ends at once, whatever is in hand",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using it = await start();
    const failed = [
      assertRejects(() => it.stub.say(echo("hang"), { timeoutMs: 20_000 }), ServiceError),
      assertRejects(() => Array.fromAsync(it.stub.count(echo("hang"))), ServiceError),
    ];
    await systemClock.sleep(50, { keepAlive: true });
    it.process.kill("SIGTERM");
    await systemClock.sleep(200, { keepAlive: true });
    const startedMs = systemClock.now();
    it.process.kill("SIGTERM");
    const { signal } = await it.process.status;
    assert(systemClock.now() - startedMs < 500);
    assertEquals(signal, "SIGTERM");
    await Promise.all(failed);
  },
});

Deno.test({
  name: "a server that is asked to stop with calls and streams open ends in time, with code 0",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using it = await start();
    const failed = [
      assertRejects(() => it.stub.say(echo("hang"), { timeoutMs: 20_000 }), ServiceError),
      assertRejects(() => Array.fromAsync(it.stub.count(echo("hang"))), ServiceError),
    ];
    await systemClock.sleep(50, { keepAlive: true });
    const startedMs = systemClock.now();
    it.process.kill("SIGTERM");
    assertEquals((await it.process.status).code, 0);
    assert(systemClock.now() - startedMs < 2_000);
    await Promise.all(failed);
  },
});
