/**
 * What the generator of gateways is told.
 *
 * @module
 */

import type { MemberOptions } from "../deno_json.ts";

/** Where a service is. */
export type ServiceAddress =
  | { readonly kind: "endpoints"; readonly addresses: readonly string[] }
  | { readonly kind: "etcd"; readonly hosts: readonly string[]; readonly key: string }
  | { readonly kind: "target"; readonly target: string };

/** A service behind the gateway. */
export interface UpstreamOptions {
  /** What it is called: in messages of the gateway, and in the name of its descriptor set. */
  readonly name: string;
  /** Absolute paths of the `.proto` files that declare what it serves. */
  readonly files: readonly string[];
  /** Where it is. */
  readonly address: ServiceAddress;
}

/** Options of the generator. */
export interface GatewayOptions {
  /** Paths of the `.proto` files as the `gen` task names them: relative to the target folder, with `/`. */
  readonly sources: readonly string[];
  /** Name of the gateway: of its yaml file, and how it is called in logs. */
  readonly service: string;
  /** What is behind it. */
  readonly upstreams: readonly UpstreamOptions[];
  /** Scaffold tests. */
  readonly tests: boolean;
  /** Flags that give these options, for the `gen` task of the gateway. */
  readonly flags: readonly string[];
  /** Value of `links` in `deno.json`: the folder of the framework, when it is a clone. */
  readonly link: string | undefined;
  /** Set if it is a member of a workspace. */
  readonly member?: MemberOptions | undefined;
}
