import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
import { spanContext } from "../../core/trace/active_tracer.ts";
import { guard } from "../interceptor/server/guard.ts";
import { Metadata } from "../metadata.ts";
import { ChainBed } from "../testing/chain_bed.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import type { RpcContext } from "./context.ts";

const { say, count } = echoService.methods;

Deno.test("RpcContext sends its header ahead of the first answer, and its trailer with the status", async () => {
  using bed = new ChainBed({
    interceptors: [{
      unary: (next) => (request, context) => {
        context.responseHeader.append("a", "interceptor");
        return next(request, context);
      },
      stream: (next) => (requests, context) => {
        context.responseHeader.append("a", "interceptor");
        return next(requests, context);
      },
    }],
    handlers: {
      say: ({ text }, context) => {
        context.responseHeader.append("a", "handler");
        context.trailer.set("b", "1");
        if (text === "fail") throw new ServiceError("aborted", "no");
        if (text === "now") context.sendHeader(new Metadata({ c: "1" }));
        return echo("");
      },
      async *count(_request, context) {
        context.responseHeader.append("a", "handler");
        yield echo("1");
        context.responseHeader.append("late", "1");
        yield echo("2");
      },
    },
  });
  const both: [string, unknown][] = [["a", "interceptor"], ["a", "handler"]];
  for (const text of ["", "fail"]) {
    const { call, answer } = bed.call(say, echo(text));
    await answer.catch(() => {});
    assertEquals([call.headers, [...call.trailer]], [[both], [["b", "1"]]]);
  }
  const { call, answer } = bed.call(say, echo("now"));
  await answer;
  assertEquals(call.headers, [[...both, ["c", "1"]]]);
  const streamed = bed.stream(count, [echo("")]);
  const seen: number[] = [];
  for await (const _ of streamed.answer) seen.push(streamed.call.headers.length);
  assertEquals([seen, streamed.call.headers], [[1, 1], [both]]);
});

Deno.test("RpcContext sends no header where there is none, or nobody to send it to", async () => {
  using bed: ChainBed = new ChainBed({
    handlers: {
      say: async (request, context) => {
        context.responseHeader.set("a", "1");
        await bed.clock.sleep(10);
        return request;
      },
    },
  });
  const plain = bed.call(echoService.methods.look);
  await plain.answer;
  const { call, answer } = bed.call(say);
  const ended = answer.catch(({ code }) => code);
  call.cancel();
  assertEquals([plain.call.headers, call.headers, await ended], [[], [], "canceled"]);
  await bed.clock.advance(20);
});

Deno.test("RpcContext aborts its signal when its caller goes, once, and not after the end", async () => {
  const signals: AbortSignal[] = [];
  using bed: ChainBed = new ChainBed({
    handlers: {
      say: (request, { signal }) => {
        signals.push(signal);
        return bed.clock.sleep(10).then(() => request);
      },
    },
  });
  const gone = bed.call(say), done = bed.call(say);
  const ended = gone.answer.catch(({ code }) => code);
  gone.call.cancel();
  await bed.clock.advance(20);
  assertEquals([await ended, (await done.answer) !== undefined], ["canceled", true]);
  assertEquals(signals.map(({ aborted }) => aborted), [true, false]);
  assertEquals(signals[0]?.reason.name, "AbortError");
  assertEquals(bed.environment.live.size, 0);
});

Deno.test("RpcContext lifts its deadline once it is answered, for work that goes on, and keeps the trace", async () => {
  const later = Promise.withResolvers<void>();
  const seen = Promise.withResolvers<unknown>();
  let context: RpcContext | undefined;
  using bed: ChainBed = new ChainBed({
    handlers: {
      say: async (request, given) => {
        await undefined;
        context = given;
        const { traceId } = spanContext()!;
        later.promise.then(() =>
          seen.resolve([currentDeadline(), spanContext()?.traceId === traceId])
        );
        return request;
      },
    },
  });
  await bed.call(say).answer;
  later.resolve();
  assertEquals(await seen.promise, [undefined, true]);
  assertEquals([context!.signal.aborted, bed.environment.live.size], [false, 0]);
});

Deno.test("RpcContext keeps what interceptors leave for those further in", async () => {
  const USER = Symbol("user");
  let seen: unknown;
  using bed = new ChainBed({
    interceptors: [guard((context) => void context.state.set(USER, "ann"))],
    handlers: {
      say: (request, { state, peer, method }) => {
        seen = [state.get(USER), peer, method.path];
        return request;
      },
    },
  });
  await bed.say();
  assertEquals(seen, ["ann", "10.0.0.9:5000", say.path]);
});

Deno.test("guard() checks calls of both kinds, at once or later", async () => {
  for (const later of [false, true]) {
    const refuse = () => {
      throw new ServiceError("permission_denied", "no");
    };
    let begun = 0;
    using bed = new ChainBed({
      interceptors: [guard(later ? () => Promise.resolve().then(refuse) : refuse)],
      handlers: {
        say: (request) => {
          begun++;
          return request;
        },
        async *count() {
          begun++;
          yield echo("");
        },
      },
    });
    const runs = [() => bed.say(), () => Array.fromAsync(bed.stream(count, [echo("")]).answer)];
    for (const run of runs) {
      assertEquals((await assertRejects(run, ServiceError)).code, "permission_denied");
    }
    assertEquals(begun, 0);
  }
});

Deno.test("RpcContext passes on whether its caller records the trace, where nobody does here", async () => {
  for (const flags of ["00", "01"]) {
    let seen: unknown;
    using bed = new ChainBed({
      handlers: {
        say: (request, { span: { traceId, sampled, traceState }, log }) => {
          seen = [traceId, sampled, traceState];
          log.info("within");
          return request;
        },
      },
    });
    const id = "0af7651916cd43dd8448eb211c80319c";
    await bed.say("", {
      metadata: { traceparent: `00-${id}-b7ad6b7169203331-${flags}`, tracestate: "a=b" },
    });
    assertEquals(seen, [id, flags === "01", "a=b"]);
    assertEquals(bed.log.records[0]?.fields.trace, id);
  }
});
