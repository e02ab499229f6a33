import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import type { LogConfig } from "./config.ts";
import { consoleLogger, createLogger } from "./create_logger.ts";
import { addGlobalLogFields, type LogFields, withLogFields } from "./fields.ts";
import { JsonEncoder } from "./json_encoder.ts";
import { LOG_LEVELS, type LogThreshold } from "./level.ts";
import { type Logger, noopLogger } from "./logger.ts";
import { maskSensitive } from "./redact.ts";
import { timeFormatter } from "./time_format.ts";

const TIME = Date.UTC(2026, 10, 23, 6, 11, 19, 464);
const TS = `"@timestamp":"2026-11-23T06:11:19.464Z"`;

/** The lines of what `call` logs, without their ends. */
function linesOf(call: (log: Logger) => void, config: Partial<LogConfig> = {}): string[] {
  const sink = new MemoryLog();
  const clock = new FakeClock({ wallTime: TIME });
  call(createLogger({ Level: "info", ...config }, { sink, clock }));
  const encoder = new JsonEncoder({ timeFormat: timeFormatter("utc"), keys: config.FieldKeys });
  return sink.records.map((record) => encoder.encode(record).trimEnd());
}

const masked = { P: "secret", [maskSensitive]: () => ({ P: "***" }) };

const rows: { name: string; call: (log: Logger) => void; line: string }[] = [
  {
    name: "info",
    call: (log) => log.info("hello"),
    line: `{${TS},"content":"hello","level":"info"}`,
  },
  {
    name: "info with a function",
    call: (log) => log.info(() => "made"),
    line: `{${TS},"content":"made","level":"info"}`,
  },
  {
    name: "info of a value",
    call: (log) => log.info({ k: 1 }),
    line: `{${TS},"content":{"k":1},"level":"info"}`,
  },
  {
    name: "info of a value that masks itself",
    call: (log) => log.info(masked),
    line: `{${TS},"content":{"P":"***"},"level":"info"}`,
  },
  {
    name: "info with fields",
    call: (log) =>
      log.info("msg", { n: 1, err: new Error("bad"), s: masked, level: "hack", gone: undefined }),
    line: `{${TS},"content":"msg","err":"bad","level":"info","n":1,"s":{"P":"***"}}`,
  },
  {
    name: "error of an error",
    call: (log) => log.error(new Error("errval")),
    line: `{${TS},"content":"errval","level":"error"}`,
  },
  {
    name: "slow",
    call: (log) => log.slow("took long"),
    line: `{${TS},"content":"took long","level":"slow"}`,
  },
  {
    name: "stat",
    call: (log) => log.stat("qps: 1"),
    line: `{${TS},"content":"qps: 1","level":"stat"}`,
  },
  {
    name: "alert",
    call: (log) => log.alert("al"),
    line: `{${TS},"content":"al","level":"alert"}`,
  },
  {
    name: "duration of a second",
    call: (log) => log.withDuration(1000).info("x"),
    line: `{${TS},"content":"x","duration":"1000.0ms","level":"info"}`,
  },
  {
    name: "trace, span, duration and context fields",
    call: (log) =>
      withLogFields({
        trace: "4bf92f3577b34da6a3ce929d0e0e4736",
        span: "00f067aa0ba902b7",
        uid: 7,
        n: "ctx",
      }, () => log.withDuration(1.234567).info("with ctx", { n: "call" })),
    line: `{${TS},"content":"with ctx","duration":"1.2ms","level":"info","n":"ctx",` +
      `"span":"00f067aa0ba902b7","trace":"4bf92f3577b34da6a3ce929d0e0e4736","uid":7}`,
  },
  {
    name: "a secret field",
    call: (log) => log.with({ token: "t" }).info("x", { headers: { cookie: "c", accept: "a" } }),
    line: `{${TS},"content":"x","headers":{"cookie":"***","accept":"a"},"level":"info",` +
      `"token":"***"}`,
  },
  {
    name: "a message with line breaks and quotes",
    call: (log) => log.info('a\n"b"\r\n{"level":"fatal"}'),
    line: `{${TS},"content":"a\\n\\"b\\"\\r\\n{\\"level\\":\\"fatal\\"}","level":"info"}`,
  },
];

for (const { name, call, line } of rows) {
  Deno.test(`createLogger() logs ${name}`, () => assertEquals(linesOf(call), [line]));
}

Deno.test("createLogger() renames every standard member, the truncation mark included", () => {
  const FieldKeys = {
    CallerKey: "_caller",
    ContentKey: "_content",
    DurationKey: "_duration",
    LevelKey: "_level",
    SpanKey: "_span",
    TimestampKey: "_ts",
    TraceKey: "_trace",
    TruncatedKey: "_truncated",
  };
  const [line] = linesOf(
    (log) => withLogFields({ trace: "t", span: "s" }, () => log.withDuration(1).info("12345")),
    { FieldKeys, Caller: true, MaxContentLength: 4 },
  );
  assertEquals(Object.keys(JSON.parse(line!)), Object.values(FieldKeys).sort());
  assertEquals(JSON.parse(line!)._content, "1234");
});

Deno.test("createLogger() adds fields in their order of precedence", () => {
  const sink = new MemoryLog();
  const log = createLogger({}, { sink });
  const key = "who";
  using _global = addGlobalLogFields({ [key]: "global", global: true });
  log.info("1");
  const child = log.with({ [key]: "logger", logger: true });
  child.info("2");
  child.with({ [key]: "inner" }).info("3");
  child.info("4", { [key]: "call" });
  withLogFields({ [key]: "context" }, () => child.info("5", { [key]: "call" }));
  child.info("6");
  assertEquals(sink.records.map(({ fields }) => fields[key]), [
    "global",
    "logger",
    "inner",
    "call",
    "context",
    "logger",
  ]);
  assertEquals(sink.records.at(-1)?.fields, { who: "logger", global: true, logger: true });
});

const truncation: { text: string; limit: number; kept: string; fields: LogFields }[] = [
  { text: "1234567890", limit: 10, kept: "1234567890", fields: {} },
  { text: "12345678901", limit: 10, kept: "1234567890", fields: { truncated: true } },
  { text: "truncated", limit: 5, kept: "trunc", fields: { truncated: true } },
];

for (const { text, limit, kept, fields } of truncation) {
  Deno.test(`createLogger() keeps ${limit} bytes of "${text}"`, () => {
    const sink = new MemoryLog();
    createLogger({ MaxContentLength: limit }, { sink }).info(text);
    assertEquals([sink.records[0]?.content, sink.records[0]?.fields], [kept, fields]);
  });
}

const CALLS = ["debug", "info", "stat", "error", "slow", "errorStack", "severe", "alert"] as const;
const matrix: { level: LogThreshold; passes: readonly string[] }[] = [
  { level: "debug", passes: CALLS },
  { level: "info", passes: CALLS.slice(1) },
  { level: "error", passes: CALLS.slice(3) },
  { level: "severe", passes: CALLS.slice(6) },
  { level: "disabled", passes: [] },
];

for (const { level, passes } of matrix) {
  Deno.test(`Logger.setLevel() "${level}" lets pass what it should, and makes nothing else`, () => {
    const sink = new MemoryLog();
    const log = createLogger({ Level: "severe" }, { sink });
    const child = log.with({ child: true });
    log.setLevel(level);
    const made: string[] = [];
    for (const call of CALLS) {
      child[call](() => {
        made.push(call);
        return call;
      });
    }
    assertEquals(made, passes);
    assertEquals(sink.records.map(({ content }) => String(content).split("\n")[0]), [
      ...passes,
    ]);
    for (const it of LOG_LEVELS) {
      assertEquals(child.enabled(it), passes.includes(it), it);
    }
  });
}

Deno.test("Logger.stat() is off when the config says so", () => {
  const sink = new MemoryLog();
  createLogger({ Stat: false }, { sink }).stat("x");
  assertEquals(sink.records, []);
});

Deno.test("Logger.severe() and errorStack() carry the stack of the call, not of the logger", () => {
  const sink = new MemoryLog();
  const log = createLogger({}, { sink });
  log.severe("sv");
  log.errorStack("es");
  for (const [index, message] of ["sv", "es"].entries()) {
    const content = String(sink.records[index]?.content);
    assert(content.startsWith(`${message}\n    at `), content);
    assertStringIncludes(content.split("\n")[1]!, "create_logger_test.ts");
  }
});

Deno.test("Logger.severe() carries the stack of an error", () => {
  const sink = new MemoryLog();
  const error = new Error("deep");
  createLogger({}, { sink }).severe(error);
  assertEquals(sink.records[0]?.content, `deep\n${error.stack}`);
});

Deno.test("Logger.errorStack() cools down in file and volume mode only", () => {
  const clock = new FakeClock();
  for (
    const { Mode, lines } of [{ Mode: "file", lines: 3 }, { Mode: "console", lines: 6 }] as const
  ) {
    const sink = new MemoryLog();
    const log = createLogger({ Mode, StackCooldownMillis: 100 }, { sink, clock });
    for (let n = 0; n < 5; n++) log.errorStack("x");
    clock.elapse(101);
    log.errorStack("x");
    assertEquals(sink.records.length, lines);
  }
});

Deno.test("Logger.info() says where it was called when the config wants it", () => {
  const sink = new MemoryLog();
  const log = createLogger({ Caller: true, Level: "debug" }, { sink });
  log.debug("x");
  log.info("x");
  log.error("x");
  log.slow("x");
  log.stat("x");
  log.alert("x");
  log.severe("x");
  const callers = sink.records.map(({ fields }) => fields.caller);
  for (const caller of callers.slice(0, 5)) {
    assertMatch(String(caller), /^log\/create_logger_test\.ts:\d+$/);
  }
  assertEquals(callers.slice(5), [undefined, undefined]);
});

Deno.test("Logger.error() adds the stack of an error when debugging", () => {
  const sink = new MemoryLog();
  const log = createLogger({ Level: "debug" }, { sink });
  const error = new Error("bad");
  log.error("x", { err: error });
  assertEquals(sink.records[0]?.fields, { err: "bad", err_stack: error.stack! });
});

Deno.test("Logger.info() never throws, whatever the sink or a message function does", () => {
  const said: unknown[] = [];
  const before = console.error;
  console.error = (...args: unknown[]) => void said.push(...args);
  try {
    const log = createLogger({}, {
      sink: {
        write() {
          throw new Error("sink broke");
        },
        close: () => Promise.resolve(),
      },
    });
    log.info("x");
    log.info(() => {
      throw new Error("message broke");
    });
  } finally {
    console.error = before;
  }
  assertEquals(said, [
    "Cannot write log line: sink broke",
    "Cannot write log line: message broke",
  ]);
});

const wrong: { config: Record<string, unknown>; message: string }[] = [
  { config: { Level: "loud" }, message: 'Cannot set log level: "loud" is not one of debug' },
  { config: { Mode: "syslog" }, message: 'Mode "syslog" is not console, file or volume' },
  { config: { Encoding: "xml" }, message: 'Encoding "xml" is not json or plain' },
  { config: { TimeFormat: "x" }, message: 'Cannot format time: "x"' },
  { config: { Mode: "file", Path: "x", Rotation: "hourly" }, message: 'Rotation "hourly"' },
];

for (const { config, message } of wrong) {
  Deno.test(`createLogger() refuses ${JSON.stringify(config)}`, () => {
    const error = assertThrows(() => createLogger(config as Partial<LogConfig>), Error);
    assertStringIncludes(error.message, message);
  });
}

Deno.test("createLogger() takes undefined for the default", () => {
  const sink = new MemoryLog();
  const log = createLogger({ Level: undefined, Mode: undefined }, { sink });
  log.debug("no");
  log.info("yes");
  assertEquals(sink.contents(), ["yes"]);
});

Deno.test("createLogger() shares nothing between loggers", () => {
  const [one, two] = [new MemoryLog(), new MemoryLog()];
  const quiet = createLogger({ Level: "error" }, { sink: one });
  const loud = createLogger({ Level: "debug" }, { sink: two });
  quiet.info("x");
  loud.info("x");
  assertEquals([one.records.length, two.records.length], [0, 1]);
});

Deno.test("Logger[Symbol.asyncDispose]() closes the sink", async () => {
  const sink = new MemoryLog();
  {
    await using _log = createLogger({}, { sink });
    assertEquals(sink.closed, false);
  }
  assertEquals(sink.closed, true);
});

Deno.test("noopLogger does nothing, and so do those made from it", async () => {
  for (const call of CALLS) noopLogger.with({ a: 1 }).withDuration(1)[call]("x");
  noopLogger.setLevel("debug");
  await noopLogger.flush();
  await noopLogger[Symbol.asyncDispose]();
  assertEquals(noopLogger.enabled("severe"), false);
});

Deno.test("consoleLogger is at level info", () => {
  assertEquals([consoleLogger.enabled("debug"), consoleLogger.enabled("info")], [false, true]);
});

const endings = [
  { name: "ends by itself", code: "", exitCode: 0 },
  { name: "calls Deno.exit", code: "Deno.exit(3);", exitCode: 3 },
  {
    name: "dies of an error",
    code: "setTimeout(() => { throw new Error('x'); }, 0);",
    exitCode: 1,
  },
  { name: "dies of a rejection", code: "Promise.reject(new Error('x'));", exitCode: 1 },
];

for (const { name, code, exitCode } of endings) {
  Deno.test(`createLogger() loses no line when the process ${name}`, async () => {
    const module = new URL("./create_logger.ts", import.meta.url).href;
    const program = `
      import { createLogger } from ${JSON.stringify(module)};
      const log = createLogger({}, { timeFormat: () => "T" });
      for (let n = 0; n < 3; n++) log.info("line " + n);
      ${code}
    `;
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--ext=ts", program],
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).output();
    assertEquals(
      new TextDecoder().decode(output.stdout),
      [0, 1, 2].map((n) => `{"@timestamp":"T","content":"line ${n}","level":"info"}\n`).join(""),
    );
    assertEquals(output.code, exitCode);
  });
}
