/** Streams as callers use them, over both transports. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { P2cBalancer } from "../balancer/p2c.ts";
import { type Echo, echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import type { RpcClientConfInput } from "./config.ts";
import type { ClientInterceptor } from "./handler.ts";
import type { Instance } from "./instance.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

/** Requests that note whether whoever takes them has let them go. */
function watched(make: () => AsyncGenerator<Echo>) {
  const seen = { isLeft: false };
  const requests = async function* () {
    try {
      yield* make();
    } finally {
      seen.isLeft = true;
    }
  };
  return { seen, requests: requests() };
}

async function* forEver() {
  for (let i = 0;; i++) {
    yield echo("", i);
    await sleep(1);
  }
}

for (const kind of ["inproc", "grpc_js"] as const) {
  /** A pair whose client says how many calls are in flight, and whose server counts those that were left. */
  const open = async (config: RpcClientConfInput = {}, interceptors: ClientInterceptor[] = []) => {
    const server = { begun: 0, left: 0 };
    const balancer = new P2cBalancer<Instance>();
    const pair = await openPair(kind, {
      handlers: {
        async *count(request, { signal }) {
          server.begun++;
          signal.addEventListener("abort", () => server.left++);
          for (let i = 1; request.number === 0 || i <= request.number; i++) {
            yield echo("", i);
            await sleep(1);
          }
        },
        async *chat(requests, { signal }) {
          server.begun++;
          signal.addEventListener("abort", () => server.left++);
          yield* requests;
        },
        async sum(requests, { signal }) {
          server.begun++;
          signal.addEventListener("abort", () => server.left++);
          return echo("", (await Array.fromAsync(requests)).length);
        },
      },
      client: config,
      clientOptions: { balancer, interceptors },
    });
    return Object.assign(pair, {
      seen: server,
      figures: () => balancer.figures()[0],
      inFlight: () => balancer.figures()[0]?.inFlight,
    });
  };

  Deno.test(`over ${kind} leaving the loop cancels the call`, async () => {
    await using it = await open();
    for await (const { number } of it.stub.count(echo(""))) if (number === 3) break;
    await eventually("the cancel", () => it.seen.left === 1);
    assertEquals(it.inFlight(), 0);
  });

  Deno.test(`over ${kind} a stream that nobody reads is never begun`, async () => {
    let intercepted = 0;
    await using it = await open({}, [{
      stream: (next) => (requests, call) => {
        intercepted++;
        return next(requests, call);
      },
    }]);
    const { seen, requests } = watched(forEver);
    it.stub.count(echo("", 3));
    it.stub.chat(requests);
    await sleep(50);
    assertEquals([it.seen.begun, intercepted, it.inFlight(), seen.isLeft], [0, 0, 0, false]);
  });

  Deno.test(`over ${kind} a stream that is read twice is two calls, and both are given back`, async () => {
    await using it = await open();
    const answers = it.stub.count(echo("", 3));
    const both = await Promise.all([Array.fromAsync(answers), Array.fromAsync(answers)]);
    assertEquals(both.map(({ length }) => length), [3, 3]);
    assertEquals([it.seen.begun, it.inFlight()], [2, 0]);
  });

  Deno.test(`over ${kind} a stream counts by its first answer, however long it is read`, async () => {
    await using it = await open();
    for await (const { number } of it.stub.count(echo("", 5))) if (number === 1) await sleep(300);
    assert(it.figures()!.lagMs < 200, `${it.figures()!.lagMs}`);
  });

  Deno.test(`over ${kind} who makes requests is let go when the reader leaves`, async () => {
    await using it = await open();
    const { seen, requests } = watched(forEver);
    for await (const { number } of it.stub.chat(requests)) if (number === 2) break;
    await eventually("the requests to be left", () => seen.isLeft);
    await eventually("the cancel", () => it.seen.left === 1);
  });

  for (const method of ["chat", "sum"] as const) {
    Deno.test(`over ${kind} requests of ${method} that fail cancel the call, and their error is thrown`, async () => {
      await using it = await open();
      const broken = new ServiceError("data_loss", "Cannot read file: disk broken");
      const requests = async function* () {
        yield echo("", 1);
        await sleep(20);
        throw broken;
      };
      const run = async () => {
        if (method === "sum") await it.stub.sum(requests());
        else await Array.fromAsync(it.stub.chat(requests()));
      };
      assert(await assertRejects(run) === broken);
      await eventually("the cancel", () => it.seen.left === 1);
      assertEquals(it.inFlight(), 0);
    });
  }

  Deno.test(`over ${kind} a stream has no time limit but its own`, async () => {
    const { path } = echoService.methods.count;
    const limit = { Timeout: 30, MethodTimeouts: [{ FullMethod: path, Timeout: 80 }] };
    await using unlimited = await open({ Timeout: 30 });
    assert((await Array.fromAsync(unlimited.stub.count(echo("", 60)))).length === 60);
    await using it = await open(limit);
    const error = await assertRejects(
      () => Array.fromAsync(it.stub.count(echo("", 0))),
      ServiceError,
    );
    assertEquals(error.code, "deadline_exceeded");
    await eventually("the cancel", () => it.seen.left === 1);
    // Of a single call, whatever the method's is.
    await Array.fromAsync(it.stub.count(echo("", 100), { timeoutMs: 10_000 }));
  });

  Deno.test(`over ${kind} a call with metadata that cannot be sent rejects, and does not throw`, async () => {
    await using it = await open();
    const call = it.stub.say(echo(""), { metadata: { "not a name": "x" } });
    await assertRejects(() => call, SyntaxError);
  });
}
