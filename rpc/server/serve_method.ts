/**
 * From a function of a service to what a transport calls.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import { callError } from "../interceptor/server/failure.ts";
import type { MethodInfo } from "../method.ts";
import type { IncomingCall, ServedMethod } from "../transport/transport.ts";
import { RpcContext } from "./context.ts";
import type { RpcEnvironment } from "./environment.ts";
import type { ServerInterceptor, StreamHandler, UnaryHandler } from "./handler.ts";
import { watchStream } from "../watched_stream.ts";

/** A function that answers a method, whatever its kind. */
export type MethodFunction = (request: never, context: RpcContext) => unknown;

/** Puts the chain around a function. */
export function serveMethod(
  method: MethodInfo,
  handler: MethodFunction,
  interceptors: readonly ServerInterceptor[],
  environment: RpcEnvironment,
): ServedMethod {
  if (method.kind !== "unary") {
    const handle = chainStream(method, streamHandler(method, handler), interceptors);
    return {
      method,
      kind: "stream",
      handle: (requests, call) => answerStream(handle, requests, call, environment),
    };
  }
  // What a method is called with is what its description says.
  const innermost: UnaryHandler = (request, context) => handler(request as never, context);
  const handle = chainUnary(method, innermost, interceptors);
  return {
    method,
    kind: "unary",
    handle: (request, call) => answerUnary(handle, request, call, environment),
  };
}

function chainUnary(
  method: MethodInfo,
  innermost: UnaryHandler,
  interceptors: readonly ServerInterceptor[],
): UnaryHandler {
  return interceptors.reduceRight(
    (next, interceptor) => interceptor.unary?.(next, method) ?? next,
    innermost,
  );
}

function chainStream(
  method: MethodInfo,
  innermost: StreamHandler,
  interceptors: readonly ServerInterceptor[],
): StreamHandler {
  return interceptors.reduceRight(
    (next, interceptor) => interceptor.stream?.(next, method) ?? next,
    innermost,
  );
}

function answerUnary(
  handle: UnaryHandler,
  request: unknown,
  call: IncomingCall,
  environment: RpcEnvironment,
): unknown {
  const context = new RpcContext(call, environment);
  const succeeded = (answer: unknown) => {
    context.end();
    if (answer === undefined || answer === null) throw noAnswer(call.method);
    return answer;
  };
  const failed = (thrown: unknown): never => {
    context.end();
    throw callError(thrown);
  };
  let result: unknown;
  try {
    result = handle(request, context);
  } catch (thrown) {
    return failed(thrown);
  }
  return result instanceof Promise ? result.then(succeeded, failed) : succeeded(result);
}

function answerStream(
  handle: StreamHandler,
  requests: AsyncIterable<unknown>,
  call: IncomingCall,
  environment: RpcEnvironment,
): AsyncIterable<unknown> {
  const context = new RpcContext(call, environment);
  return watchStream(() => handle(requests, context), (end) => {
    context.end();
    return end.kind === "failed" ? callError(end.error) : undefined;
  });
}

/** A function of any streaming kind as one of streams on both sides. */
function streamHandler(method: MethodInfo, handler: MethodFunction): StreamHandler {
  const call = handler as (request: unknown, context: RpcContext) => unknown;
  switch (method.kind) {
    case "server_stream":
      return async function* (requests, context) {
        yield* stream(method, call(await single(method, requests), context));
      };
    case "client_stream":
      return async function* (requests, context) {
        const answer = await call(requests, context);
        if (answer === undefined || answer === null) throw noAnswer(method);
        yield answer;
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

function noAnswer({ path }: MethodInfo): ServiceError {
  return new ServiceError("internal", `Cannot answer ${path}: its function gave no answer`);
}
