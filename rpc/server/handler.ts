/**
 * What answers calls, and what goes around it.
 *
 * @module
 */

import type { MethodInfo, Methods } from "../method.ts";
import type { RpcContext } from "./context.ts";

/** Answers a call of one message; what it returns, or what that resolves to, is the answer. */
export type UnaryHandler = (request: unknown, context: RpcContext) => unknown;

/** Answers a call of many messages. One that takes or gives a single message has a stream of one. */
export type StreamHandler = (
  requests: AsyncIterable<unknown>,
  context: RpcContext,
) => AsyncIterable<unknown>;

/**
 * Goes around handlers. It is asked once for each method, so what it finds out about a method it finds out once. One without
 * `stream` leaves calls of streams alone: to check calls of every kind take `guard`.
 */
export interface ServerInterceptor {
  /** Goes around handlers of one message. */
  unary?(next: UnaryHandler, method: MethodInfo): UnaryHandler;
  /** Goes around handlers of streams. */
  stream?(next: StreamHandler, method: MethodInfo): StreamHandler;
}

/** The function that answers a method. */
export type HandlerOf<M extends MethodInfo> = M extends MethodInfo<infer I, infer O, infer K>
  ? K extends "unary" ? (request: I, context: RpcContext) => O | Promise<O>
  : K extends "server_stream" ? (request: I, context: RpcContext) => AsyncIterable<O>
  : K extends "client_stream" ? (requests: AsyncIterable<I>, context: RpcContext) => O | Promise<O>
  : (requests: AsyncIterable<I>, context: RpcContext) => AsyncIterable<O>
  : never;

/** The functions that answer the methods of a service, by their names in lowerCamel. */
export type Implementation<M extends Methods> = { readonly [K in keyof M]: HandlerOf<M[K]> };
