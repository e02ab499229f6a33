/**
 * What a handler works for, for all that it calls.
 *
 * @module
 */

import { runAmbient } from "../../../core/ambient.ts";
import { LazyAmbient, WaitingHabit } from "../../../core/lazy_ambient.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor, StreamHandler } from "../../server/handler.ts";

/**
 * Makes the trace and the deadline of a call those of all that its handler calls, so that clients pass them on without being
 * told, and who works for a retry does not retry.
 *
 * To enter a context costs something. A handler that has answered a hundred calls without waiting calls nobody, so for its
 * method that is left out, until it first waits.
 */
export function ambientContext(): ServerInterceptor {
  return {
    unary: (next) => {
      const habit = new WaitingHabit();
      const note = (result: unknown) => {
        habit.note(result instanceof Promise);
        return result;
      };
      return (request, context) => {
        if (!habit.waits) return note(next(request, context));
        const scope = new LazyAmbient(context);
        context.onFinish(() => scope.letGo());
        return note(runAmbient(scope, () => next(request, context)));
      };
    },
    stream: (next) => (requests, context) => ambientStream(next, requests, context),
  };
}

/** Each item is asked for within the context: a generator runs in that of whoever asks. */
function ambientStream(
  next: StreamHandler,
  requests: AsyncIterable<unknown>,
  context: RpcContext,
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const scope = new LazyAmbient(context); // Generators clean up after the end, and may call others then.
      const run = <T>(fn: () => T) => runAmbient(scope, fn);
      const items = run(() => next(requests, context)[Symbol.asyncIterator]());
      return {
        next: () => run(() => items.next()),
        return: async () => {
          await run(() => items.return?.());
          return { done: true, value: undefined };
        },
      };
    },
  };
}
