import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import { echo, echoService } from "../../testing/echo_service.ts";
import { call, contract, of, open, sleep, texts } from "../../testing/transport_pair.ts";

const { say, chat } = echoService.methods;

contract([
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
        say: ({ text }) => sleep(20).then(() => echo(text)),
      });
      assertEquals((await it.connection.unary(say, echo("a"), call())).text, "a");
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
        const { code, message } = await assertRejects(run, ServiceError);
        assertEquals(code, "unimplemented");
        assert(message.includes(say.path) || message.includes(chat.path), message);
      }
    },
  },
  {
    name: "is unavailable where nobody listens",
    async run(pair) {
      const connection = pair.client.open("127.0.0.1:1");
      for (
        const run of [
          () => connection.unary(say, echo(""), call()),
          () => texts(connection.stream(chat, of(echo("")), call())),
        ]
      ) {
        assertEquals((await assertRejects(run, ServiceError)).code, "unavailable");
      }
      await connection[Symbol.asyncDispose]();
      await sleep(150); // It waits before it finds that nobody wants it.
    },
  },
  {
    name: "keeps many calls apart",
    async run(pair) {
      await using it = await open(pair, {
        say: async ({ text, number }) => {
          await sleep(number);
          return echo(text);
        },
      });
      const names = Array.from({ length: 300 }, (_, i) => `call ${i}`);
      const answers = names.map((text, i) =>
        it.connection.unary(say, echo(text, i * 7 % 20), call())
      );
      assertEquals((await Promise.all(answers)).map(({ text }) => text), names);
    },
  },
  {
    name: "carries a large message",
    async run(pair) {
      await using it = await open(pair, { say: (request) => request });
      const payload = new Uint8Array(3 << 20).map((_, i) => i);
      const answer = await it.connection.unary(say, { text: "", number: 0, payload }, call());
      assertEquals(answer.payload, payload);
    },
  },
]);
