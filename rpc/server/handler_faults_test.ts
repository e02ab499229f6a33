import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { renderText } from "../../core/metric/exposition.ts";
import type { Metadata } from "../metadata.ts";
import { ChainBed } from "../testing/chain_bed.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { type Echo, echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

testEachKind(
  "turns what a handler did not mean to throw into internal, and logs it",
  async (kind) => {
    await using pair = await openPair(kind, {
      handlers: {
        say: () => {
          throw new TypeError("s3cret");
        },
        look: () => Promise.reject(new TypeError("s3cret")),
        // deno-lint-ignore require-yield -- It fails first.
        async *count() {
          throw new TypeError("s3cret");
        },
        sum: () => Promise.reject(new TypeError("s3cret")),
      },
    });
    const { stub, log } = pair;
    const runs = [
      () => stub.say(echo("")),
      () => stub.look(echo(""), { retry: false }),
      () => Array.fromAsync(stub.count(echo(""))),
      () => stub.sum([]),
    ];
    for (const run of runs) {
      const error = await assertRejects(run, ServiceError);
      assertEquals([error.code, error.message.includes("s3cret")], ["internal", false]);
    }
    const lines = log.records.filter(({ fields }) =>
      JSON.stringify(fields ?? {}).includes("s3cret")
    );
    assert(lines.length >= 4, `${lines.length} lines`);
  },
);

const fail = (): never => {
  throw new Error("s3cret");
};

class Unreadable extends Error {
  override get message(): string {
    return fail();
  }
  override get stack(): string {
    return fail();
  }
}

function spoiled(name: string, descriptor: PropertyDescriptor): ServiceError {
  return Object.defineProperty(new ServiceError("aborted", "s3cret"), name, descriptor);
}

const UNEXPECTED = "Cannot finish call: unexpected error";

/** What is thrown, and what the caller is told. */
const THROWN: readonly { name: string; thrown: () => unknown; code: string; message: string }[] = [
  ...Object.entries<() => unknown>({
    "a text": () => "s3cret",
    "nothing": () => undefined,
    "null": () => null,
    "a symbol": () => Symbol("s3cret"),
    "a number": () => 7n,
    "an object of no kind": () => Object.create(null),
    "an object that nothing can be asked of": () =>
      new Proxy({}, { has: fail, get: fail, getPrototypeOf: fail }),
    "an error that cannot be read": () => new Unreadable(),
    "a failure whose code cannot be read": () => spoiled("code", { get: fail }),
    "a failure whose code is none": () => spoiled("code", { value: "s3cret" }),
    "a failure whose message is no text": () => spoiled("message", { value: { s3cret: 1 } }),
    "a failure whose details cannot be read": () => spoiled("details", { get: fail }),
    "an error of the platform": () => new DOMException("s3cret", "DataCloneError"),
    "an error of a megabyte": () => new Error("s3cret".repeat(200_000)),
  }).map(([name, thrown]) => ({ name, thrown, code: "internal", message: UNEXPECTED })),
  {
    name: "that it was aborted",
    thrown: () => new DOMException("s3cret", "AbortError"),
    code: "canceled",
    message: "Cannot finish call: canceled",
  },
  {
    name: "that time is up",
    thrown: () => new DOMException("s3cret", "TimeoutError"),
    code: "deadline_exceeded",
    message: "Cannot finish call: deadline exceeded",
  },
  {
    name: "a message of many kinds of letters",
    thrown: () => new ServiceError("not_found", "100% of\r\nüñí 中文 😀 %41"),
    code: "not_found",
    message: "100% of\r\nüñí 中文 😀 %41",
  },
  {
    name: "a message that is too long",
    thrown: () =>
      new ServiceError("not_found", "中".repeat(9_000), { details: { a: "x".repeat(3_000) } }),
    code: "not_found",
    message: "中".repeat(227),
  },
];

testEachKind(
  "tells callers of whatever is thrown no more than it may, and serves on",
  async (kind) => {
    let thrown: () => unknown = () => undefined;
    await using pair = await openPair(kind, {
      server: { Middlewares: { Breaker: false } },
      client: { Middlewares: { Breaker: false } },
      handlers: {
        say: () => {
          throw thrown();
        },
        look: () => Promise.reject(thrown()),
        async *count() {
          yield echo("1");
          throw thrown();
        },
        sum: () => Promise.reject(thrown()),
      },
    });
    const { stub } = pair;
    for (const { name, thrown: make, code, message } of THROWN) {
      thrown = make;
      const runs = [
        () => stub.say(echo("")),
        () => stub.look(echo(""), { retry: false }),
        () => Array.fromAsync(stub.count(echo(""))),
        () => stub.sum([]),
      ];
      for (const run of runs) {
        const error = await assertRejects(run, ServiceError, undefined, name);
        assertEquals([error.code, error.message], [code, message], name);
      }
    }
    assertEquals((await Array.fromAsync(stub.chat([echo("alive")]))).length, 1);
    assert(pair.log.records.every((record) => JSON.stringify(record).length < 40_000));
  },
);

const ANSWERS: readonly { name: string; answer: () => unknown }[] = [
  { name: "undefined", answer: () => undefined },
  { name: "null", answer: () => null },
  { name: "undefined later", answer: () => Promise.resolve() },
];

for (const { name, answer } of ANSWERS) {
  Deno.test(`a handler that answers ${name} has failed: caller, figures and log agree`, async () => {
    using bed = new ChainBed({ handlers: { say: answer as never } });
    const error = await assertRejects(() => bed.say(), ServiceError);
    assertEquals([error.code, error.message], ["internal", UNEXPECTED]);
    assert(renderText(bed.metrics.snapshot()).includes('code="13"} 1'));
    const { total, accepted } = bed.environment.breakers.get(echoService.methods.say.path)!
      .explain();
    assertEquals([total, accepted], [1, 0]);
    const [line] = bed.log.records.filter(({ level }) => level === "error");
    assert(String(line?.fields.stack).includes("gave no answer"));
  });
}

Deno.test("an interceptor that forgets to return the answer is told as a handler is", async () => {
  using bed = new ChainBed({
    interceptors: [{
      unary: (next) => async (request, context) => {
        await next(request, context);
      },
    }],
  });
  assertEquals((await assertRejects(() => bed.say(), ServiceError)).code, "internal");
  const [line] = bed.log.records.filter(({ level }) => level === "error");
  assert(String(line?.fields.stack).includes("or an interceptor around it"));
});

testEachKind("takes a promise of another kind for an answer as well", async (kind) => {
  const query = { then: (done: (answer: Echo) => void) => done(echo("rows")) };
  const seen: unknown[] = [];
  await using pair = await openPair(kind, {
    handlers: { say: () => query as never },
    prepare: (server) =>
      server.use({
        unary: (next) => (request, context) => {
          const answer = next(request, context);
          seen.push(answer);
          return answer;
        },
      }),
  });
  assertEquals((await pair.stub.say(echo(""))).text, "rows");
  assertEquals(seen, [query]);
});

testEachKind("fails streams that are none, and calls that get no answer", async (kind) => {
  await using pair = await openPair(kind, {
    handlers: {
      count: () => [echo("1")] as never,
      chat: (() => undefined) as never,
      sum: (() => undefined) as never,
    },
  });
  const { stub } = pair;
  const runs = [
    () => Array.fromAsync(stub.count(echo(""))),
    () => Array.fromAsync(stub.chat([echo("")])),
    () => stub.sum([echo("")]),
  ];
  for (const run of runs) {
    const error = await assertRejects(run, ServiceError);
    assertEquals([error.code, error.message], ["internal", UNEXPECTED]);
  }
});

testEachKind(
  "answers though the handler reads no request, and stops who sends them",
  async (kind) => {
    let sent = 0, ended = false;
    async function* endless() {
      try {
        for (;;) {
          sent++;
          yield echo("x".repeat(1_000));
          await sleep(1);
        }
      } finally {
        ended = true;
      }
    }
    await using pair = await openPair(kind, { handlers: { sum: () => echo("early") } });
    assertEquals((await pair.stub.sum(endless())).text, "early");
    await sleep(50);
    const before = sent;
    await sleep(50);
    assertEquals([ended || sent === 0, sent], [true, before]);
  },
);

testEachKind(
  "sends headers and trailers, and lets no handler break a call with them",
  async (kind) => {
    const WRONG: readonly (readonly [string, string | Uint8Array])[] = [
      ["connection", "close"],
      ["te", "x"],
      ["transfer-encoding", "chunked"],
      ["grpc-status", "0"],
      ["grpc-message", "s3cret"],
      ["x y", "1"],
      ["x", "é"],
      ["x", "a\r\nb: c"],
      ["x-bin", "1"],
      ["x", "y".repeat(100_000)],
      ["x-bin", new Uint8Array(100_000)],
    ];
    let wrong: readonly [string, string | Uint8Array] = ["", ""];
    await using pair = await openPair(kind, {
      client: { Middlewares: { Breaker: false } },
      server: { Middlewares: { Breaker: false } },
      handlers: {
        say: (request, context) => {
          context.responseHeader.set("a", "1");
          context.trailer.set("b-bin", new Uint8Array([1, 255]));
          if (request.text === "fail") throw new ServiceError("aborted", "no");
          return request;
        },
        look: (request, context) => {
          context.trailer.set(...wrong);
          return request;
        },
        async *count(_request, context) {
          yield echo("1");
          context.trailer.set(...wrong);
        },
        async *chat(requests, { responseHeader, trailer, metadata }) {
          responseHeader.merge(metadata); // All of it, as a careless handler would.
          trailer.merge(metadata);
          yield* requests;
        },
      },
    });
    const { stub } = pair;
    for (const text of ["", "fail"]) {
      let header: Metadata | undefined, trailer: Metadata | undefined;
      const options = {
        onHeader: (got: Metadata) => header = got,
        onTrailer: (got: Metadata) => trailer = got,
      };
      await stub.say(echo(text), options).catch(() => {});
      assertEquals(
        [header?.get("a"), trailer?.getBytes("b-bin")],
        ["1", new Uint8Array([1, 255])],
        text,
      );
    }
    for (wrong of WRONG) {
      for (
        const run of [
          () => stub.look(echo(""), { retry: false }),
          () => Array.fromAsync(stub.count(echo(""))),
        ]
      ) {
        const error = await assertRejects(run, ServiceError);
        assertEquals([error.code, error.message], ["internal", UNEXPECTED], wrong[0]);
      }
    }
    let trailer: Metadata | undefined;
    const metadata = { tenant: "acme" };
    const chat = stub.chat([echo("1")], { metadata, onTrailer: (got) => trailer = got });
    assertEquals((await Array.fromAsync(chat)).length, 1);
    assertEquals(trailer?.get("tenant"), "acme");
  },
);
