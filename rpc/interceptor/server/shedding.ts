/**
 * Overload is shed, not suffered.
 *
 * @module
 */

import { OverloadedError } from "../../../core/load/errors.ts";
import type { Shedder, ShedderToken } from "../../../core/load/shedder.ts";
import type { SheddingStat } from "../../../core/load/shedding_stat.ts";
import type { MethodInfo } from "../../method.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { refuse } from "./failure.ts";

/**
 * Refuses calls of one message while the process has more in hand than it can do in time. Calls that fail say nothing of
 * what it can carry.
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
        const token = shedder.tryAllow() ?? refused(shedder, stat, context);
        let result: unknown;
        try {
          result = next(request, context);
        } catch (error) {
          token.fail();
          throw error;
        }
        const passed = () => pass(token, stat);
        if (result instanceof Promise) result.then(passed, () => token.fail());
        else passed();
        return result;
      };
    },
  };
}

function pass(token: ShedderToken, stat: SheddingStat): void {
  token.pass();
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
