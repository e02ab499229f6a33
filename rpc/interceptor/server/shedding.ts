/**
 * Overload is shed, not suffered.
 *
 * @module
 */

import { OverloadedError } from "../../../core/load/errors.ts";
import type { Shedder, ShedderToken } from "../../../core/load/shedder.ts";
import type { SheddingStat } from "../../../core/load/shedding_stat.ts";
import { isAcceptable } from "../../acceptable.ts";
import type { MethodInfo } from "../../method.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { callError, refuse } from "./failure.ts";

/**
 * Refuses calls of one message while the process has more in hand than it can do in time. Calls that the service could not do
 * say nothing of what it can carry; an answer that says no is an answer.
 *
 * The status is `unavailable`, with the reason `overloaded` in its details: a caller may try another instance.
 */
export function shedding(
  shedderOf: (method: MethodInfo) => Shedder,
  stat: SheddingStat,
): ServerInterceptor {
  return {
    unary: (next, method) => {
      const shedder = shedderOf(method);
      return (request, context) => {
        stat.incrementTotal();
        const token = shedder.tryAllow(undefined, context.startedMs) ??
          refused(shedder, stat, context);
        const passed = () => pass(token, stat, context);
        const failed = (thrown: unknown) => {
          if (isAcceptable(callError(thrown))) passed();
          else token.fail();
        };
        let result: unknown;
        try {
          result = next(request, context);
        } catch (thrown) {
          failed(thrown);
          throw thrown;
        }
        if (result instanceof Promise) result.then(passed, failed);
        else passed();
        return result;
      };
    },
  };
}

function pass(token: ShedderToken, stat: SheddingStat, context: RpcContext): void {
  token.pass(context.answeredMs);
  stat.incrementPass();
}

function refused(shedder: Shedder, stat: SheddingStat, context: RpcContext): never {
  stat.incrementDrop();
  const report = shedder.explain();
  const error = new OverloadedError(
    `Cannot take call: overloaded, ${Math.round(report.lagMs)} ms behind`,
    { report, retryAfterMs: Math.max(1000, report.retryAfterMs) },
  );
  throw refuse(error, "shedding", report, context);
}
