/**
 * What a gateway knows of a method that it calls.
 *
 * @module
 */

import { isMessage } from "../proto/field.ts";
import type { MessageType } from "../proto/message_type.ts";
import type { TypeRegistry } from "../proto/registry.ts";
import type { Idempotency, MethodInfo, MethodKind } from "../method.ts";
import type { HttpRule } from "../proto/google/api/http.gen.ts";
import type { RpcClient } from "../client/rpc_client.ts";
import type { Connection } from "../transport/transport.ts";

/** Makes calls, as a connection of a transport does. */
export type Caller = Pick<Connection, "unary" | "stream">;

/** What calls can be made with: a connection of a transport, or a client. */
export type CallSource = Caller | Pick<RpcClient, "call" | "stream">;

/** What makes calls, in the one form that gateways know. */
export function callerOf(source: CallSource): Caller {
  if (!("call" in source)) return source;
  return {
    unary: (method, request, call) => source.call(method, request, call),
    stream: (method, requests, call) => source.stream(method, requests, call),
  };
}

/** A method as a gateway calls it; its messages say which fields they have. */
export interface GatewayMethod extends MethodInfo<object, object> {
  /** Full name of the service, `shop.v1.Orders`. */
  readonly service: string;
  /** Who sends how many messages. */
  readonly kind: MethodKind;
  /** What the caller sends. */
  readonly input: MessageType<object>;
  /** What the service sends. */
  readonly output: MessageType<object>;
  /** Whether a call may be made twice. */
  readonly idempotency?: Idempotency;
  /** What the annotation `google.api.http` says, if there is one. */
  readonly rule: HttpRule | undefined;
}

/** A service, and who answers. */
export interface GatewayService {
  /** Full name, `shop.v1.Orders`. */
  readonly typeName: string;
  /** The methods in the order of their declaration. */
  readonly methods: readonly GatewayMethod[];
  /** The types that an `Any` may hold. */
  readonly registry: TypeRegistry;
  /** Makes the calls. */
  readonly caller: Caller;
}

/** A method with what is needed to call it. */
export interface Target {
  /** The method. */
  readonly method: GatewayMethod;
  /** The types that an `Any` may hold. */
  readonly registry: TypeRegistry;
  /** Makes the calls. */
  readonly caller: Caller;
}

/** The methods of services, each with what is needed to call it. */
export function targetsOf(services: readonly GatewayService[]): Target[] {
  return services.flatMap(({ methods, registry, caller }) =>
    methods.map((method) => ({ method, registry, caller }))
  );
}

/** Whether the caller sends more than one message. */
export function takesMany({ kind }: Pick<MethodInfo, "kind">): boolean {
  return kind === "client_stream" || kind === "bidi_stream";
}

/** Whether the service sends more than one message. */
export function givesMany({ kind }: Pick<MethodInfo, "kind">): boolean {
  return kind === "server_stream" || kind === "bidi_stream";
}

/** Whether a message type tells its fields, as all of `rpc/proto` do. */
export function tellsFields(type: unknown): type is MessageType<object> {
  return isMessage(type as MessageType<object>);
}
