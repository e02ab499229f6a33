import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { ChainBed } from "../testing/chain_bed.ts";
import { FakeIncomingCall } from "../testing/fake_incoming_call.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { defaultServerChain } from "./chain.ts";
import { RpcContext } from "./context.ts";

const { say, look } = echoService.methods;

function lines(bed: ChainBed, level: "info" | "slow" | "error"): unknown[] {
  return bed.log.contents(level);
}

interface SlowCase {
  tookMs: number;
  conf: {
    SlowThreshold?: number;
    MethodSlowThresholds?: { FullMethod: string; SlowThreshold: number }[];
  };
  slow: boolean;
}

const SLOW: SlowCase[] = [
  { tookMs: 501, conf: {}, slow: true },
  { tookMs: 500, conf: {}, slow: false },
  { tookMs: 200, conf: { SlowThreshold: 100 }, slow: true },
  { tookMs: 600, conf: { SlowThreshold: 1000 }, slow: false },
  { tookMs: 501, conf: { SlowThreshold: 0 }, slow: true },
  { tookMs: 400, conf: { SlowThreshold: 0 }, slow: false },
  {
    tookMs: 600,
    conf: { MethodSlowThresholds: [{ FullMethod: say.path, SlowThreshold: 900 }] },
    slow: false,
  },
  {
    tookMs: 600,
    conf: { MethodSlowThresholds: [{ FullMethod: look.path, SlowThreshold: 900 }] },
    slow: true,
  },
];

for (const { tookMs, conf, slow } of SLOW) {
  Deno.test(`a call of ${tookMs} ms with ${JSON.stringify(conf)} is ${slow ? "" : "not "}slow`, async () => {
    using bed: ChainBed = new ChainBed({
      config: { Middlewares: { StatConf: conf } },
      handlers: { say: (request) => bed.clock.sleep(tookMs).then(() => request) },
    });
    const answer = bed.say("hello");
    await bed.clock.advance(tookMs);
    await answer;
    const line = `10.0.0.9:5000 - ${say.path} - {"text":"hello"}`;
    assertEquals(lines(bed, "slow"), slow ? [`[RPC] slowcall - ${line}`] : []);
    assertEquals(lines(bed, "info"), slow ? [] : [line]);
    assertEquals(bed.log.records[0]?.fields.duration, `${tookMs}.0ms`);
    assertEquals(String(bed.log.records[0]?.fields.trace).length, 32);
  });
}

for (const tookMs of [10, 501]) {
  Deno.test(`a call of ${tookMs} ms whose content is ignored has a line only if it is slow`, async () => {
    using bed: ChainBed = new ChainBed({
      config: { Middlewares: { StatConf: { IgnoreContentMethods: [say.path] } } },
      handlers: { say: (request) => bed.clock.sleep(tookMs).then(() => request) },
    });
    const answer = bed.say("hidden");
    await bed.clock.advance(tookMs);
    await answer;
    assertEquals(
      [...lines(bed, "info"), ...lines(bed, "slow")],
      tookMs > 500 ? [`[RPC] slowcall - 10.0.0.9:5000 - ${say.path}`] : [],
    );
  });
}

Deno.test("calls that fail, at once or later, and calls that are refused have a line too", async () => {
  using bed = new ChainBed({
    config: { MaxConcurrency: 1 },
    handlers: {
      say: ({ text }) => {
        if (text === "throw") throw new ServiceError("not_found", "no");
        return text === "hang" ? new Promise(() => {}) : Promise.reject(new TypeError("no"));
      },
    },
  });
  for (const text of ["throw", "reject"]) await assertRejects(() => bed.say(text));
  bed.say("hang").catch(() => {});
  await assertRejects(() => bed.say("refused"));
  assertEquals(
    lines(bed, "info").map((line) => String(line).split(" - ").at(-1)),
    ["throw", "reject", "refused"].map((text) => `{"text":"${text}"}`),
  );
});

Deno.test("secrets are masked at any depth, and those that the configuration names", () => {
  using bed = new ChainBed({
    config: { Log: { SensitiveKeys: ["iban"] } },
    chain: defaultServerChain.filter(({ name }) => name === "Stat"),
  });
  const request = {
    password: "hunter2",
    nested: [{ accessToken: "hunter2", iban: "hunter2" }],
    name: "a",
  };
  const method = { ...say, input: { ...say.input, toJson: () => request } };
  const interceptor = defaultServerChain.find(({ name }) => name === "Stat")!.create(
    bed.environment,
  )!;
  const context = new RpcContext(new FakeIncomingCall(method, bed.clock), bed.environment);
  interceptor.unary!((request) => request, method)(request, context);
  assertEquals(lines(bed, "info"), [
    `10.0.0.9:5000 - ${say.path} - {"password":"***","nested":[{"accessToken":"***","iban":"***"}],"name":"a"}`,
  ]);
});

Deno.test("of a long request the beginning is shown", async () => {
  using bed = new ChainBed();
  await bed.say("ü".repeat(1_000_000));
  const line = String(lines(bed, "info")[0]);
  assert(new TextEncoder().encode(line).length < 4_300, `${line.length} characters`);
  assert(line.includes('{"text":"üüü') && line.endsWith("… (1000011 characters)"), line.slice(-60));
  assert(line.isWellFormed());
});

Deno.test("a request that is no JSON is told as such, and answered", async () => {
  using bed = new ChainBed();
  const answer = bed.call(say, {
    text: "a",
    number: 0,
    get payload(): never {
      throw new Error("no bytes");
    },
  }).answer;
  await answer;
  assertEquals(lines(bed, "info").length + lines(bed, "error").length, 1);
  assertEquals(lines(bed, "error"), ["10.0.0.9:5000 - no bytes"]);
});

Deno.test("at level error fast calls have no line, and slow ones have", async () => {
  using bed: ChainBed = new ChainBed({
    handlers: { look: (request) => bed.clock.sleep(600).then(() => request) },
  });
  bed.log.setLevel("error");
  await bed.say();
  const answer = bed.call(look).answer;
  await bed.clock.advance(600);
  await answer;
  assertEquals(bed.log.records.map(({ level }) => level), ["slow"]);
});

Deno.test("each minute with calls has a line of figures, and one of what was shed", async () => {
  using bed: ChainBed = new ChainBed({
    config: { MaxConcurrency: 1 },
    handlers: { say: (request) => bed.clock.sleep(30).then(() => request) },
  });
  const first = bed.say();
  await assertRejects(() => bed.say());
  await bed.clock.advance(30);
  await first;
  await bed.clock.advance(60_000);
  const stat = bed.log.contents("stat").map(String);
  assert(
    stat.some((line) => /^\(echo\) - qps: 0\.0\/s, drops: 1, avg time: 15\.0ms/.test(line)),
    stat.join("\n"),
  );
  assert(
    stat.some((line) =>
      /^\(rpc\) shedding_stat \[1m\], cpu: \d+, total: 1, pass: 1, drop: 0$/.test(line)
    ),
    stat.join("\n"),
  );
});

const LOGGED: { name: string; thrown: unknown; line?: RegExp; stack?: RegExp }[] = [
  {
    name: "an error",
    thrown: new TypeError("s3cret"),
    line: /unexpected error$/,
    stack: /^TypeError: s3cret\n +at /,
  },
  { name: "text", thrown: "s3cret", line: /unexpected error$/, stack: /^s3cret$/ },
  { name: "nothing", thrown: undefined, line: /unexpected error$/, stack: /^undefined$/ },
  {
    name: "something of no kind",
    thrown: Object.create(null),
    line: /unexpected error$/,
    stack: /^unprintable value$/,
  },
  {
    name: "an error with a cause",
    thrown: new Error("outer", { cause: new Error("inner") }),
    line: /unexpected error$/,
    stack: /^Error: outer\n[^]*\ncaused by: Error: inner\n/,
  },
  {
    name: "a failure with a cause",
    thrown: new ServiceError("internal", "Cannot save", { cause: "disk" }),
    line: /: Cannot save$/,
    stack: /^disk$/,
  },
  { name: "a failure without a cause", thrown: new ServiceError("internal", "Cannot save") },
  {
    name: "an answer that says no",
    thrown: new ServiceError("not_found", "no", { cause: "disk" }),
  },
];

for (const { name, thrown, line, stack } of LOGGED) {
  Deno.test(`a handler that throws ${name} is ${line ? "" : "not "}told in the log`, async () => {
    using bed = new ChainBed({
      handlers: {
        say: () => {
          throw thrown;
        },
        async *count() {
          yield echo("");
          throw thrown;
        },
      },
    });
    await bed.say().catch(() => {});
    await Array.fromAsync(bed.stream(echoService.methods.count, [echo("")]).answer).catch(() => {});
    const told = bed.log.records.filter(({ level }) => level === "error");
    assertEquals(told.length, line ? 2 : 0);
    for (const { content, fields } of told) {
      assertMatch(String(content), line!);
      assertMatch(String(fields.stack), stack!);
      assertEquals(String(fields.trace).length, 32);
    }
  });
}

Deno.test("a stack is shown as far as it is of use, and the switch of Recover turns the lines off", async () => {
  for (const Recover of [true, false]) {
    using bed = new ChainBed({
      config: { Middlewares: { Recover } },
      handlers: { say: () => Promise.reject(new Error("x".repeat(1_000_000))) },
    });
    const error = await assertRejects(() => bed.say(), ServiceError);
    assertEquals([error.code, error.message], ["internal", "Cannot finish call: unexpected error"]);
    const stacks = bed.log.records.filter(({ level }) => level === "error")
      .map(({ fields }) => String(fields.stack).length);
    assertEquals(stacks, Recover ? [16_384] : []);
  }
});
