import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { Pipe } from "./pipe.ts";

const E = new Error("E");
const DONE: IteratorResult<never, undefined> = { done: true, value: undefined };
const turn = () => new FakeClock().advance(0);

function read<T>(pipe: Pipe<T>) {
  const told: unknown[] = [];
  pipe.read({
    resolve: (result) => void told.push(result.done ? "done" : result.value),
    reject: (error) => void told.push(error),
  });
  return told;
}

Deno.test("Pipe holds writers back beyond its capacity, until their value has moved up", async () => {
  const pipe = new Pipe<number>(1);
  assertEquals(pipe.write(1), undefined);
  let written = 0;
  const blocked = [2, 3].map((value) => Promise.resolve(pipe.write(value)).then(() => written++));
  await turn();
  assertEquals(written, 0);
  assertEquals(await pipe.next(), { done: false, value: 1 });
  await turn();
  assertEquals(written, 1);
  assertEquals([(await pipe.next()).value, (await pipe.next()).value], [2, 3]);
  await Promise.all(blocked);
});

Deno.test("Pipe.read() is told at once by a write it waits for, else not before it returns", async () => {
  const pipe = new Pipe<number>(2);
  const waiting = read(pipe);
  assertEquals([pipe.write(1), waiting], [undefined, [1]]);
  pipe.write(2);
  const ready = read(pipe);
  assertEquals(ready, []);
  await turn();
  assertEquals(ready, [2]);
});

for (const how of ["end", "fail"] as const) {
  Deno.test(`Pipe.${how}() comes after what was written, and to one reader as a failure`, async () => {
    const pipe = new Pipe<number>(9);
    pipe.write(1);
    if (how === "end") pipe.end();
    else pipe.fail(E);
    pipe.fail(new Error("later")); // The first end counts.
    pipe.end();
    assertEquals((await pipe.next()).value, 1);
    const [last, after] = [read(pipe), read(pipe)];
    await turn();
    assertEquals([last, after], [[how === "end" ? "done" : E], ["done"]]);
    assertEquals(await pipe.next(), DONE);
    assertThrows(() => pipe.write(2), TypeError, "Cannot write value");
  });

  Deno.test(`Pipe.${how}() releases all who wait`, async () => {
    const pipe = new Pipe<number>(0);
    const [first, second] = [pipe.next(), pipe.next()];
    if (how === "end") pipe.end();
    else pipe.fail(E);
    if (how === "end") assertEquals(await first, DONE);
    else await assertRejects(() => first, Error, "E");
    assertEquals(await second, DONE);
  });
}

Deno.test("Pipe.discard() releases writers and readers, and drops what is written later", async () => {
  const pipe = new Pipe<number>(0);
  const blocked = pipe.write(1);
  pipe.fail(E);
  pipe.discard();
  await blocked;
  assertEquals([pipe.write(2), await pipe.next()], [undefined, DONE]);
  const other = new Pipe<number>(0);
  const reader = other.next();
  other.discard();
  assertEquals(await reader, DONE);
});

Deno.test("Pipe leaves the rest for the next loop when one breaks", async () => {
  const pipe = new Pipe<number>(9);
  for (const value of [1, 2, 3]) pipe.write(value);
  pipe.end();
  for await (const value of pipe) {
    assertEquals(value, 1);
    break;
  }
  const rest: number[] = [];
  for await (const value of pipe) rest.push(value);
  assertEquals(rest, [2, 3]);
});
