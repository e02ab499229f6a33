import { assertEquals, assertStringIncludes } from "@std/assert";
import { MemoryLog } from "../testing/memory_log.ts";
import { guardProcess, type UncaughtKind } from "./process_guard.ts";

function uncaught(error: unknown): ErrorEvent {
  return new ErrorEvent("error", { error, cancelable: true });
}

function unhandled(reason: unknown): PromiseRejectionEvent {
  const promise = Promise.reject(reason);
  promise.catch(() => {}); // Only the event is wanted here.
  return new PromiseRejectionEvent("unhandledrejection", { promise, reason, cancelable: true });
}

const events: { kind: UncaughtKind; event: (error: unknown) => Event }[] = [
  { kind: "error", event: uncaught },
  { kind: "unhandledrejection", event: unhandled },
];

for (const { kind, event } of events) {
  Deno.test(`guardProcess() logs and counts ${kind} and lets the process go on`, () => {
    const target = new EventTarget();
    const logger = new MemoryLog();
    const seen: unknown[] = [];
    const guard = guardProcess({ logger, target, onError: (...args) => seen.push(args) });
    const error = new Error("boom");
    const happened = event(error);
    target.dispatchEvent(happened);
    assertEquals([happened.defaultPrevented, guard.caught], [true, 1]);
    assertEquals(seen, [[error, kind]]);
    assertEquals(logger.contents("error"), [`Cannot go unhandled: ${kind}: boom`]);
    assertStringIncludes(String(logger.records[0]?.fields.stack), "process_guard_test.ts");

    guard[Symbol.dispose]();
    const later = event(error);
    target.dispatchEvent(later);
    assertEquals([later.defaultPrevented, guard.caught], [false, 1]);
  });
}

Deno.test("guardProcess() bears what is no error, and an onError that throws", () => {
  const target = new EventTarget();
  const logger = new MemoryLog();
  using guard = guardProcess({
    logger,
    target,
    onError: () => {
      throw new Error("no report");
    },
  });
  target.dispatchEvent(unhandled(undefined));
  target.dispatchEvent(uncaught(Object.create(null)));
  assertEquals(guard.caught, 2);
  assertEquals(logger.contents("error").length, 4);
  assertEquals(logger.contents("error")[1], "Cannot report uncaught error: no report");
});

Deno.test("guardProcess() keeps a real process alive", async () => {
  const module = new URL("./process_guard.ts", import.meta.url).href;
  const program = `
    import { guardProcess } from ${JSON.stringify(module)};
    const guard = guardProcess();
    Promise.reject(new Error("forgotten"));
    setTimeout(() => { throw new Error("in a timer"); }, 0);
    setTimeout(() => {
      console.log("alive " + guard.caught);
      guard[Symbol.dispose]();
      Promise.reject(new Error("unguarded"));
    }, 1);
  `;
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", program],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const stderr = new TextDecoder().decode(output.stderr);
  assertEquals(new TextDecoder().decode(output.stdout), "alive 2\n");
  assertStringIncludes(stderr, '"content":"Cannot go unhandled: unhandledrejection: forgotten"');
  assertStringIncludes(stderr, '"content":"Cannot go unhandled: error: in a timer"');
  assertEquals(output.code, 1); // Once disposed, the platform decides again.
});
