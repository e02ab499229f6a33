import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echo } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";

const hang = () => new Promise<never>(() => {});
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

testEachKind("does not hang when it stops with calls and streams open", async (kind) => {
  const aborted: string[] = [];
  await using pair = await openPair(kind, {
    server: { Timeout: 0, Shutdown: { WrapUpTime: 10, WaitTime: 700 } },
    client: { Timeout: 0 },
    handlers: {
      say: (_request, { signal }) => {
        signal.addEventListener("abort", () => aborted.push("say"));
        return hang();
      },
      async *count(_request, { signal }) {
        signal.addEventListener("abort", () => aborted.push("count"));
        yield echo("1");
        await hang();
      },
    },
  });
  const failures: Promise<unknown>[] = [
    assertRejects(() => pair.stub.say(echo("")), ServiceError),
    assertRejects(() => Array.fromAsync(pair.stub.count(echo(""))), ServiceError),
  ];
  await sleep(60);
  const startedMs = systemClock.now();
  await pair.server.stop();
  assert(systemClock.now() - startedMs < 1_500);
  await Promise.all(failures);
  assertEquals(aborted.sort(), ["count", "say"]);
});

testEachKind("finishes what is in flight when it stops", async (kind) => {
  await using pair = await openPair(kind, {
    handlers: { say: (request) => sleep(120).then(() => request) },
  });
  const answers = [1, 2, 3].map((n) => pair.stub.say(echo("", n)));
  await sleep(30);
  await Promise.all(
    [pair.server.stop(), pair.client[Symbol.asyncDispose].call(pair.client).catch(() => {})]
      .slice(0, 1),
  );
  assertEquals((await Promise.all(answers)).map(({ number }) => number), [1, 2, 3]);
});
