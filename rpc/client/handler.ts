/**
 * What makes calls, and what goes around it.
 *
 * @module
 */

import type { MethodInfo, Methods } from "../method.ts";
import type { CallOptions, ClientCall } from "./client_call.ts";

/** Makes a call of one message. */
export type UnaryCaller = (request: unknown, call: ClientCall) => Promise<unknown>;

/** Makes a call of many messages. It begins with the first answer that is asked for. */
export type StreamCaller = (
  requests: AsyncIterable<unknown>,
  call: ClientCall,
) => AsyncIterable<unknown>;

/** Goes around calls. It is asked once for each method, so what it finds out about a method it finds out once. */
export interface ClientInterceptor {
  /** Goes around calls of one message. */
  unary?(next: UnaryCaller, method: MethodInfo): UnaryCaller;
  /** Goes around calls of streams. */
  stream?(next: StreamCaller, method: MethodInfo): StreamCaller;
}

/** Messages that are there already, or that come one after the other. */
export type Requests<I> = AsyncIterable<I> | Iterable<I>;

/** The function that calls a method. */
export type CallerOf<M extends MethodInfo> = M extends MethodInfo<infer I, infer O, infer K>
  ? K extends "unary" ? (request: I, options?: CallOptions) => Promise<O>
  : K extends "server_stream" ? (request: I, options?: CallOptions) => AsyncIterable<O>
  : K extends "client_stream" ? (requests: Requests<I>, options?: CallOptions) => Promise<O>
  : (requests: Requests<I>, options?: CallOptions) => AsyncIterable<O>
  : never;

/**
 * The functions that call the methods of a service, by their names in lowerCamel. A call whose answer is a stream begins with
 * the first answer that is asked for, and is cancelled by leaving the loop.
 */
export type Stub<M extends Methods> = { readonly [K in keyof M]: CallerOf<M[K]> };
