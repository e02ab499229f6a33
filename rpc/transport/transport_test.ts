import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { sharedDeadlines } from "../../core/timeout/shared_deadlines.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { Metadata } from "../metadata.ts";
import { type Echo, echo, echoService } from "../testing/echo_service.ts";
import { grpcServerTransport } from "./grpc_js/server_transport.ts";
import { grpcTransport } from "./grpc_js/client_transport.ts";
import { InprocNetwork } from "./inproc/network.ts";
import { inprocServerTransport } from "./inproc/server_transport.ts";
import { inprocTransport } from "./inproc/client_transport.ts";
import type {
  ClientTransport,
  Connection,
  IncomingCall,
  OutgoingCall,
  ServedMethod,
  ServerTransport,
  TransportListener,
} from "./transport.ts";

const { say, count, sum, chat } = echoService.methods;

interface Pair {
  readonly name: string;
  make(): { client: ClientTransport; server: ServerTransport; address: string };
}

const PAIRS: Pair[] = [
  {
    name: "grpc_js",
    make: () => ({
      client: grpcTransport(),
      server: grpcServerTransport(),
      address: "127.0.0.1:0",
    }),
  },
  {
    name: "inproc",
    make() {
      const network = new InprocNetwork();
      return {
        client: inprocTransport(network),
        server: inprocServerTransport(network),
        address: "inproc:///echo",
      };
    },
  },
];

type Unary = (request: Echo, call: IncomingCall) => unknown;
type Stream = (requests: AsyncIterable<Echo>, call: IncomingCall) => AsyncIterable<unknown>;

/** A server of the given handlers, and a connection to it. */
async function open(
  pair: Pair,
  handlers: { say?: Unary; count?: Stream; sum?: Stream; chat?: Stream },
) {
  const { client, server, address } = pair.make();
  const methods: ServedMethod[] = [];
  if (handlers.say) {
    methods.push({
      kind: "unary",
      method: say,
      handle: handlers.say as (request: unknown, call: IncomingCall) => unknown,
    });
  }
  for (const name of ["count", "sum", "chat"] as const) {
    const handle = handlers[name];
    if (handle) {
      methods.push({
        kind: "stream",
        method: echoService.methods[name],
        handle: handle as ServedMethodHandle,
      });
    }
  }
  const listener = await server.listen(methods, address);
  const connection = client.open(listener.address);
  // Deadlines do not keep the process alive, so something else must.
  const alive = systemClock.setTimer(() => {}, 10_000, { keepAlive: true });
  const dispose = () => {
    alive.cancel();
    return close(listener, connection);
  };
  return { listener, connection, [Symbol.asyncDispose]: dispose };
}

type ServedMethodHandle = (
  requests: AsyncIterable<unknown>,
  call: IncomingCall,
) => AsyncIterable<unknown>;

async function close(listener: TransportListener, connection: Connection): Promise<void> {
  // One that is closed while it connects does not let go of its timers.
  while (connection.state === "connecting") await systemClock.sleep(5, { keepAlive: true });
  const wasFailing = connection.state === "failing" || connection.state === "closed";
  await connection[Symbol.asyncDispose]();
  listener.close();
  sharedDeadlines[Symbol.dispose]();
  // Sockets close in their own time, and a connection that failed waits before it finds that nobody wants it.
  await systemClock.sleep(wasFailing ? 800 : 60, { keepAlive: true });
}

function call(parts: Partial<OutgoingCall> = {}): OutgoingCall {
  return { metadata: undefined, deadline: undefined, signal: undefined, ...parts };
}

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function texts(answers: AsyncIterable<Echo>): Promise<string[]> {
  const all: string[] = [];
  for await (const { text } of answers) all.push(text);
  return all;
}

const hang = () => new Promise<never>(() => {});

interface Case {
  name: string;
  /** The HTTP/2 of the runtime takes what it is given and does not say how much of it has been sent. */
  needsWriteBackpressure?: boolean;
  run(pair: Pair): Promise<void>;
}

const CASES: Case[] = [
  {
    name: "sends a message and the answer",
    async run(pair) {
      await using it = await open(pair, {
        say: ({ text, number }) => echo(`${text}!`, number + 1),
      });
      const answer = await it.connection.unary(say, echo("é", 1), call());
      assertEquals([answer.text, answer.number], ["é!", 2]);
    },
  },
  {
    name: "waits for an answer that comes later",
    async run(pair) {
      await using it = await open(pair, {
        say: ({ text }) => systemClock.sleep(20, { keepAlive: true }).then(() => echo(text)),
      });
      assertEquals((await it.connection.unary(say, echo("a"), call())).text, "a");
    },
  },
  {
    name: "carries metadata both ways",
    async run(pair) {
      await using it = await open(pair, {
        say: (_request, incoming) => {
          incoming.sendHeader(new Metadata({ "x-seen": incoming.header("x-one") ?? "" }));
          incoming.trailer.append("x-all", incoming.metadata.getAll("x-two").join("+"));
          incoming.trailer.append("x-bytes-bin", incoming.metadata.getBytes("x-raw-bin")!);
          return echo("");
        },
      });
      let header: Metadata | undefined, trailer: Metadata | undefined;
      const metadata = new Metadata({
        "X-One": "1",
        "x-two": ["2", "3"],
        "x-raw-bin": new Uint8Array([0, 255]),
      });
      await it.connection.unary(
        say,
        echo(""),
        call({
          metadata,
          onHeader: (got) => header = got,
          onTrailer: (got) => trailer = got,
        }),
      );
      assertEquals(header?.get("x-seen"), "1");
      // HTTP/2 servers of the runtime join values of one name.
      assert(["2+3", "2, 3"].includes(trailer?.get("x-all") ?? ""));
      assertEquals(trailer?.getBytes("x-bytes-bin"), new Uint8Array([0, 255]));
    },
  },
  {
    name: "carries errors with details and trailer",
    async run(pair) {
      await using it = await open(pair, {
        say: (_request, incoming) => {
          incoming.trailer.set("x-why", "because");
          throw new ServiceError("not_found", "Cannot find user: \u{1F600} %41 \uD800 \n end", {
            details: { id: 7, tags: ["a", { b: null }], ok: true },
            retryAfterMs: 1500,
          });
        },
      });
      let trailer: Metadata | undefined;
      const error = await assertRejects(
        () => it.connection.unary(say, echo(""), call({ onTrailer: (got) => trailer = got })),
        ServiceError,
      );
      assertEquals([error.code, error.message, error.retryAfterMs], [
        "not_found",
        "Cannot find user: \u{1F600} %41 \uFFFD \n end",
        1500,
      ]);
      assertEquals(error.details, { id: 7, tags: ["a", { b: null }], ok: true });
      assertEquals(trailer?.get("x-why"), "because");
    },
  },
  {
    name: "hides what a handler did not mean to throw",
    async run(pair) {
      await using it = await open(pair, { say: () => Promise.reject(new TypeError("secret")) });
      const error = await assertRejects(
        () => it.connection.unary(say, echo(""), call()),
        ServiceError,
      );
      assertEquals([error.code, error.message.includes("secret")], ["unknown", false]);
    },
  },
  {
    name: "answers unimplemented to a method that it has not",
    async run(pair) {
      await using it = await open(pair, {});
      for (
        const run of [
          () => it.connection.unary(say, echo(""), call()),
          () => texts(it.connection.stream(chat, of(echo("")), call())),
        ]
      ) {
        assertEquals((await assertRejects(run, ServiceError)).code, "unimplemented");
      }
    },
  },
  {
    name: "is unavailable where nobody listens",
    async run(pair) {
      const { client } = pair.make();
      const connection = client.open("127.0.0.1:1");
      for (
        const run of [
          () => connection.unary(say, echo(""), call()),
          () => texts(connection.stream(chat, of(echo("")), call())),
        ]
      ) {
        assertEquals((await assertRejects(run, ServiceError)).code, "unavailable");
      }
      await connection[Symbol.asyncDispose]();
      await systemClock.sleep(800, { keepAlive: true }); // It waits before it finds that nobody wants it.
    },
  },
  {
    name: "ends a call at its deadline and tells the handler",
    async run(pair) {
      const told = Promise.withResolvers<boolean>();
      const left: number[] = [];
      await using it = await open(pair, {
        say: (_request, incoming) => {
          left.push(incoming.remainingMs);
          incoming.onCancel(() => told.resolve(incoming.canceled));
          return hang();
        },
      });
      using deadline = new Deadline(80);
      await assertRejects(
        () => it.connection.unary(say, echo(""), call({ deadline })),
        DeadlineExceededError,
      );
      assertEquals(await told.promise, true);
      assert(left[0]! > 0 && left[0]! <= 80, `${left[0]}`);
    },
  },
  {
    name: "sends nothing when time is up already",
    async run(pair) {
      let calls = 0;
      await using it = await open(pair, { say: () => echo(String(calls++)) });
      using deadline = new Deadline(0);
      await assertRejects(
        () => it.connection.unary(say, echo(""), call({ deadline })),
        DeadlineExceededError,
      );
      assertEquals(calls, 0);
    },
  },
  {
    name: "gives a call up when its signal is aborted, and tells the handler",
    async run(pair) {
      const told = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      await using it = await open(pair, {
        say: (_request, incoming) => {
          incoming.onCancel(told.resolve);
          begun.resolve();
          return hang();
        },
      });
      const controller = new AbortController();
      const answer = it.connection.unary(say, echo(""), call({ signal: controller.signal }));
      const rejected = assertRejects(() => answer, Error, "enough");
      await begun.promise;
      controller.abort(new Error("enough"));
      await rejected;
      await told.promise;
    },
  },
  {
    name: "sends nothing when its signal is aborted already",
    async run(pair) {
      let calls = 0;
      await using it = await open(pair, { say: () => echo(String(calls++)) });
      const signal = AbortSignal.abort(new Error("before"));
      await assertRejects(
        () => it.connection.unary(say, echo(""), call({ signal })),
        Error,
        "before",
      );
      await assertRejects(
        () => texts(it.connection.stream(chat, of(echo("")), call({ signal }))),
        Error,
        "before",
      );
      assertEquals(calls, 0);
    },
  },
  {
    name: "does not tell a handler that has answered of a cancel",
    async run(pair) {
      let canceled = 0;
      await using it = await open(pair, {
        say: (_request, incoming) => {
          incoming.onCancel(() => canceled++);
          return echo("");
        },
      });
      await it.connection.unary(say, echo(""), call());
      await systemClock.sleep(20, { keepAlive: true });
      assertEquals(canceled, 0);
    },
  },
  {
    name: "streams answers",
    async run(pair) {
      await using it = await open(pair, {
        count: async function* (requests) {
          for await (const { number } of requests) {
            for (let i = 1; i <= number; i++) yield echo(String(i));
          }
        },
      });
      assertEquals(await texts(it.connection.stream(count, of(echo("", 3)), call())), [
        "1",
        "2",
        "3",
      ]);
      assertEquals(await texts(it.connection.stream(count, of(echo("", 0)), call())), []);
    },
  },
  {
    name: "streams requests",
    async run(pair) {
      await using it = await open(pair, {
        sum: async function* (requests) {
          let total = 0;
          for await (const { number } of requests) total += number;
          yield echo("", total);
        },
      });
      for (const [items, total] of [[[1, 2, 3], 6], [[], 0]] as const) {
        const all = [];
        for await (
          const { number } of it.connection.stream(
            sum,
            of(...items.map((n) => echo("", n))),
            call(),
          )
        ) {
          all.push(number);
        }
        assertEquals(all, [total]);
      }
    },
  },
  {
    name: "streams both ways, one after the other",
    async run(pair) {
      await using it = await open(pair, {
        chat: async function* (requests, incoming) {
          for await (const { text } of requests) yield echo(`re: ${text}`);
          incoming.trailer.set("x-end", "yes");
        },
      });
      const said: string[] = [];
      let trailer: Metadata | undefined;
      const requests = (async function* () {
        for (const text of ["a", "b", "c"]) {
          while (said.length > 0 && said.at(-1) !== "next") {
            await systemClock.sleep(1, { keepAlive: true });
          }
          said.push(text);
          yield echo(text);
        }
      })();
      const got: string[] = [];
      for await (
        const { text } of it.connection.stream(
          chat,
          requests,
          call({ onTrailer: (t) => trailer = t }),
        )
      ) {
        got.push(text);
        said.push("next");
      }
      assertEquals(got, ["re: a", "re: b", "re: c"]);
      assertEquals(trailer?.get("x-end"), "yes");
    },
  },
  {
    name: "ends a stream that fails after some answers with its status",
    async run(pair) {
      await using it = await open(pair, {
        count: async function* () {
          yield echo("1");
          yield echo("2");
          throw new ServiceError("data_loss", "Cannot go on: lost");
        },
      });
      const got: string[] = [];
      const error = await assertRejects(async () => {
        for await (const { text } of it.connection.stream(count, of(echo("")), call())) {
          got.push(text);
        }
      }, ServiceError);
      assertEquals([error.code, error.message, got], ["data_loss", "Cannot go on: lost", [
        "1",
        "2",
      ]]);
    },
  },
  {
    name: "tells a handler that its reader has left",
    async run(pair) {
      const left = Promise.withResolvers<string>();
      await using it = await open(pair, {
        count: async function* (_requests, incoming) {
          incoming.onCancel(() => left.resolve("canceled"));
          for (let i = 0;; i++) {
            yield echo(String(i));
            await systemClock.sleep(1, { keepAlive: true });
            if (incoming.canceled) return;
          }
        },
      });
      for await (const { text } of it.connection.stream(count, of(echo("")), call())) {
        if (text === "3") break;
      }
      assertEquals(await left.promise, "canceled");
    },
  },
  {
    name: "ends a stream at its deadline though its handler hangs",
    async run(pair) {
      const told = Promise.withResolvers<void>();
      await using it = await open(pair, {
        count: async function* (_requests, incoming) {
          incoming.onCancel(told.resolve);
          yield echo("1");
          await hang();
        },
      });
      using deadline = new Deadline(80);
      const got: string[] = [];
      await assertRejects(async () => {
        for await (
          const { text } of it.connection.stream(count, of(echo("")), call({ deadline }))
        ) got.push(text);
      }, DeadlineExceededError);
      await told.promise;
      assertEquals(got, ["1"]);
    },
  },
  {
    name: "ends a stream when its signal is aborted while requests are awaited",
    async run(pair) {
      await using it = await open(pair, {
        chat: async function* (requests) {
          yield echo("begun");
          for await (const _ of requests) { /* None comes. */ }
        },
      });
      const controller = new AbortController();
      const requests = {
        [Symbol.asyncIterator]: () => ({
          next: hang,
          return: () => Promise.resolve({ done: true, value: undefined } as const),
        }),
      };
      await assertRejects(
        async () => {
          for await (
            const _ of it.connection.stream(chat, requests, call({ signal: controller.signal }))
          ) {
            controller.abort(new Error("enough"));
          }
        },
        Error,
        "enough",
      );
    },
  },
  {
    name: "throws what the requests throw, and cancels the handler",
    async run(pair) {
      const told = Promise.withResolvers<void>();
      let seen: unknown;
      await using it = await open(pair, {
        chat: async function* (requests, incoming) {
          incoming.onCancel(told.resolve);
          try {
            for await (const { text } of requests) yield echo(text);
          } catch (error) {
            seen = error;
            throw error;
          }
        },
      });
      const heard = Promise.withResolvers<void>();
      const requests = (async function* () {
        yield echo("a");
        await heard.promise;
        throw new Error("no more");
      })();
      await assertRejects(
        async () => {
          for await (const _ of it.connection.stream(chat, requests, call())) heard.resolve();
        },
        Error,
        "no more",
      );
      await told.promise;
      await systemClock.sleep(20, { keepAlive: true });
      assert(seen instanceof ServiceError && seen.code === "canceled", String(seen));
    },
  },
  {
    needsWriteBackpressure: true,
    name: "holds a fast service back while its reader is slow",
    async run(pair) {
      let made = 0;
      await using it = await open(pair, {
        count: async function* () {
          const payload = new Uint8Array(64 * 1024);
          for (; made < 5_000; made++) yield { text: "", number: made, payload };
        },
      });
      let read = 0;
      for await (const _ of it.connection.stream(count, of(echo("")), call())) {
        if (read++ === 3) await systemClock.sleep(150, { keepAlive: true });
        if (read > 3) break;
      }
      assert(made < 200, `${made} messages were made for ${read} that were read`);
    },
  },
  {
    needsWriteBackpressure: true,
    name: "holds a fast caller back while its service is slow",
    async run(pair) {
      let made = 0;
      await using it = await open(pair, {
        sum: async function* (requests) {
          let read = 0;
          for await (const _ of requests) {
            if (++read === 2) await systemClock.sleep(150, { keepAlive: true });
            if (read === 3) break;
          }
          yield echo("", read);
        },
      });
      const requests = (async function* () {
        const payload = new Uint8Array(64 * 1024);
        for (; made < 5_000; made++) yield { text: "", number: made, payload };
      })();
      for await (const { number } of it.connection.stream(sum, requests, call())) {
        assertEquals(number, 3);
      }
      assert(made < 400, `${made} messages were made`);
    },
  },
  {
    name: "waits for calls in flight when it drains, and takes no new ones",
    async run(pair) {
      const answer = Promise.withResolvers<Echo>();
      const begun = Promise.withResolvers<void>();
      await using it = await open(pair, {
        say: () => {
          begun.resolve();
          return answer.promise;
        },
      });
      const first = it.connection.unary(say, echo(""), call());
      await begun.promise;
      let drained = false;
      const draining = it.listener.drain().then(() => drained = true);
      await systemClock.sleep(30, { keepAlive: true });
      assertEquals(drained, false);
      const refused = await assertRejects(
        () => it.connection.unary(say, echo(""), call()),
        ServiceError,
      );
      assertEquals(refused.code, "unavailable");
      answer.resolve(echo("late"));
      assertEquals((await first).text, "late");
      await it.connection[Symbol.asyncDispose]();
      await draining;
    },
  },
  {
    name: "fails calls in flight when it is closed",
    async run(pair) {
      const told = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      await using it = await open(pair, {
        say: (_request, incoming) => {
          incoming.onCancel(told.resolve);
          begun.resolve();
          return hang();
        },
      });
      const rejected = assertRejects(
        () => it.connection.unary(say, echo(""), call()),
        ServiceError,
      );
      await begun.promise;
      it.listener.close();
      await rejected;
      await told.promise;
    },
  },
  {
    name: "fails streams in flight when the connection is closed",
    async run(pair) {
      await using it = await open(pair, {
        count: async function* () {
          yield echo("1");
          await hang();
        },
      });
      const error = await assertRejects(async () => {
        for await (const _ of it.connection.stream(count, of(echo("")), call())) {
          await it.connection[Symbol.asyncDispose]();
        }
      }, ServiceError);
      assertEquals(error.code, "canceled");
      const late = await assertRejects(
        () => it.connection.unary(say, echo(""), call()),
        ServiceError,
      );
      assertEquals(late.code, "canceled");
    },
  },
  {
    name: "waits for a server that comes later when asked to",
    async run(pair) {
      const { client, server, address } = pair.make();
      // A port that is free now and taken later.
      const probe = await server.listen([], address);
      const where = probe.address;
      await probe.drain();
      const connection = client.open(where);
      using deadline = new Deadline(5_000);
      const answer = connection.unary(say, echo("a"), call({ deadline, waitForReady: true }));
      await systemClock.sleep(50, { keepAlive: true });
      const listener = await server.listen(
        [{ kind: "unary", method: say, handle: (request) => request }],
        where,
      );
      assertEquals((await answer).text, "a");
      await close(listener, connection);
    },
  },
];

for (const pair of PAIRS) {
  for (const { name, run, needsWriteBackpressure } of CASES) {
    const ignore = pair.name === "grpc_js" && needsWriteBackpressure === true;
    const why = ignore ? " (not on this runtime: its HTTP/2 has no back-pressure)" : "";
    Deno.test({ name: `${pair.name} ${name}${why}`, ignore, fn: () => run(pair) });
  }
}
