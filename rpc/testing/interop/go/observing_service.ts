/**
 * A test service that tells what reached it.
 *
 * @module
 */

import { systemClock } from "../../../../core/clock.ts";
import { Metadata } from "../../../metadata.ts";
import type { Implementation } from "../../../server/handler.ts";
import type { TestServiceMethods } from "../test.gen.ts";
import { testService } from "../test_service.ts";

/** The test service of an instance of that name. Its unary call sleeps when asked to. */
export function observingService(name: string): Implementation<TestServiceMethods> {
  return {
    ...testService,
    async unaryCall(request, context) {
      const seen = new Metadata({ "x-instance": name, "x-seen-trace": context.traceId });
      const leftMs = context.deadline?.remainingMs;
      if (leftMs !== undefined) seen.set("x-seen-deadline-ms", String(Math.round(leftMs)));
      const tag = context.header("x-tag");
      if (tag !== undefined) seen.set("x-seen-tag", tag);
      // Headers are sent once, and a test of gRPC wants its own.
      if (!context.header("x-grpc-test-echo-initial")) context.sendHeader(seen);
      const sleepMs = Number(context.header("x-sleep-ms") ?? 0);
      if (sleepMs > 0) {
        await systemClock.sleep(sleepMs, { signal: context.signal, keepAlive: true });
      }
      return await testService.unaryCall(request, context);
    },
  };
}
