/**
 * The configuration of a gateway.
 *
 * @module
 */

import { array, int64, string } from "../../core/schema/builders.ts";
import { object, type ObjectSchema } from "../../core/schema/object.ts";
import { type RestConf, restConfig, type Sparse } from "../../rest/config.ts";

import { type RpcClientConf, rpcClientConfig } from "../client/config.ts";
import type { RouteMapping } from "./transcode/binding.ts";
import type { HttpUpstreamConf } from "./upstream/http_upstream.ts";

/** What is behind a gateway: an RPC service or one that speaks HTTP. */
export interface UpstreamConf {
  /** What it is called in messages. @default {its target} */
  readonly Name?: string;
  /** An RPC service, and how to reach it. */
  readonly Grpc?: RpcClientConf;
  /** A service that speaks HTTP; its routes are those of `Mappings`. */
  readonly Http?: HttpUpstreamConf;
  /** Paths of descriptor sets; without any the service is asked by reflection. @default {[]} */
  readonly ProtoSets: readonly string[];
  /** Routes, besides those that annotations name. @default {[]} */
  readonly Mappings: readonly RouteMapping[];
}

/** What a gateway is configured with. The keys are go-zero's, so its yaml files load as they are. */
export interface GatewayConf extends RestConf {
  /** What is behind it. */
  readonly Upstreams: readonly UpstreamConf[];
}

const upstream: ObjectSchema<UpstreamConf> = object({
  Name: string().optional(),
  Grpc: rpcClientConfig.optional(),
  Http: object({
    Target: string(),
    Prefix: string().default(""),
    Timeout: int64().default(3_000),
  }).optional(),
  ProtoSets: array(string()).default([]),
  Mappings: array(object({
    Method: string(),
    Path: string(),
    RpcPath: string().optional(),
  })).default([]),
}).check(({ Grpc, Http }) =>
  (Grpc === undefined) === (Http === undefined) ? "need Grpc or Http, and not both" : undefined
);

/** The schema of {@link GatewayConf}; spread its `fields` to add your own. */
export const gatewayConfig: ObjectSchema<GatewayConf> = object({
  ...restConfig.fields,
  Upstreams: array(upstream).default([]),
});

/** A {@link GatewayConf} as written by hand: what has a default may be left out, at every depth. */
export type GatewayConfInput =
  & Sparse<Omit<GatewayConf, "Upstreams">>
  & Pick<GatewayConf, "Name" | "Port">
  & { readonly Upstreams?: readonly UpstreamConfInput[] };

/** An {@link UpstreamConf} as written by hand. */
export type UpstreamConfInput = Sparse<UpstreamConf>;
