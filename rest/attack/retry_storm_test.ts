/** Four services in a row, the last of which is down: those before it must not make it worse by trying again. */
import { assert, assertEquals } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { HttpClient } from "../client/http_client.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";

const REQUESTS = 800;
const AT_ONCE = 20;

/** What a tier may see of one request: itself, a tenth of it again, and a little for the floor of the budget. */
const MOST_PER_REQUEST = 1.2;

class Tiers implements AsyncDisposable {
  /** Requests that each tier has seen, the first tier first. */
  readonly seen: number[] = [];
  readonly #stack = new AsyncDisposableStack();
  #first = "";

  /** Starts so many services, the last of which does `last`. */
  static async start(count: number, last: () => Response): Promise<Tiers> {
    const tiers = new Tiers();
    for (let tier = count - 1; tier >= 0; tier--) await tiers.#add(tier, last);
    return tiers;
  }

  client(): HttpClient {
    const options = { baseUrl: this.#first, breakers: false, metrics: false } as const;
    return this.#stack.use(new HttpClient(options));
  }

  async #add(tier: number, last: () => Response): Promise<void> {
    const server = new Server({
      Name: `tier-${tier}`,
      Host: "127.0.0.1",
      Port: 0,
      // Each would end the storm in a way of its own.
      Middlewares: { Shedding: false, Breaker: false },
    }, { log: new MemoryLog() });
    const next = this.#first && this.client();
    this.seen[tier] = 0;
    server.get("/", async () => {
      this.seen[tier]!++;
      return next ? json(await (await next.get("/")).json()) : last();
    });
    await server.start();
    this.#stack.use(server);
    this.#first = `http://127.0.0.1:${server.address.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

async function storm(client: HttpClient): Promise<{ failed: number }> {
  let left = REQUESTS;
  let failed = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) {
      try {
        await (await client.get("/", { retry: false })).json();
      } catch {
        failed++;
      }
    }
  }));
  return { failed };
}

Deno.test("four tiers call the last one no more than 1.2 times for each request when it is down", async () => {
  await using tiers = await Tiers.start(4, () => {
    throw new ServiceError("unavailable", "Cannot answer: it is down");
  });
  const started = performance.now();
  assertEquals((await storm(tiers.client())).failed, REQUESTS);
  const seconds = (performance.now() - started) / 1_000;
  const [first = 0] = tiers.seen;
  assertEquals(first, REQUESTS);
  // What the budget gives whoever calls seldom is no part of the storm.
  const floor = 3 * (seconds + 1);
  for (const seen of tiers.seen) {
    assert(seen - floor <= MOST_PER_REQUEST * REQUESTS, `${tiers.seen} in ${seconds} s`);
  }
});

Deno.test("four tiers try again what fails now and then, so that hardly a caller sees it", async () => {
  let calls = 0;
  await using tiers = await Tiers.start(4, () => {
    if (++calls % 50 === 0) throw new ServiceError("unavailable", "Cannot answer: it stumbled");
    return json("yes");
  });
  const { failed } = await storm(tiers.client());
  assert(failed <= REQUESTS / 100, `${failed} of ${REQUESTS}`);
});
