/**
 * One line for each call, and figures of each minute for the log.
 *
 * @module
 */

import { ValueRenderer } from "../../../core/log/value_renderer.ts";
import { reasonOf } from "../../../core/log/value_renderer.ts";
import type { RequestStats } from "../../../core/stat/request_stats.ts";
import type { MethodInfo } from "../../method.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";

/** Options for {@link stat}. */
export interface StatOptions {
  /** A call that took longer, in ms, is logged as slow. @default {500} */
  slowMs?: number;
  /** Methods whose requests are not shown, by path. @default {none} */
  ignoreContent?: ReadonlySet<string>;
}

/**
 * Adds the time of each call of one message to `stats`, and writes a line with its caller, method and request. Fields whose
 * names sound secret are masked. A method that is in `ignoreContent` has a line only when it was slow.
 */
export function stat(stats: RequestStats, options: StatOptions = {}): ServerInterceptor {
  const { slowMs = 500, ignoreContent = new Set() } = options;
  const limitMs = slowMs > 0 ? slowMs : 500;
  const renderer = new ValueRenderer();
  return {
    unary: (next, method) => {
      const shown = !ignoreContent.has(method.path);
      const done = (request: unknown, context: RpcContext) => {
        const { log } = context.environment;
        const durationMs = context.answeredMs - context.startedMs;
        stats.add(durationMs);
        const isSlow = durationMs > limitMs;
        if (isSlow || shown && log.enabled("info")) {
          write(request, context, { durationMs, isSlow, shown, renderer });
        }
      };
      return (request, context) => {
        let result: unknown;
        try {
          result = next(request, context);
        } catch (error) {
          done(request, context);
          throw error;
        }
        if (result instanceof Promise) {
          const settled = () => done(request, context);
          result.then(settled, settled);
        } else done(request, context);
        return result;
      };
    },
  };
}

interface Line {
  readonly durationMs: number;
  readonly isSlow: boolean;
  readonly shown: boolean;
  readonly renderer: ValueRenderer;
}

function write(request: unknown, context: RpcContext, line: Line): void {
  const { method, peer } = context;
  const { durationMs, isSlow, shown, renderer } = line;
  const log = context.log.withDuration(durationMs);
  let content = "";
  try {
    if (shown) content = ` - ${shownRequest(method, request, renderer)}`;
  } catch (error) {
    log.error(`${peer} - ${reasonOf(error)}`);
    return;
  }
  if (isSlow) log.slow(`[RPC] slowcall - ${peer} - ${method.path}${content}`);
  else log.info(`${peer} - ${method.path}${content}`);
}

function shownRequest(method: MethodInfo, request: unknown, renderer: ValueRenderer): string {
  return JSON.stringify(renderer.value(method.input.toJson(request)));
}
