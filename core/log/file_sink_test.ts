import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { FakeClock } from "../testing/fake_clock.ts";
import type { LogConfig } from "./config.ts";
import { createLogger } from "./create_logger.ts";
import { FileSink } from "./file_sink.ts";
import type { LogEncoder, LogRecord } from "./record.ts";
import { dailyRotation, sizeRotation } from "./rotation.ts";

const contentOnly: LogEncoder = { encode: (record) => `${record.content}\n` };
const DAY_MS = 24 * 60 * 60 * 1000;
/** Noon, so that a day more or less is the next date whatever daylight saving does. */
const NOON = new Date(2026, 7, 15, 12).getTime();

class Folder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(): Promise<Folder> {
    return new Folder(await Deno.makeTempDir({ prefix: "zeno-log-" }));
  }

  read(name: string): Promise<string> {
    return Deno.readTextFile(join(this.path, name));
  }

  async names(prefix = ""): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(this.path)) {
      if (name.startsWith(prefix)) names.push(name);
    }
    return names.sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

function line(content: string): LogRecord {
  return { time: 0, level: "info", channel: "access", content, fields: {} };
}

async function gunzip(path: string): Promise<string> {
  const file = await Deno.open(path);
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
}

Deno.test("createLogger() in file mode makes the folder and sends each call to its file", async () => {
  await using folder = await Folder.make();
  const clock = new FakeClock({ wallTime: NOON });
  const config: Partial<LogConfig> = {
    Mode: "file",
    Path: join(folder.path, "a", "b"),
    Level: "debug",
    Encoding: "json",
  };
  const log = createLogger(config, { clock });
  log.debug("debug");
  log.info("info");
  log.error("error");
  log.alert("alert");
  log.errorStack("stack");
  log.severe("severe");
  log.slow("slow");
  log.stat("stat");
  await log[Symbol.asyncDispose]();
  assertEquals(clock.pendingTimers, 0);
  const contents: Record<string, string[]> = {};
  for (const name of await folder.names()) assertEquals(name, "a");
  for (const name of ["access", "error", "severe", "slow", "stat"]) {
    const text = await folder.read(`a/b/${name}.log`);
    contents[name] = text.trimEnd().split("\n")
      .map((it) => String(JSON.parse(it).content).split("\n")[0]!);
  }
  assertEquals(contents, {
    access: ["debug", "info"],
    error: ["error", "alert", "stack"],
    severe: ["severe"],
    slow: ["slow"],
    stat: ["stat"],
  });
});

Deno.test("createLogger() in volume mode writes to a folder of the service and host", async () => {
  await using folder = await Folder.make();
  await using log = createLogger(
    { Mode: "volume", Path: folder.path },
    { serviceName: "orders", clock: new FakeClock() },
  );
  log.info("hi");
  await log.flush();
  const hosts = Array.from(Deno.readDirSync(join(folder.path, "orders")), (it) => it.name);
  assertEquals(hosts.length, 1);
  const text = await folder.read(join("orders", hosts[0]!, "access.log"));
  assertEquals(JSON.parse(text).content, "hi");
});

const wrong: { config: Partial<LogConfig>; message: string }[] = [
  { config: { Mode: "file", Path: "" }, message: "log path must be set" },
  { config: { Mode: "volume", Path: "x" }, message: "log service name must be set" },
];

for (const { config, message } of wrong) {
  Deno.test(`createLogger() says: ${message}`, () => {
    assertThrows(() => createLogger(config), TypeError, message);
  });
}

Deno.test("createLogger() throws when a file cannot be opened", async () => {
  await using folder = await Folder.make();
  await Deno.writeTextFile(join(folder.path, "file"), "");
  assertThrows(() => createLogger({ Mode: "file", Path: join(folder.path, "file") }));
});

Deno.test("new FileSink() leaves no file open when one of them cannot be opened", async () => {
  await using folder = await Folder.make();
  await Deno.mkdir(join(folder.path, "stat.log"));
  assertThrows(() => new FileSink(folder.path));
  assertEquals((await folder.names()).length, 5);
});

Deno.test("FileSink.close() writes all queued lines, appended to what was there", async () => {
  await using folder = await Folder.make();
  await Deno.writeTextFile(join(folder.path, "access.log"), "old\n");
  const sink = new FileSink(folder.path, {
    encoder: contentOnly,
    rotation: sizeRotation({ maxBytes: 0 }),
  });
  for (let n = 0; n < 100; n++) sink.write(line(String(n)));
  await sink.close();
  await sink.close();
  const expected = ["old", ...Array.from({ length: 100 }, (_, n) => String(n)), ""].join("\n");
  assertEquals(await folder.read("access.log"), expected);
});

Deno.test("FileSink.write() after close() says that the file is closed, once", async () => {
  await using folder = await Folder.make();
  const errors: string[] = [];
  const sink = new FileSink(folder.path, {
    encoder: contentOnly,
    onError: (it) => errors.push(it),
  });
  await sink.close();
  sink.write(line("late"));
  sink.write(line("later"));
  assertEquals(errors.length, 1);
  assert(errors[0]!.startsWith("Cannot write log line: log file closed: "));
});

Deno.test("FileSink sets the file of a day aside at the first line of the next", async () => {
  await using folder = await Folder.make();
  const clock = new FakeClock({ wallTime: NOON });
  await using sink = closing(new FileSink(folder.path, { encoder: contentOnly, clock }));
  sink.write(line("first day"));
  await sink.flush();
  clock.jumpWallTime(DAY_MS);
  sink.write(line("second day"));
  await sink.flush();
  assertEquals(await folder.names("access"), ["access.log", "access.log-2026-08-15"]);
  assertEquals(await folder.read("access.log-2026-08-15"), "first day\n");
  assertEquals(await folder.read("access.log"), "second day\n");
});

Deno.test("FileSink gives lines left by an earlier run the date on which they were written", async () => {
  await using folder = await Folder.make();
  const path = join(folder.path, "access.log");
  await Deno.writeTextFile(path, "left\n");
  await Deno.utime(path, new Date(NOON), new Date(NOON - DAY_MS));
  const clock = new FakeClock({ wallTime: NOON });
  await using sink = closing(new FileSink(folder.path, { encoder: contentOnly, clock }));
  sink.write(line("today"));
  await sink.flush();
  assertEquals(await folder.read("access.log-2026-08-14"), "left\n");
  assertEquals(await folder.read("access.log"), "today\n");
});

Deno.test("FileSink never overwrites a file set aside before", async () => {
  await using folder = await Folder.make();
  const clock = new FakeClock({ wallTime: NOON });
  await using sink = closing(new FileSink(folder.path, { encoder: contentOnly, clock }));
  for (let n = 0; n < 3; n++) {
    sink.write(line(`day ${n}`));
    await sink.flush();
    clock.jumpWallTime(DAY_MS);
    sink.write(line(`next day ${n}`));
    await sink.flush();
    clock.jumpWallTime(-DAY_MS); // A clock put back makes the same date come again.
  }
  const texts = await Promise.all((await folder.names("access")).map((name) => folder.read(name)));
  const lines = texts.join("").trimEnd().split("\n").sort();
  assertEquals(lines, ["day 0", "day 1", "day 2", "next day 0", "next day 1", "next day 2"]);
});

Deno.test("FileSink compresses, and deletes what KeepDays says", async () => {
  await using folder = await Folder.make();
  for (const date of ["2026-08-01", "2026-08-13"]) {
    await Deno.writeTextFile(join(folder.path, `access.log-${date}`), "old\n");
  }
  const clock = new FakeClock({ wallTime: NOON });
  const errors: string[] = [];
  const sink = new FileSink(folder.path, {
    encoder: contentOnly,
    clock,
    compress: true,
    rotation: dailyRotation({ keepDays: 7 }),
    onError: (message) => errors.push(message),
  });
  sink.write(line("first day"));
  await sink.flush();
  clock.jumpWallTime(DAY_MS);
  sink.write(line("second day"));
  await sink.close(); // Waits for the compression.
  assertEquals(errors, []);
  assertEquals(await folder.names("access"), [
    "access.log",
    "access.log-2026-08-13",
    "access.log-2026-08-15.gz",
  ]);
  assertEquals(await gunzip(join(folder.path, "access.log-2026-08-15.gz")), "first day\n");
});

Deno.test("createLogger() with Rotation size keeps MaxSize and MaxBackups", async () => {
  await using folder = await Folder.make();
  const clock = new FakeClock({ wallTime: NOON });
  const log = createLogger({
    Mode: "file",
    Path: folder.path,
    Rotation: "size",
    MaxSize: 1,
    MaxBackups: 2,
    Encoding: "plain",
  }, { clock });
  const text = "x".repeat(1024);
  for (let n = 0; n < 4500; n++) {
    log.info(`${n} ${text}`);
    if (n % 100 === 0) {
      await log.flush();
      clock.elapse(1000);
    }
  }
  await log[Symbol.asyncDispose]();
  const names = await folder.names("access");
  assertEquals(names.length, 3, names.join());
  const numbers: number[] = [];
  for (const name of names) {
    const { size } = await Deno.stat(join(folder.path, name));
    assert(size <= 1024 * 1024, `${name}: ${size}`);
    for (const it of (await folder.read(name)).trimEnd().split("\n")) {
      numbers.push(Number(it.split("\t")[2]!.split(" ")[0]));
    }
  }
  // Only the oldest lines are gone, and none in the middle.
  numbers.sort((a, b) => a - b);
  assertEquals(numbers.at(-1), 4499);
  assertEquals(numbers.length, 4500 - numbers[0]!);
});

Deno.test("FileSink goes on writing when a file cannot be set aside", async () => {
  await using folder = await Folder.make();
  const clock = new FakeClock({ wallTime: NOON });
  const errors: string[] = [];
  const sink = new FileSink(folder.path, {
    encoder: contentOnly,
    clock,
    onError: (message) => errors.push(message),
    rotation: { ...dailyRotation(), backupName: () => "no/such/folder" },
  });
  sink.write(line("first day"));
  await sink.flush();
  clock.jumpWallTime(DAY_MS);
  sink.write(line("second day"));
  await sink.close();
  assertEquals(errors.length, 1);
  assert(errors[0]!.startsWith(`Cannot rotate log file ${join(folder.path, "access.log")}`));
  assertEquals(await folder.read("access.log"), "first day\nsecond day\n");
});

Deno.test("FileSink keeps the original when it cannot compress, and goes on when it cannot delete", async () => {
  await using folder = await Folder.make();
  await Deno.mkdir(join(folder.path, "access.log-2026-08-15.gz.partial", "in the way"), {
    recursive: true,
  });
  const clock = new FakeClock({ wallTime: NOON });
  const errors: string[] = [];
  const sink = new FileSink(folder.path, {
    encoder: contentOnly,
    clock,
    compress: true,
    rotation: { ...dailyRotation(), outdated: () => ["never there"] },
    onError: (message) => errors.push(message),
  });
  sink.write(line("first day"));
  await sink.flush();
  clock.jumpWallTime(DAY_MS);
  sink.write(line("second day"));
  await sink.close();
  assertEquals(errors.length, 2);
  assert(errors[0]!.startsWith("Cannot compress log file "), errors[0]);
  assert(errors[1]!.startsWith("Cannot remove outdated log file never there: "), errors[1]);
  assertEquals(await folder.read("access.log-2026-08-15"), "first day\n");
  assertEquals(await folder.read("access.log"), "second day\n");
});

/** A sink as a resource, for `await using`. */
function closing(sink: FileSink): FileSink & AsyncDisposable {
  return Object.assign(sink, { [Symbol.asyncDispose]: () => sink.close() });
}
