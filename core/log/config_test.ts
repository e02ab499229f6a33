import { assertEquals, assertThrows } from "@std/assert";
import { MemoryLog } from "../testing/memory_log.ts";
import { DEFAULT_LOG_CONFIG, logConfig } from "./config.ts";
import { createLogger } from "./create_logger.ts";
import { DEFAULT_FIELD_KEYS } from "./field_keys.ts";

Deno.test("logConfig has the defaults of createLogger()", () => {
  assertEquals(logConfig.parse({}), DEFAULT_LOG_CONFIG);
});

const accepted: { name: string; input: unknown; part: unknown }[] = [
  {
    name: "MaxSize",
    input: { Rotation: "size", MaxSize: 10 },
    part: { Rotation: "size", MaxSize: 10 },
  },
  { name: "a level", input: { Level: "severe" }, part: { Level: "severe" } },
  {
    name: "go-zero's own time layout",
    input: { TimeFormat: "2006-01-02T15:04:05.000Z07:00" },
    part: { TimeFormat: "2006-01-02T15:04:05.000Z07:00" },
  },
  {
    name: "names for members",
    input: { FieldKeys: { LevelKey: "severity" } },
    part: { FieldKeys: { ...DEFAULT_FIELD_KEYS, LevelKey: "severity" } },
  },
];

for (const { name, input, part } of accepted) {
  Deno.test(`logConfig.parse() takes ${name}`, () => {
    assertEquals(logConfig.parse(input), { ...DEFAULT_LOG_CONFIG, ...part as object });
  });
}

for (
  const input of [
    { Mode: "syslog" },
    { Encoding: "xml" },
    { Level: "warn" },
    { Rotation: "hourly" },
    { TimeFormat: "Monday" },
    { FileTimeFormat: "unixms" },
    { MaxContentLength: -1 },
    { KeepDays: "x" },
  ]
) {
  Deno.test(`logConfig.parse() refuses ${JSON.stringify(input)}`, () => {
    assertThrows(() => logConfig.parse(input), Error, Object.keys(input)[0]);
  });
}

Deno.test("createLogger() takes what logConfig reads", () => {
  const sink = new MemoryLog();
  const log = createLogger(logConfig.parse({ Level: "error", SensitiveKeys: ["iban"] }), { sink });
  log.info("no");
  log.error("yes", { iban: "DE00" });
  assertEquals(sink.records.map(({ content, fields }) => [content, fields]), [
    ["yes", { iban: "***" }],
  ]);
});
