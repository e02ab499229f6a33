/**
 * The boundary between what is thrown and what callers are told.
 *
 * @module
 */

import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { watchStream } from "../../watched_stream.ts";
import { callError } from "./failure.ts";

/** Options for {@link recover}. */
export interface RecoverOptions {
  /** Whether unexpected errors are logged, with their stack. @default {true} */
  log?: boolean;
}

/** Makes a service error of whatever is thrown further in: what nobody meant to throw is `internal`, and is logged. */
export function recover(options: RecoverOptions = {}): ServerInterceptor {
  const { log = true } = options;
  const failed = (thrown: unknown, context: RpcContext) => {
    const error = callError(thrown);
    if (log && error !== thrown && error.code === "internal") logUnexpected(thrown, context);
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

/** Logs an error that nobody meant to throw. */
export function logUnexpected(thrown: unknown, context: RpcContext): void {
  const stack = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
  context.log.error(`Cannot answer ${context.method.path}: unexpected error`, { stack });
}
