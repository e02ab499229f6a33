/** Calls while instances connect, fail, and come back. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { echo } from "../testing/echo_service.ts";
import { TestResolver } from "../testing/test_resolver.ts";
import { openFake as open } from "../testing/open_fake.ts";

/** The outcome of a promise, once it has one. */
function watch(promise: Promise<unknown>) {
  const seen: { outcome?: unknown } = {};
  promise.then(() => seen.outcome = "ok", (error) => seen.outcome = ServiceError.from(error).code);
  return seen;
}

Deno.test("a client connects to all instances without being called", async () => {
  await using it = await open(["a", "b"]);
  assertEquals([it.transport.to("a").connects, it.transport.to("b").connects], [1, 1]);
});

Deno.test("a call waits for the instance that is connected first, not for one that never is", async () => {
  await using it = await open(["stuck", "b"]);
  const calls = [1, 2, 3, 4].map(() => watch(it.stub.say(echo(""))));
  await it.clock.advance(20);
  assertEquals(calls.map(({ outcome }) => outcome), Array(4).fill(undefined));
  it.transport.to("b").enter("ready");
  await it.clock.advance(0);
  assertEquals(calls.map(({ outcome }) => outcome), Array(4).fill("ok"));
  assertEquals([it.transport.to("stuck").calls, it.transport.to("b").calls], [0, 4]);
});

Deno.test("a call that waits for an instance ends at its deadline", async () => {
  await using it = await open(["a"]);
  const call = assertRejects(() => it.stub.say(echo(""), { timeoutMs: 50 }), DeadlineExceededError);
  await it.clock.advance(70);
  await call;
  assertEquals(it.transport.to("a").calls, 0);
});

Deno.test("a call that waits for an instance ends when its signal is aborted", async () => {
  await using it = await open(["a"]);
  for (const timeoutMs of [undefined, 0]) {
    const controller = new AbortController();
    const call = it.stub.say(echo(""), { signal: controller.signal, timeoutMs });
    await it.clock.advance(10);
    controller.abort(new ServiceError("aborted", "enough"));
    await assertRejects(() => call, ServiceError, "enough");
  }
});

Deno.test("a call that waits for the first list ends when its signal is aborted", async () => {
  const resolver = new TestResolver([]);
  resolver.resolve = () => new Promise(() => {});
  await using it = await open([], undefined, { resolver });
  const controller = new AbortController();
  const call = it.stub.say(echo(""), { signal: controller.signal, timeoutMs: 0 });
  await it.clock.advance(10);
  controller.abort(new ServiceError("aborted", "enough"));
  await assertRejects(() => call, ServiceError, "enough");
});

Deno.test("calls fail at once while nobody can be reached, and patient ones wait", async () => {
  await using it = await open(["a", "b"]);
  for (const name of ["a", "b"]) it.transport.to(name).enter("failing");
  await assertRejects(() => it.stub.say(echo("")), ServiceError, "nobody is there");
  const before = it.transport.to("b").calls;
  const patient = watch(it.stub.say(echo(""), { waitForReady: true }));
  await it.clock.advance(100);
  assertEquals(patient.outcome, undefined);
  it.transport.to("b").enter("ready");
  await it.clock.advance(0);
  assertEquals([patient.outcome, it.transport.to("b").calls - before], ["ok", 1]);
});

Deno.test("calls that wait fail when the last instance that might come fails", async () => {
  await using it = await open(["a", "b"]);
  const call = watch(it.stub.say(echo("")));
  it.transport.to("a").enter("failing");
  await it.clock.advance(10);
  assertEquals(call.outcome, undefined);
  it.transport.to("b").enter("failing");
  await it.clock.advance(0);
  assertEquals(call.outcome, "unavailable");
});

Deno.test("calls are told when instances cannot be looked up; patient ones wait for that, too", async () => {
  const resolver = new TestResolver([]);
  resolver.resolve = () => Promise.reject(new ServiceError("unavailable", "Cannot ask: no DNS"));
  await using it = await open([], undefined, { resolver });
  await assertRejects(() => it.stub.say(echo("")), ServiceError, "no DNS");
  const patient = watch(it.stub.say(echo(""), { waitForReady: true }));
  await it.clock.advance(10);
  assertEquals(patient.outcome, undefined);
  resolver.update("a");
  it.transport.to("a").enter("ready");
  await it.clock.advance(0);
  assertEquals(patient.outcome, "ok");
});

Deno.test("a call says so when there is no instance", async () => {
  await using it = await open([]);
  await assertRejects(() => it.stub.say(echo("")), ServiceError, "it has no instance");
});

Deno.test("a connection that its instance has closed is made again, after a while, and used", async () => {
  await using it = await open(["a", "b"]);
  const [a, b] = [it.transport.to("a"), it.transport.to("b")];
  a.enter("ready");
  b.enter("ready");
  a.enter("idle");
  assertEquals(a.connects, 1);
  for (let i = 0; i < 4; i++) await it.stub.say(echo(""));
  assertEquals([a.calls, b.calls], [0, 4]);
  await it.clock.advance(399);
  assertEquals(a.connects, 1);
  await it.clock.advance(1);
  assertEquals(a.connects, 2);
  a.enter("ready");
  for (let i = 0; i < 4; i++) await it.stub.say(echo(""));
  assertEquals([a.calls, b.calls], [2, 6]);
});

Deno.test("a connection that was closed is made again at once for a call that waits", async () => {
  await using it = await open(["a"]);
  const a = it.transport.to("a");
  a.enter("ready");
  a.enter("idle");
  const call = watch(it.stub.say(echo("")));
  assertEquals(a.connects, 2);
  a.enter("ready");
  await it.clock.advance(0);
  assertEquals(call.outcome, "ok");
});

Deno.test("a connection to an instance that has gone is not made again", async () => {
  await using it = await open(["a", "b"]);
  const a = it.transport.to("a");
  a.enter("ready");
  a.enter("idle");
  it.resolver.update("b");
  await it.clock.advance(1_000);
  assertEquals([a.connects, a.isClosed, it.clock.pendingTimers], [1, true, 0]);
});

Deno.test("RpcClient.ready() waits for one instance", async () => {
  await using it = await open(["a", "b"]);
  it.transport.to("a").enter("failing");
  const late = assertRejects(
    () => it.client.ready(50),
    ServiceError,
    "nobody answered within 50 ms",
  );
  await it.clock.advance(50);
  await late;
  const ready = watch(it.client.ready());
  it.transport.to("b").enter("ready");
  await it.clock.advance(0);
  assertEquals([ready.outcome, it.clock.pendingTimers], ["ok", 0]);
});

Deno.test("a client that is closed fails who waits, and closes the connections of those who have left", async () => {
  const it = await open(["a"], () => new Promise(() => {}));
  it.transport.to("a").enter("ready");
  const hanging = watch(it.stub.say(echo("")));
  it.resolver.update("b");
  const a = it.transport.to("a");
  assert(!a.isClosed);
  const waiting = watch(it.stub.say(echo("")));
  const ready = watch(it.client.ready());
  await it[Symbol.asyncDispose]();
  await it.clock.advance(0);
  assertEquals([waiting.outcome, ready.outcome, a.isClosed], ["canceled", "canceled", true]);
  assertEquals(hanging.outcome, undefined); // Of a fake connection. A real one ends it.
});

Deno.test("a stream begins when there is an instance, and ends when its reader leaves before", async () => {
  await using it = await open(["a"]);
  const a = it.transport.to("a");
  const read = it.stub.chat([echo("x")])[Symbol.asyncIterator]();
  const first = read.next();
  const left = it.stub.chat([echo("y")])[Symbol.asyncIterator]();
  const never = watch(left.next());
  await it.clock.advance(10);
  await left.return!();
  await it.clock.advance(0);
  assertEquals(never.outcome, "canceled");
  a.enter("ready");
  assertEquals((await first).value?.text, "x");
  assertEquals([a.calls, a.openStreams], [1, 1]);
  await read.return!();
  assertEquals(a.openStreams, 0);
});
