/**
 * A line for each call that fails or is slow.
 *
 * @module
 */

import type { Logger } from "../../../core/log/logger.ts";
import { reasonOf, ValueRenderer } from "../../../core/log/value_renderer.ts";
import type { ClientCall } from "../../client/client_call.ts";
import type { ClientInterceptor } from "../../client/handler.ts";
import type { MessageType } from "../../method.ts";

/** Options for {@link duration}. */
export interface DurationOptions {
  /** Where lines go. */
  log: Logger;
  /** A call that took longer, in ms, is slow. @default {500} */
  slowMs?: number | undefined;
  /** Methods whose messages are not shown, by path. @default {none} */
  ignoreContent?: ReadonlySet<string> | undefined;
}

/** Writes a line for each call of one message that fails or is slow. Fields whose names sound secret are masked. */
export function duration(options: DurationOptions): ClientInterceptor {
  const { log, slowMs = 500, ignoreContent = new Set() } = options;
  const renderer = new ValueRenderer();
  const shown = (messages: MessageType<unknown>, message: unknown) => {
    try {
      return JSON.stringify(renderer.value(messages.toJson(message)));
    } catch (error) {
      return reasonOf(error);
    }
  };
  return {
    unary: (next, method) => {
      const hides = ignoreContent.has(method.path);
      const { input, output } = method;
      const succeeded = (request: unknown, answer: unknown, call: ClientCall) => {
        const { tookMs } = call;
        if (tookMs <= slowMs) return;
        const content = hides ? "" : ` - ${shown(input, request)} - ${shown(output, answer)}`;
        log.withDuration(tookMs).slow(`[RPC] ok - slowcall - ${calleeOf(call)}${content}`);
      };
      const failed = (request: unknown, error: unknown, call: ClientCall) => {
        const { tookMs } = call;
        const content = hides ? "" : ` - ${shown(input, request)}`;
        const line = `fail - ${calleeOf(call)}${content} - ${reasonOf(error)}`;
        log.withDuration(tookMs).error(line);
      };
      return (request, call) => {
        const result = next(request, call);
        result.then(
          (answer) => succeeded(request, answer, call),
          (error) => failed(request, error, call),
        );
        return result;
      };
    },
  };
}

/** Target and method, as breakers and lines of go-zero name them. */
export function calleeOf({ target, method }: Pick<ClientCall, "target" | "method">): string {
  return `${target}${method.path}`.replace(/\/{2,}/g, "/");
}
