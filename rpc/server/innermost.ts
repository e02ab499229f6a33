/**
 * The functions of a program as handlers, with what they answer checked.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { MethodInfo } from "../method.ts";
import type { RpcContext } from "./context.ts";
import type { StreamHandler, UnaryHandler } from "./handler.ts";

/** A function that answers a method, whatever its kind. */
export type MethodFunction = (request: never, context: RpcContext) => unknown;

/** A function for calls of one message as a handler. */
export function unaryHandler(handler: MethodFunction): UnaryHandler {
  // What a method is called with is what its description says.
  return (request, context) => handler(request as never, context);
}

/**
 * Lets through what a handler and the interceptors of the program around it answer, if it is an answer: one that forgets to
 * return is told here, within the layers that count and log failures.
 */
export function checkedUnary(method: MethodInfo, next: UnaryHandler): UnaryHandler {
  const check = (answer: unknown) => answered(method, answer);
  return (request, context) => {
    const result = next(request, context);
    if (result instanceof Promise) return result.then(check);
    // What builds a query is often a promise of its own kind.
    return isThenable(result) ? Promise.resolve(result).then(check) : check(result);
  };
}

/** A function of any streaming kind as a handler of streams on both sides. */
export function streamHandler(method: MethodInfo, handler: MethodFunction): StreamHandler {
  const call = handler as (request: unknown, context: RpcContext) => unknown;
  switch (method.kind) {
    case "server_stream":
      return async function* (requests, context) {
        yield* stream(method, call(await single(method, requests), context));
      };
    case "client_stream":
      return async function* (requests, context) {
        yield answered(method, await call(requests, context));
      };
    default:
      return (requests, context) => stream(method, call(requests, context));
  }
}

async function single(method: MethodInfo, requests: AsyncIterable<unknown>): Promise<unknown> {
  for await (const request of requests) return request;
  throw new ServiceError("invalid_argument", `Cannot call ${method.path}: there is no request`);
}

function stream(method: MethodInfo, answers: unknown): AsyncIterable<unknown> {
  if (typeof answers === "object" && answers !== null && Symbol.asyncIterator in answers) {
    return answers as AsyncIterable<unknown>; // Just looked at.
  }
  throw new TypeError(`the function that answers ${method.path} gave no stream`);
}

function answered(method: MethodInfo, answer: unknown): unknown {
  if (answer !== undefined && answer !== null) return answer;
  throw new TypeError(
    `the function that answers ${method.path}, or an interceptor around it, gave no answer`,
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}
