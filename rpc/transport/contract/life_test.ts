import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { type Echo, echo, echoService } from "../../testing/echo_service.ts";
import {
  call,
  close,
  contract,
  hang,
  of,
  open,
  servedMethods,
  sleep,
  texts,
} from "../../testing/transport_pair.ts";
import type { ConnectionState } from "../transport.ts";

const { say, count } = echoService.methods;

contract([
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
      await sleep(30);
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
      const { client, server, address } = pair;
      // A port that is free now and taken later.
      const probe = await server.listen([], address);
      const where = probe.address;
      await probe.drain();
      const connection = client.open(where);
      using deadline = new Deadline(5_000);
      const answer = connection.unary(say, echo("a"), call({ deadline, waitForReady: true }));
      await sleep(50);
      const listener = await server.listen(
        [{ kind: "unary", method: say, handle: (request) => request }],
        where,
      );
      assertEquals((await answer).text, "a");
      await close(pair, listener, connection);
    },
  },
  {
    name: "fails calls in flight when the connection is closed",
    async run(pair) {
      const told = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      await using it = await open(pair, {
        say(_request, incoming) {
          incoming.onCancel(told.resolve);
          begun.resolve();
          return hang();
        },
      });
      const answer = assertRejects(
        () => it.connection.unary(say, echo(""), call()),
        ServiceError,
      );
      await begun.promise;
      await it.connection[Symbol.asyncDispose]();
      assertEquals((await answer).code, "canceled");
      await told.promise;
    },
  },
  {
    name: "ends a drain that waits for a call without an end when it is closed",
    async run(pair) {
      const begun = Promise.withResolvers<void>();
      await using it = await open(pair, {
        count: async function* () {
          begun.resolve();
          yield await hang();
        },
      });
      const answer = assertRejects(
        () => texts(it.connection.stream(count, of(echo("")), call())),
        ServiceError,
      );
      await begun.promise;
      const drains = [it.listener.drain(), it.listener.drain()];
      await sleep(20);
      it.listener.close();
      it.listener.close();
      assertEquals((await answer).code, "unavailable");
      await Promise.all([...drains, it.listener.drain()]);
    },
  },
  {
    name: "does not wait for a handler whose caller has gone when it drains",
    async run(pair) {
      const begun = Promise.withResolvers<void>();
      await using it = await open(pair, {
        say() {
          begun.resolve();
          return hang();
        },
      });
      const controller = new AbortController();
      const { signal } = controller;
      const answer = assertRejects(() => it.connection.unary(say, echo(""), call({ signal })));
      await begun.promise;
      controller.abort();
      await answer;
      await it.connection[Symbol.asyncDispose]();
      await it.listener.drain();
    },
  },
  {
    name: "tells of its state",
    async run(pair) {
      await using it = await open(pair, { say: (request) => request });
      const { connection, listener } = it;
      await connection.unary(say, echo(""), call());
      assertEquals(connection.state, "ready");
      const states: ConnectionState[] = [];
      using _watching = connection.watch((state) => states.push(state));
      connection.watch(() => states.push("closed"))[Symbol.dispose](); // It is not told any more.
      listener.close();
      for (let tries = 0; states.length === 0 && tries < 100; tries++) await sleep(5);
      assert(states.length > 0 && connection.state !== "ready", `${states}`);
      states.length = 0;
      await connection[Symbol.asyncDispose]();
      assertEquals([states.at(-1), connection.state], ["closed", "closed"]);
    },
  },
  {
    name: "finds a server that was there before again",
    async run(pair) {
      await using it = await open(pair, { say: () => echo("first") });
      const { connection, listener } = it;
      assertEquals((await connection.unary(say, echo(""), call())).text, "first");
      listener.close();
      await listener.drain();
      const methods = servedMethods({ say: () => echo("second") });
      const again = await pair.server.listen(methods, listener.address);
      using deadline = new Deadline(5_000);
      const answer = await connection.unary(say, echo(""), call({ deadline, waitForReady: true }));
      assertEquals(answer.text, "second");
      again.close();
    },
  },
  {
    name: "does not listen where somebody does",
    async run(pair) {
      await using it = await open(pair, {});
      const error = await assertRejects(
        () => pair.server.listen([], it.listener.address),
        ServiceError,
      );
      assertEquals(error.code, "failed_precondition");
      assert(error.message.includes("in use"), error.message);
    },
  },
]);
