/**
 * Services as a gateway sees them, from what is known of them.
 *
 * @module
 */

import type { DescriptorPool, ServiceNode } from "../dynamic/descriptor_pool.ts";
import {
  type MethodDescriptorProto,
  MethodOptions_IdempotencyLevel,
} from "../../proto/google/protobuf/descriptor.gen.ts";
import type { MessageType } from "../../proto/message_type.ts";
import { registryOf, type TypeRegistry } from "../../proto/registry.ts";
import type { Idempotency, MethodInfo, MethodKind, ServiceInfo } from "../../method.ts";
import {
  callerOf,
  type CallSource,
  type GatewayMethod,
  type GatewayService,
  tellsFields,
} from "../method.ts";
import { ruleInData, ruleInOptions } from "./http_rule_option.ts";

/**
 * A service of generated code.
 *
 * @param source Makes the calls: a connection of any transport, or a client.
 * @throws {TypeError} If its messages do not tell their fields.
 */
export function serviceOfInfo(service: ServiceInfo, source: CallSource): GatewayService {
  const methods = Object.values(service.methods).map((method) =>
    methodOfInfo(service.typeName, method)
  );
  const registry = registryOfMethods(methods);
  return { typeName: service.typeName, methods, registry, caller: callerOf(source) };
}

function methodOfInfo(service: string, method: MethodInfo): GatewayMethod {
  const { input, output, options } = method;
  if (!tellsFields(input) || !tellsFields(output)) {
    const name = tellsFields(input) ? output.typeName : input.typeName;
    throw new TypeError(
      `Cannot serve ${method.path}: ${name} does not tell its fields; generate it with zeno rpc gen`,
    );
  }
  return { ...method, service, input, output, rule: ruleInData(options) };
}

/** What the files of any of the messages can name. */
function registryOfMethods(methods: readonly GatewayMethod[]): TypeRegistry {
  const types = new Set(methods.flatMap(({ input, output }) => [input, output]));
  const find = (typeName: string) => {
    for (const type of types) {
      const found = type.typeName === typeName ? type : registryOf(type).find(typeName);
      if (found) return found;
    }
    return undefined;
  };
  return { find };
}

/** The services that these files declare, but for those of gRPC itself. */
export function servicesOfPool(pool: DescriptorPool, source: CallSource): GatewayService[] {
  const caller = callerOf(source);
  return pool.services.filter(({ typeName }) => !isOfGrpc(typeName)).map((node) => ({
    typeName: node.typeName,
    methods: node.descriptor.method.map((method) => methodOfNode(node, method, pool)),
    registry: pool,
    caller,
  }));
}

/** Reflection, health and channelz are for operators. */
function isOfGrpc(typeName: string): boolean {
  return typeName.startsWith("grpc.");
}

function methodOfNode(
  { typeName }: ServiceNode,
  descriptor: MethodDescriptorProto,
  pool: DescriptorPool,
): GatewayMethod {
  const { name = "", inputType = "", outputType = "", options } = descriptor;
  const path = `/${typeName}/${name}`;
  return {
    name,
    path,
    service: typeName,
    kind: kindOf(descriptor),
    input: typeIn(pool, inputType, path),
    output: typeIn(pool, outputType, path),
    idempotency: idempotencyOf(options?.idempotencyLevel),
    rule: ruleInOptions(options?.$unknown),
  };
}

function kindOf({ clientStreaming, serverStreaming }: MethodDescriptorProto): MethodKind {
  if (clientStreaming) return serverStreaming ? "bidi_stream" : "client_stream";
  return serverStreaming ? "server_stream" : "unary";
}

function idempotencyOf(level: number | undefined): Idempotency | undefined {
  if (level === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS) return "no_side_effects";
  return level === MethodOptions_IdempotencyLevel.IDEMPOTENT ? "idempotent" : undefined;
}

function typeIn(pool: DescriptorPool, dotted: string, path: string): MessageType<object> {
  const typeName = dotted.replace(/^\./, "");
  const type = pool.find(typeName);
  if (!type) {
    throw new TypeError(
      `Cannot serve ${path}: no file declares ${typeName}; make the descriptor set with all imports`,
    );
  }
  type.fields; // Tells now what is missing, not with the first call.
  return type;
}
