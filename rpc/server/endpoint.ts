/**
 * From a call on a transport to the function that answers it, through the chain.
 *
 * @module
 */

import { callError } from "../interceptor/server/failure.ts";
import type { MethodInfo } from "../method.ts";
import type { ServedMethod } from "../transport/transport.ts";
import { watchStream } from "../watched_stream.ts";
import { RpcContext } from "./context.ts";
import type { RpcEnvironment } from "./environment.ts";
import type { ServerInterceptor, StreamHandler, UnaryHandler } from "./handler.ts";
import { checkedUnary, type MethodFunction, streamHandler, unaryHandler } from "./innermost.ts";

/** What goes around the functions of a server; it can change while they are served. */
export interface Surroundings {
  /** The interceptors of the server, outermost first. */
  readonly chain: readonly ServerInterceptor[];
  /** What its calls share. */
  readonly environment: RpcEnvironment;
}

/** A method that is served. */
export interface Endpoint {
  /** The method for the transport. */
  readonly served: ServedMethod;
  /** Serves calls that come from now on within other surroundings; those in flight end as they began. */
  configure(surroundings: Surroundings): void;
}

/**
 * A method with its function.
 *
 * @param interceptors Those of the program, outermost first. They are asked once, however often the surroundings change.
 */
export function endpointOf(
  method: MethodInfo,
  handler: MethodFunction,
  interceptors: readonly ServerInterceptor[],
  surroundings: Surroundings,
): Endpoint {
  return method.kind === "unary"
    ? unaryEndpoint(method, handler, interceptors, surroundings)
    : streamEndpoint(method, handler, interceptors, surroundings);
}

function unaryEndpoint(
  method: MethodInfo,
  handler: MethodFunction,
  interceptors: readonly ServerInterceptor[],
  { chain, environment }: Surroundings,
): Endpoint {
  const inner = checkedUnary(method, chainUnary(method, unaryHandler(handler), interceptors));
  let handle = chainUnary(method, inner, chain);
  return {
    served: {
      method,
      kind: "unary",
      handle: (request, call) => answerUnary(handle, request, new RpcContext(call, environment)),
    },
    configure(now) {
      handle = chainUnary(method, inner, now.chain);
      environment = now.environment;
    },
  };
}

function streamEndpoint(
  method: MethodInfo,
  handler: MethodFunction,
  interceptors: readonly ServerInterceptor[],
  { chain, environment }: Surroundings,
): Endpoint {
  const inner = chainStream(method, streamHandler(method, handler), interceptors);
  let handle = chainStream(method, inner, chain);
  return {
    served: {
      method,
      kind: "stream",
      handle: (requests, call) => answerStream(handle, requests, new RpcContext(call, environment)),
    },
    configure(now) {
      handle = chainStream(method, inner, now.chain);
      environment = now.environment;
    },
  };
}

function answerUnary(handle: UnaryHandler, request: unknown, context: RpcContext): unknown {
  const succeeded = (answer: unknown) => {
    context.end();
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
  context: RpcContext,
): AsyncIterable<unknown> {
  return watchStream(() => handle(requests, context), (end) => {
    context.end();
    return end.kind === "failed" ? callError(end.error) : undefined;
  }, () => context.flushHeader());
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
