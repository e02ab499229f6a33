/**
 * What generated code says of a service: names, kinds and messages, and nothing of any transport.
 *
 * @module
 */

import type { JsonValue } from "./proto/json_value.ts";

/** How messages of one type are made, written and read. */
export interface MessageType<T> {
  /** The full name, `shop.v1.Order`. */
  readonly typeName: string;
  /** The message on the wire. */
  encode(message: T): Uint8Array;
  /** The message in `bytes`; throws if there is none. */
  decode(bytes: Uint8Array): T;
  /** A message whose fields are zero, but for those of `partial`. */
  create(partial?: Partial<T>): T;
  /** The message in the JSON of proto3. */
  toJson(message: T): JsonValue;
  /** The message in `value`; throws if there is none. */
  fromJson(value: JsonValue): T;
}

/** Who sends how many messages: one each, or one side or both any number. */
export type MethodKind = "unary" | "server_stream" | "client_stream" | "bidi_stream";

/** Whether a call may be made twice: it changes nothing, or the second time nothing more. */
export type Idempotency = "no_side_effects" | "idempotent";

/**
 * A method of a service. Generated code names the kind as the third argument, so that handlers and stubs get their types:
 * `MethodInfo<HelloReq, HelloRes, "unary">`.
 */
export interface MethodInfo<I = unknown, O = unknown, K extends MethodKind = MethodKind> {
  /** The name as declared, `Say`. */
  readonly name: string;
  /** The path on the wire, `/greet.Greeter/Say`. */
  readonly path: string;
  /** Who sends how many messages. */
  readonly kind: K;
  /** What the caller sends. */
  readonly input: MessageType<I>;
  /** What the service sends. */
  readonly output: MessageType<O>;
  /** Whether a call may be made twice. @default {it may not} */
  readonly idempotency?: Idempotency;
  /** The options of the method, `google.api.http` among them, by their full name. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The methods of a service by their names in lowerCamel. */
export type Methods = Readonly<Record<string, MethodInfo>>;

/** A service. */
export interface ServiceInfo<M extends Methods = Methods> {
  /** The full name, `greet.Greeter`. */
  readonly typeName: string;
  /** The methods by their names in lowerCamel. */
  readonly methods: M;
  /** A `google.protobuf.FileDescriptorSet` with the file of the service and all it imports, for reflection. */
  readonly descriptor?: Uint8Array;
}

/** Whether a method may be called twice without harm. */
export function isIdempotent(method: Pick<MethodInfo, "idempotency">): boolean {
  return method.idempotency !== undefined;
}
