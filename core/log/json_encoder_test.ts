import { assertEquals } from "@std/assert";
import { systemClock } from "../clock.ts";
import { JsonEncoder } from "./json_encoder.ts";
import { PlainEncoder } from "./plain_encoder.ts";
import type { JsonValue, LogRecord } from "./record.ts";
import { timeFormatter } from "./time_format.ts";

const timeFormat = timeFormatter("utc");
const TIME = Date.UTC(2026, 10, 23, 6, 11, 19, 464);

function record(content: JsonValue, fields: Record<string, JsonValue> = {}): LogRecord {
  return { time: TIME, level: "info", channel: "access", content, fields };
}

const cases: { name: string; record: LogRecord; line: string }[] = [
  {
    name: "sorts members and ends the line",
    record: record("hello", { caller: "cmdl/main.go:14" }),
    line: `{"@timestamp":"2026-11-23T06:11:19.464Z","caller":"cmdl/main.go:14",` +
      `"content":"hello","level":"info"}\n`,
  },
  {
    name: "does not escape HTML",
    record: record("a 1 <b> & c"),
    line: `{"@timestamp":"2026-11-23T06:11:19.464Z","content":"a 1 <b> & c","level":"info"}\n`,
  },
  {
    name: "keeps a value as content",
    record: record({ k: 1 }),
    line: `{"@timestamp":"2026-11-23T06:11:19.464Z","content":{"k":1},"level":"info"}\n`,
  },
  {
    name: "does not let fields pose as time, level or content",
    record: record("msg", { level: "hack", content: "hack", "@timestamp": "hack", z: null }),
    line: `{"@timestamp":"2026-11-23T06:11:19.464Z","content":"msg","level":"info","z":null}\n`,
  },
  {
    name: "keeps a message with line breaks and quotes on one line",
    record: record('a"b\r\nc'),
    line: `{"@timestamp":"2026-11-23T06:11:19.464Z","content":"a\\"b\\r\\nc","level":"info"}\n`,
  },
];

for (const { name, record, line } of cases) {
  Deno.test(`JsonEncoder.encode() ${name}`, () => {
    assertEquals(new JsonEncoder({ timeFormat }).encode(record), line);
  });
}

Deno.test("JsonEncoder.encode() uses the names of the config, the default where one is empty", () => {
  const encoder = new JsonEncoder({
    timeFormat,
    keys: { TimestampKey: "ts", LevelKey: "lvl", ContentKey: "" },
  });
  assertEquals(
    encoder.encode(record("hi", { level: "free now" })),
    `{"content":"hi","level":"free now","lvl":"info","ts":"2026-11-23T06:11:19.464Z"}\n`,
  );
});

Deno.test("JsonEncoder.encode() follows the keys of each record", () => {
  const encoder = new JsonEncoder({ timeFormat: () => "t" });
  const shapes: Record<string, number>[] = [{ b: 1, a: 2 }, { b: 1 }, { a: 1, b: 2 }, {
    c: 1,
    d: 2,
  }, {}];
  for (const fields of [...shapes, ...shapes]) {
    const expected = { "@timestamp": "t", content: "x", level: "info", ...fields };
    assertEquals(JSON.parse(encoder.encode(record("x", fields))), expected);
  }
});

// deno-lint-ignore no-control-regex -- control characters are what must not be there
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/;

/** Small generator with a seed, so that a failure can be repeated. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

Deno.test("JsonEncoder.encode() and PlainEncoder.encode() never let a control character out", () => {
  const seed = systemClock.wallTime() >>> 0;
  const random = randomOf(seed);
  const text = () =>
    Array.from({ length: Math.floor(random() * 12) }, () =>
      String.fromCharCode(
        random() < 0.5 ? Math.floor(random() * 0xa0) : Math.floor(random() * 0x10000),
      )).join("");
  for (let round = 0; round < 2000; round++) {
    const fields = Object.fromEntries([[text(), text()], ["k" + text(), [text()]]]);
    const one = record(text(), fields);
    const json = new JsonEncoder({ timeFormat }).encode(one);
    assertEquals(json.slice(0, -1).match(CONTROLS), null, `seed ${seed}`);
    assertEquals(JSON.parse(json).content, one.content, `seed ${seed}`);
    const plain = new PlainEncoder({ timeFormat }).encode(one);
    assertEquals(plain.slice(0, -1).replaceAll("\t", "").match(CONTROLS), null, `seed ${seed}`);
    assertEquals(plain.split("\t").length, 3 + Object.keys(fields).length, `seed ${seed}`);
  }
});
