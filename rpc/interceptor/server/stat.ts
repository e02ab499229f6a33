/**
 * One line for each call, and figures of each minute for the log.
 *
 * @module
 */

import { truncateText } from "../../../core/log/truncate.ts";
import { reasonOf, ValueRenderer } from "../../../core/log/value_renderer.ts";
import type { RequestStats } from "../../../core/stat/request_stats.ts";
import type { MethodInfo } from "../../method.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";

/** Options for {@link stat}. */
export interface StatOptions {
  /** The time after which a call of this method is logged as slow, in ms; 500 if it is 0 or less. @default {500} */
  slowMsOf?: (method: MethodInfo) => number;
  /** Methods whose requests are not shown, by path. @default {none} */
  ignoreContent?: ReadonlySet<string>;
  /** Names of fields that are masked, besides those that sound secret. @default {none} */
  sensitiveKeys?: readonly string[];
}

/** Bytes of a request that are shown; of a longer one its beginning. */
const MAX_SHOWN_BYTES = 4096;

/**
 * Adds the time of each call of one message to `stats`, and writes a line with its caller, method and request. Fields whose
 * names sound secret are masked. A method that is in `ignoreContent` has a line only when it was slow.
 */
export function stat(stats: RequestStats, options: StatOptions = {}): ServerInterceptor {
  const { slowMsOf = () => 500, ignoreContent = new Set(), sensitiveKeys } = options;
  const renderer = new ValueRenderer(sensitiveKeys);
  return {
    unary: (next, method) => {
      const slowMs = slowMsOf(method);
      const limitMs = slowMs > 0 ? slowMs : 500;
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
  const text = JSON.stringify(renderer.value(method.input.toJson(request)));
  const shown = truncateText(text, MAX_SHOWN_BYTES);
  return shown.length < text.length ? `${shown}… (${text.length} characters)` : text;
}
