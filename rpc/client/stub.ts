/**
 * Functions that call methods.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { MethodInfo, Methods, ServiceInfo } from "../method.ts";
import type { CallOptions } from "./client_call.ts";
import type { Requests, Stub } from "./handler.ts";

/** What a stub calls. */
export interface StubClient {
  /** Calls a method of one message. */
  call(method: MethodInfo, request: unknown, options?: CallOptions): Promise<unknown>;
  /** Calls a method of streams. */
  stream(
    method: MethodInfo,
    requests: Requests<unknown>,
    options?: CallOptions,
  ): AsyncIterable<unknown>;
}

/** Makes the functions of a service. */
export function makeStub<M extends Methods>(client: StubClient, service: ServiceInfo<M>): Stub<M> {
  const functions = Object.entries(service.methods).map(([key, method]) => [
    key,
    functionOf(client, method),
  ]);
  // Each was made for the kind of its method.
  return Object.fromEntries(functions) as Stub<M>;
}

function functionOf(client: StubClient, method: MethodInfo) {
  switch (method.kind) {
    case "unary":
      return (request: unknown, options?: CallOptions) => client.call(method, request, options);
    case "server_stream":
      return (request: unknown, options?: CallOptions) => client.stream(method, [request], options);
    case "client_stream":
      return (requests: Requests<unknown>, options?: CallOptions) =>
        single(method, client.stream(method, requests, options));
    case "bidi_stream":
      return (requests: Requests<unknown>, options?: CallOptions) =>
        client.stream(method, requests, options);
  }
}

/** The one answer of a call. The stream is read to its end, where its status is. */
async function single({ path }: MethodInfo, answers: AsyncIterable<unknown>): Promise<unknown> {
  const all: unknown[] = [];
  for await (const answer of answers) {
    all.push(answer);
    if (all.length > 1) break;
  }
  if (all.length === 1) return all[0];
  const what = all.length === 0 ? "there is none" : "there is more than one answer";
  throw new ServiceError("internal", `Cannot read answer of ${path}: ${what}`);
}
