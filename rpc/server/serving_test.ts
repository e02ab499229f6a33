import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echo } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

testEachKind("answers every kind of method", async (kind) => {
  await using pair = await openPair(kind);
  const { stub } = pair;
  assertEquals((await stub.say(echo("a", 1))).text, "a");
  const counted: number[] = [];
  for await (const { number } of stub.count(echo("", 3))) counted.push(number);
  assertEquals(counted, [1, 2, 3]);
  assertEquals((await stub.sum([echo("", 1), echo("", 2)])).number, 3);
  const said: string[] = [];
  for await (const { text } of stub.chat([echo("x"), echo("y")])) said.push(text);
  assertEquals(said, ["x", "y"]);
});

testEachKind("passes on the caller's deadline to what the handler calls", async (kind) => {
  const left: (number | undefined)[] = [];
  await using pair = await openPair(kind, {
    handlers: {
      say: async (request) => {
        await sleep(1);
        left.push(currentDeadline()?.remainingMs);
        return request;
      },
    },
  });
  await pair.stub.say(echo(""), { timeoutMs: 700 });
  assert(left[0]! > 300 && left[0]! < 700, `${left[0]}`);
});
