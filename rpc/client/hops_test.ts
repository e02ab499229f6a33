/** Calls that a handler makes for its caller. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { type Echo, echo, type EchoMethods } from "../testing/echo_service.ts";
import { openPair, type Pair, type PairKind } from "../testing/pair.ts";
import type { Stub } from "./handler.ts";

/** How a handler calls on. */
const WAYS: Readonly<
  Record<string, (behind: Stub<EchoMethods>, request: Echo) => Promise<unknown>>
> = {
  "a call": (behind, request) => behind.say(request),
  "a call that may be made again": (behind, request) => behind.look(request),
  "a stream of answers": (behind, request) => Array.fromAsync(behind.count(request)),
  "a stream of requests": (behind, request) => behind.sum([request]),
};

/** A server whose handlers never answer, and one before it whose handler calls it. */
async function openHops(kind: PairKind, call: typeof WAYS[string]) {
  const seen = { begun: 0, canceled: 0, leftMs: [] as number[], frontEnded: 0 };
  const hang = (
    { signal, deadline }: { signal: AbortSignal; deadline?: { remainingMs: number } },
  ) => {
    seen.begun++;
    seen.leftMs.push(deadline?.remainingMs ?? Infinity);
    signal.addEventListener("abort", () => seen.canceled++);
    return new Promise<never>(() => {});
  };
  const back = await openPair(kind, {
    server: { Timeout: 0 },
    client: { Timeout: 20_000 },
    handlers: {
      say: (_, context) => hang(context),
      look: (_, context) => hang(context),
      async *count(_, context) {
        yield echo("first");
        await hang(context);
      },
      sum: (_, context) => hang(context),
    },
  });
  const front: Pair = await openPair(kind, {
    server: { Timeout: 0 },
    handlers: {
      say: async (request) => {
        try {
          await call(back.stub, request);
        } finally {
          seen.frontEnded++;
        }
        return request;
      },
    },
  });
  return {
    seen,
    stub: front.stub,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await back[Symbol.asyncDispose]();
    },
  };
}

for (const kind of ["inproc", "grpc_js"] as const) {
  for (const [what, call] of Object.entries(WAYS)) {
    Deno.test(`over ${kind} ${what} for a caller that goes is canceled, two hops away`, async () => {
      await using it = await openHops(kind, call);
      const controller = new AbortController();
      const options = { signal: controller.signal, timeoutMs: 20_000 };
      const gone = assertRejects(() => it.stub.say(echo(""), options));
      await eventually("the second hop", () => it.seen.begun === 1);
      controller.abort();
      await gone;
      const tookMs = await eventually("the cancel", () => it.seen.canceled === 1);
      assert(tookMs < 500, `took ${tookMs} ms`);
      await eventually("the end of the handler", () => it.seen.frontEnded === 1);
    });

    Deno.test(`over ${kind} ${what} ends with the time of the first caller, two hops away`, async () => {
      await using it = await openHops(kind, call);
      const startedMs = systemClock.now();
      await assertRejects(() => it.stub.say(echo(""), { timeoutMs: 300 }), DeadlineExceededError);
      assert(systemClock.now() - startedMs < 800);
      await eventually("the cancel", () => it.seen.canceled === 1);
      const [leftMs] = it.seen.leftMs;
      assert(leftMs! > 0 && leftMs! <= 300, `${leftMs} ms were left`);
      assertEquals(it.seen.begun, 1);
    });
  }
}
