import { assertEquals, assertStringIncludes } from "@std/assert";
import { MemoryLog } from "../testing/memory_log.ts";
import { createLogger } from "./create_logger.ts";
import { withLogFields } from "./fields.ts";
import { type ConsoleMethods, patchConsole } from "./patch_console.ts";

/** A console that notes what it is told. */
function fakeConsole() {
  const said: string[] = [];
  const say = (method: string) => (...args: unknown[]) => void said.push(`${method} ${args}`);
  const target: ConsoleMethods = {
    debug: say("debug"),
    error: say("error"),
    info: say("info"),
    log: say("log"),
    trace: say("trace"),
    warn: say("warn"),
  };
  return { said, target };
}

const levels = [
  { method: "debug", level: "debug" },
  { method: "trace", level: "debug" },
  { method: "log", level: "info" },
  { method: "info", level: "info" },
  { method: "warn", level: "error" },
  { method: "error", level: "error" },
] as const;
for (const { method, level } of levels) {
  Deno.test(`patchConsole() makes console.${method}() a line of level ${level}, until disposed`, () => {
    const { said, target } = fakeConsole();
    const log = new MemoryLog();
    const patch = patchConsole(log, target);
    target[method]("a %s of %d", "b", 7, { c: 1 });
    assertEquals([log.contents(level), log.records.length], [["a b of 7 { c: 1 }"], 1]);
    patch[Symbol.dispose]();
    patch[Symbol.dispose]();
    target[method]("x");
    assertEquals([log.records.length, said], [1, [`${method} x`]]);
  });
}

Deno.test("patchConsole() keeps the fields of the request, and formats nothing that is not written", () => {
  const { target } = fakeConsole();
  const log = new MemoryLog({ config: { Level: "info" } });
  using _ = patchConsole(log, target);
  withLogFields({ trace: "abc" }, () => target.log("in a request"));
  assertEquals(log.records[0]?.fields, { trace: "abc" });
  let asked = 0;
  target.debug({
    get costly() {
      return asked++;
    },
  });
  assertEquals([log.records.length, asked], [1, 0]);
});

Deno.test("patchConsole() lets a sink use the console, and survives one that throws", async () => {
  const { said, target } = fakeConsole();
  await using logger = createLogger({}, {
    sink: {
      write() {
        target.error("from the sink");
        throw new Error("disk full");
      },
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
  });
  const errors: unknown[] = [];
  const before = console.error;
  console.error = (message) => void errors.push(message);
  try {
    using _ = patchConsole(logger, target);
    target.log("one");
    target.log("two");
  } finally {
    console.error = before;
  }
  assertEquals(said, ["error from the sink", "error from the sink"]);
  assertEquals(errors.length > 0, true);
});

Deno.test("patchConsole() leaves a console alone that was patched by another since", () => {
  const { said, target } = fakeConsole();
  const log = new MemoryLog();
  const patch = patchConsole(log, target);
  const other = () => void said.push("other");
  target.log = other;
  patch[Symbol.dispose]();
  assertEquals(target.log, other);
});

Deno.test("patchConsole() tells of a failing sink past the patched console, once", async () => {
  const module = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const program = `
    import { createLogger } from ${module("./create_logger.ts")};
    import { patchConsole } from ${module("./patch_console.ts")};
    const sink = {
      write() { throw new Error("disk full"); },
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const logger = createLogger({}, { sink });
    { using _ = patchConsole(logger); console.log("lost"); }
    console.log("back");
  `;
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", program],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals([new TextDecoder().decode(output.stdout), output.code], ["back\n", 0]);
  assertStringIncludes(new TextDecoder().decode(output.stderr), "disk full");
});
