import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import { echo, echoService } from "../../testing/echo_service.ts";
import {
  call,
  contract,
  type ContractCase,
  hang,
  of,
  open,
  sleep,
  texts,
} from "../../testing/transport_pair.ts";

const { say, count, sum, chat } = echoService.methods;

contract([
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
      await sleep(20);
      assert(seen instanceof ServiceError && seen.code === "canceled", String(seen));
    },
  },
  ...[undefined, null, "text", 42, new TypeError("secret"), Object.freeze({ code: 5 })].map((
    thrown,
  ): ContractCase => ({
    name: `answers with a status when a handler throws ${String(thrown)}`,
    async run(pair) {
      await using it = await open(pair, {
        say: () => {
          throw thrown;
        },
        count: () => {
          throw thrown;
        },
        // deno-lint-ignore require-yield -- It throws where it would yield.
        sum: async function* (requests) {
          for await (const _ of requests) throw thrown;
        },
        chat: async function* () {
          yield echo("1");
          throw thrown;
        },
      });
      const { connection } = it;
      const runs = [
        () => connection.unary(say, echo(""), call()),
        ...[count, sum, chat].map((method) => () =>
          texts(connection.stream(method, of(echo("")), call()))
        ),
      ];
      for (const run of runs) {
        const error = await assertRejects(run, ServiceError);
        assertEquals([error.code, error.message.includes("secret")], ["unknown", false]);
      }
    },
  })),
  {
    name: "calls all listeners for a cancel though one throws",
    async run(pair) {
      const told = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      await using it = await open(pair, {
        say(request, incoming) {
          if (request.text === "again") return request;
          incoming.onCancel(() => {
            throw new Error("of the listener");
          });
          incoming.onCancel(told.resolve);
          begun.resolve();
          return hang();
        },
      });
      const controller = new AbortController();
      const { signal } = controller;
      const rejected = assertRejects(() => it.connection.unary(say, echo(""), call({ signal })));
      await begun.promise;
      controller.abort();
      await rejected;
      await told.promise;
      assertEquals((await it.connection.unary(say, echo("again"), call())).text, "again");
    },
  },
  ...(["onHeader", "onTrailer"] as const).map((told): ContractCase => ({
    name: `fails a call whose ${told} throws, and no other`,
    async run(pair) {
      await using it = await open(pair, {
        say: (request) => request,
        count: async function* () {
          yield echo("1");
        },
      });
      const parts = {
        [told]: () => {
          throw new RangeError("of the caller");
        },
      };
      const { connection } = it;
      await assertRejects(() => connection.unary(say, echo(""), call(parts)), RangeError);
      await assertRejects(
        () => texts(connection.stream(count, of(echo("")), call(parts))),
        RangeError,
      );
      assertEquals((await connection.unary(say, echo("a"), call())).text, "a");
    },
  })),
  {
    name: "leaves a handler that cannot be left, or throws when it is",
    async run(pair) {
      const left = Promise.withResolvers<void>();
      await using it = await open(pair, {
        count: () => ({
          [Symbol.asyncIterator]: () => ({
            next: () => sleep(1).then(() => ({ done: false, value: echo("1") })),
          }),
        }),
        chat: () => ({
          [Symbol.asyncIterator]: () => ({
            next: () => sleep(1).then(() => ({ done: false, value: echo("1") })),
            return() {
              left.resolve();
              throw new Error("of the handler");
            },
          }),
        }),
      });
      for (const method of [count, chat]) {
        for await (const { text } of it.connection.stream(method, of(echo("")), call())) {
          assertEquals(text, "1");
          break;
        }
      }
      await left.promise;
    },
  },
  {
    name: "is not held up by requests that cannot be left",
    async run(pair) {
      await using it = await open(pair, {
        chat: async function* () {
          yield echo("1");
        },
      });
      for (
        const leave of [hang, () => Promise.reject(new Error("no")), () => {
          throw new Error("no");
        }]
      ) {
        const requests = { [Symbol.asyncIterator]: () => ({ next: hang, return: leave }) };
        assertEquals(await texts(it.connection.stream(chat, requests, call())), ["1"]);
      }
    },
  },
  {
    name: "fails a call of a client's stream that was given no answer",
    async run(pair) {
      await using it = await open(pair, { sum: async function* () {} });
      const error = await assertRejects(
        () => texts(it.connection.stream(sum, of(echo("")), call())),
        ServiceError,
      );
      assertEquals(error.code, "internal");
    },
  },
  {
    name: "takes the first answer to a client's stream, and no more",
    async run(pair) {
      const left = Promise.withResolvers<void>();
      await using it = await open(pair, {
        sum: async function* () {
          try {
            yield echo("1");
            yield echo("2");
          } finally {
            left.resolve();
          }
        },
      });
      assertEquals(await texts(it.connection.stream(sum, of(echo("")), call())), ["1"]);
      await left.promise;
    },
  },
]);
