import { assert, assertEquals } from "@std/assert";
import { echo, echoService } from "../../testing/echo_service.ts";
import { call, contract, of, open, sleep } from "../../testing/transport_pair.ts";

const { count, sum } = echoService.methods;

contract([
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
        if (read++ === 3) await sleep(150);
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
            if (++read === 2) await sleep(150);
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
]);
