/**
 * The boundary between what is thrown and what callers are told.
 *
 * @module
 */

import type { ServiceError } from "../../../core/errors.ts";
import { reasonOf } from "../../../core/log/value_renderer.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { watchStream } from "../../watched_stream.ts";
import { callError, UnexpectedError } from "./failure.ts";

/**
 * Makes a service error of whatever is thrown further in. What nobody meant to throw is `internal`, and is logged with its
 * stack; so is what caused an error that was meant to be.
 */
export function recover(): ServerInterceptor {
  const failed = (thrown: unknown, context: RpcContext) => {
    const error = callError(thrown);
    logCause(error, context);
    return error;
  };
  return {
    unary: (next) => (request, context) => {
      let result: unknown;
      try {
        result = next(request, context);
      } catch (thrown) {
        throw failed(thrown, context);
      }
      if (!(result instanceof Promise)) return result;
      return result.then(undefined, (thrown) => {
        throw failed(thrown, context);
      });
    },
    stream: (next) => (requests, context) =>
      watchStream(
        () => next(requests, context),
        (end) => end.kind === "failed" ? failed(end.error, context) : undefined,
      ),
  };
}

/** Characters of a stack that are shown. */
const MAX_STACK = 16_384;
/** Causes of causes that are shown. */
const MAX_CAUSES = 5;

/** Logs what is behind a failure of the service that its caller is not told of. */
export function logCause(error: ServiceError, context: RpcContext): void {
  if (error.code !== "internal" || !("cause" in error)) return;
  const stack = stackOf(error.cause).slice(0, MAX_STACK);
  const what = error instanceof UnexpectedError ? "unexpected error" : error.message;
  context.log.error(`Cannot answer ${context.method.path}: ${what}`, { stack });
}

/** The stacks of an error and of its causes. Never throws, whatever was thrown. */
function stackOf(thrown: unknown): string {
  const stacks: string[] = [];
  try {
    let current = thrown;
    for (let depth = 0; depth < MAX_CAUSES; depth++) {
      stacks.push(current instanceof Error ? current.stack || current.message : reasonOf(current));
      if (!(current instanceof Error) || current.cause === undefined) break;
      current = current.cause;
    }
  } catch {
    stacks.push("unprintable value");
  }
  return stacks.join("\ncaused by: ");
}
