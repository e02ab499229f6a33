import { ConsoleSink } from "./console_sink.ts";
import { createLogger } from "./create_logger.ts";
import { withLogFields } from "./fields.ts";
import type { Logger } from "./logger.ts";
import { JsonEncoder } from "./json_encoder.ts";
import type { LogEncoder } from "./record.ts";
import { PlainEncoder } from "./plain_encoder.ts";
import type { ByteWriter } from "./write_all.ts";

// Takes the bytes and forgets them: the cost of the terminal or the disk is not ours to measure.
const nowhere: ByteWriter = {
  write: (bytes) => Promise.resolve(bytes.length),
  writeSync: (bytes) => bytes.length,
};

function loggerWith(encoder: LogEncoder): Logger {
  return createLogger({ Level: "info" }, {
    sink: new ConsoleSink({ encoder, stdout: nowhere, stderr: nowhere }),
  });
}

const json = loggerWith(new JsonEncoder());
const plain = loggerWith(new PlainEncoder());
const requestFields = (status: number) => ({
  method: "GET",
  path: "/orders/:id",
  status,
  bytes: 1834,
  remote: "192.0.2.7:51034",
  agent: "Mozilla/5.0 (X11; Linux x86_64)",
});
const context = {
  trace: "4bf92f3577b34da6a3ce929d0e0e4736",
  span: "00f067aa0ba902b7",
};

Deno.bench({ name: "disabled level, text", group: "off", baseline: true }, () => {
  json.debug("never shown");
});
Deno.bench({ name: "disabled level, function", group: "off" }, () => {
  json.debug(() => "never made");
});

// A hundred lines and the write that carries them out, so that nothing piles up between rounds.
// Divide by a hundred for the cost of a line.
function benchLines(name: string, log: Logger, line: (log: Logger, n: number) => void) {
  Deno.bench({ name, group: "100 lines" }, async () => {
    for (let n = 0; n < 100; n++) line(log, n);
    await log.flush();
  });
}

const traced = (log: Logger, n: number) =>
  withLogFields(context, () => log.withDuration(12.3).info("request", requestFields(200 + n)));

benchLines("json, message", json, (log) => log.info("order placed"));
benchLines(
  "json, request line of 6 fields",
  json,
  (log, n) => log.info("request", requestFields(n)),
);
benchLines("json, request line with trace, span and duration", json, traced);
benchLines("plain, request line of 6 fields", plain, (log, n) => log.info("r", requestFields(n)));
benchLines("plain, request line with trace, span and duration", plain, traced);
benchLines(
  "json, nested object and error",
  json,
  (log) => log.info("failed", { user: { id: 7, tags: ["a", "b"] }, error: new RangeError("no") }),
);
