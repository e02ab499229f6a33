/**
 * From an upstream of a configuration to routes.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../rest/handler.ts";
import type { Route } from "../../../rest/route.ts";
import type { UpstreamConf } from "../config.ts";
import type { DescriptorPool } from "../dynamic/descriptor_pool.ts";
import type { GatewayService } from "../method.ts";
import { servicesOfPool } from "../service/described_service.ts";
import { pathOfMapping, type RouteMapping } from "../transcode/binding.ts";
import { type Dialer, type UpstreamCaller, upstreamName } from "./dial.ts";
import { httpUpstream } from "./http_upstream.ts";
import { readProtoSets } from "./proto_sets.ts";
import { reflect } from "./reflection.ts";

/** An upstream that is connected. */
export interface ConnectedUpstream {
  /** What it serves by RPC. */
  readonly services: readonly GatewayService[];
  /** Routes to these, besides those that annotations name. */
  readonly mappings: readonly RouteMapping[];
  /** Routes of what is passed on as it is. */
  readonly routes: readonly Route[];
  /** What is closed at the end. */
  readonly caller: UpstreamCaller | undefined;
}

/**
 * Connects to an upstream and finds out what it serves.
 *
 * @param dial Makes callers.
 * @throws {ServiceError | TypeError} If that cannot be had, or a mapping names no method; the message names the upstream.
 */
export async function connectUpstream(
  conf: UpstreamConf,
  dial: Dialer,
): Promise<ConnectedUpstream> {
  const name = upstreamName(conf);
  const { Grpc, Http, Mappings } = conf;
  if (Http) return passedOn(httpUpstream(Http, name), Mappings);
  if (!Grpc) throw new TypeError(`Cannot use upstream ${name}: need Grpc or Http`);
  const { ProtoSets } = conf;
  const read = ProtoSets.length > 0 ? await readProtoSets(ProtoSets) : undefined;
  const caller = await dial(Grpc, name);
  try {
    const services = servicesOfPool(read ?? await asked(name, caller), caller);
    checkMappings(name, services, Mappings);
    return { services, mappings: Mappings, routes: [], caller };
  } catch (error) {
    await caller[Symbol.asyncDispose]();
    throw error;
  }
}

function passedOn(handler: Handler, mappings: readonly RouteMapping[]): ConnectedUpstream {
  const routes = mappings.map(({ Method, Path }) => ({
    method: Method.toUpperCase(),
    path: Path,
    handler,
  }));
  return { services: [], mappings: [], routes, caller: undefined };
}

async function asked(name: string, caller: UpstreamCaller): Promise<DescriptorPool> {
  try {
    return await reflect(caller);
  } catch (cause) {
    const { code, message } = ServiceError.from(cause);
    throw new ServiceError(
      code,
      `Cannot use upstream ${name}: ${message}; start it with reflection, or set ProtoSets`,
      { cause },
    );
  }
}

/** A mapping is of its own upstream, whatever the others serve. */
function checkMappings(
  name: string,
  services: readonly GatewayService[],
  mappings: readonly RouteMapping[],
): void {
  const paths = new Set(services.flatMap(({ methods }) => methods.map(({ path }) => path)));
  for (const { RpcPath = "" } of mappings) {
    if (paths.has(pathOfMapping(RpcPath))) continue;
    throw new TypeError(`Cannot use upstream ${name}: it has no method ${RpcPath}`);
  }
}
