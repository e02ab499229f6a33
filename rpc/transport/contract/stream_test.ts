import { assertEquals } from "@std/assert";
import type { Metadata } from "../../metadata.ts";
import { echo, echoService } from "../../testing/echo_service.ts";
import { call, contract, of, open, sleep, texts } from "../../testing/transport_pair.ts";

const { count, sum, chat } = echoService.methods;

contract([
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
            await sleep(1);
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
    name: "answers each of several who ask at once",
    async run(pair) {
      await using it = await open(pair, {
        count: async function* () {
          for (const text of ["1", "2", "3"]) {
            await sleep(1);
            yield echo(text);
          }
        },
      });
      const answers = it.connection.stream(count, of(echo("")), call())[Symbol.asyncIterator]();
      const asked = Array.from({ length: 4 }, () => answers.next());
      assertEquals((await Promise.all(asked)).map(({ done, value }) => done || value.text), [
        "1",
        "2",
        "3",
        true,
      ]);
    },
  },
  {
    name: "lets a handler answer without reading, and read after it has answered",
    async run(pair) {
      const read: string[] = [];
      await using it = await open(pair, {
        chat: async function* (requests) {
          yield echo("first");
          for await (const { text } of requests) read.push(text);
          yield echo("last");
        },
      });
      assertEquals(await texts(it.connection.stream(chat, of(echo("a"), echo("b")), call())), [
        "first",
        "last",
      ]);
      assertEquals(read, ["a", "b"]);
    },
  },
  {
    name: "carries thousands of messages in order",
    async run(pair) {
      await using it = await open(pair, {
        chat: async function* (requests) {
          for await (const request of requests) yield request;
        },
      });
      const requests = (async function* () {
        for (let i = 0; i < 3_000; i++) yield echo("", i);
      })();
      let next = 0;
      for await (const { number } of it.connection.stream(chat, requests, call())) {
        assertEquals(number, next++);
      }
      assertEquals(next, 3_000);
    },
  },
]);
