import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { DeadlineExceededError } from "../../../core/timeout/errors.ts";
import { Metadata } from "../../metadata.ts";
import { type Echo, echo, echoService } from "../../testing/echo_service.ts";
import {
  call,
  contract,
  hang,
  never,
  of,
  open,
  sleep,
  texts,
} from "../../testing/transport_pair.ts";

const { say, count, sum, chat } = echoService.methods;

contract([
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
      await sleep(20);
      assertEquals(canceled, 0);
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
            await sleep(1);
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
      await assertRejects(
        async () => {
          for await (
            const _ of it.connection.stream(
              chat,
              never<Echo>(),
              call({ signal: controller.signal }),
            )
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
    name: "ends calls whose deadline is ended early by what it depends on",
    async run(pair) {
      const told = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      await using it = await open(pair, {
        say(_request, incoming) {
          incoming.onCancel(told[0]!.resolve);
          begun[0]!.resolve();
          return hang();
        },
        chat: async function* (requests, incoming) {
          incoming.onCancel(told[1]!.resolve);
          begun[1]!.resolve();
          for await (const request of requests) yield request;
        },
      });
      const controller = new AbortController();
      using deadline = new Deadline(60_000, { signal: controller.signal });
      const { connection } = it;
      const rejected = Promise.all([
        assertRejects(() => connection.unary(say, echo(""), call({ deadline })), Error, "gone"),
        assertRejects(
          () => texts(connection.stream(chat, never<Echo>(), call({ deadline }))),
          Error,
          "gone",
        ),
      ]);
      await Promise.all(begun.map(({ promise }) => promise));
      controller.abort(new Error("gone"));
      await rejected;
      await Promise.all(told.map(({ promise }) => promise));
    },
  },
  {
    name: "tells a handler of a stream how long its caller waits",
    async run(pair) {
      const left: number[] = [];
      await using it = await open(pair, {
        count: async function* (_requests, incoming) {
          left.push(incoming.remainingMs);
          yield echo("");
        },
      });
      using deadline = new Deadline(5_000);
      await texts(it.connection.stream(count, of(echo("")), call({ deadline })));
      await texts(it.connection.stream(count, of(echo("")), call()));
      assert(left[0]! > 3_000 && left[0]! <= 5_001, `${left[0]}`);
      assertEquals(left[1], Infinity);
    },
  },
  {
    name: "sends nothing of a stream that is left before it begins",
    async run(pair) {
      let calls = 0;
      await using it = await open(pair, {
        count: async function* () {
          yield echo(String(calls++));
        },
      });
      const answers = it.connection.stream(count, of(echo("")), call())[Symbol.asyncIterator]();
      assertEquals((await answers.return!()).done, true);
      assertEquals((await answers.next()).done, true);
      await sleep(20);
      assertEquals(calls, 0);
    },
  },
  {
    name: "fails whoever waits for an answer when the stream is left",
    async run(pair) {
      await using it = await open(pair, {
        count: async function* () {
          yield echo("1");
          await hang();
        },
      });
      const answers = it.connection.stream(count, of(echo("")), call())[Symbol.asyncIterator]();
      assertEquals((await answers.next()).done, false);
      const waiting = answers.next();
      await answers.return!();
      assertEquals((await waiting).done, true);
    },
  },
  {
    name: "does not mind an abort after the end",
    async run(pair) {
      await using it = await open(pair, {
        say: (request) => request,
        count: async function* () {
          yield echo("1");
        },
      });
      const controller = new AbortController();
      const { signal } = controller;
      const { text } = await it.connection.unary(say, echo("a"), call({ signal }));
      const all = await texts(it.connection.stream(count, of(echo("")), call({ signal })));
      controller.abort();
      assertEquals([text, all], ["a", ["1"]]);
    },
  },
  {
    name: "tells a handler that waits for requests that its caller has gone",
    async run(pair) {
      const seen = Promise.withResolvers<unknown>();
      await using it = await open(pair, {
        sum: async function* (requests) {
          try {
            for await (const _ of requests) { /* One comes. */ }
          } catch (error) {
            seen.resolve(error);
          }
          yield echo("");
        },
      });
      const controller = new AbortController();
      const requests = (async function* () {
        yield echo("1");
        await sleep(30);
        controller.abort(new Error("enough"));
        await hang();
      })();
      await assertRejects(
        () => texts(it.connection.stream(sum, requests, call({ signal: controller.signal }))),
        Error,
        "enough",
      );
      const error = await seen.promise;
      assert(error instanceof ServiceError && error.code === "canceled", String(error));
    },
  },
  {
    name: "drops an answer that comes too late, and serves on",
    async run(pair) {
      let late = 0;
      await using it = await open(pair, {
        async say(request, incoming) {
          if (request.text === "again") return request;
          await sleep(120);
          incoming.sendHeader(new Metadata({ "x-late": "1" }));
          incoming.trailer.set("x-late", "1");
          late++;
          if (request.text === "fails") throw new ServiceError("internal", "Cannot answer: late");
          return request;
        },
      });
      const { connection } = it;
      for (const text of ["answers", "fails"]) {
        using deadline = new Deadline(40);
        await assertRejects(
          () => connection.unary(say, echo(text), call({ deadline })),
          DeadlineExceededError,
        );
      }
      while (late < 2) await sleep(5);
      assertEquals((await connection.unary(say, echo("again"), call())).text, "again");
    },
  },
]);
