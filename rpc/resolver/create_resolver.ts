/**
 * Resolvers by target.
 *
 * @module
 */

import type { EtcdRegistryOptions } from "../../core/discovery/etcd/registry.ts";
import { shareEtcdRegistry } from "../../core/discovery/etcd/shared_registry.ts";
import type { FollowOptions } from "../../core/discovery/feed.ts";
import { consoleLogger } from "../../core/log/create_logger.ts";
import { KubernetesRegistry } from "../../core/discovery/kubernetes/registry.ts";
import type { Subscriber } from "../../core/discovery/registry.ts";
import { dnsResolver, type Lookup } from "./_dns_resolver.ts";
import { systemLookup } from "./dns_lookup.ts";
import { fixedResolver } from "./_fixed_resolver.ts";
import type { Resolver } from "./resolver.ts";
import { randomSubset, stableSubset, SUBSET_SIZE } from "./subset.ts";
import { type Choose, SubsetResolver } from "./_subset_resolver.ts";
import { parseTarget, type Target } from "./target.ts";

/** Options for {@link createResolver}. */
export interface ResolverOptions extends FollowOptions {
  /** Most addresses that are given, an integer >= 1, or `Infinity` for all. @default {32} */
  readonly subsetSize?: number | undefined;
  /**
   * Which addresses are given if there are more: `stable` ones change as little as may be, `random` ones at every change.
   * @default {"stable"}
   */
  readonly subset?: "stable" | "random" | undefined;
  /** Tells clients apart that choose stable addresses. @default {one for the process} */
  readonly clientId?: string | undefined;
  /** Account, TLS and times of etcd. */
  readonly etcd?: Omit<EtcdRegistryOptions, "hosts"> | undefined;
  /** Where `k8s` targets are looked up. @default {the cluster in which the process runs} */
  readonly kubernetes?: Subscriber | undefined;
  /** Where `etcd` targets are looked up in the place of an etcd, such as a `MemoryRegistry`. */
  readonly registry?: Subscriber | undefined;
  /** Asks for the addresses of names. @default {the system} */
  readonly lookup?: Lookup | undefined;
  /** How often names are asked for, in ms, > 0. @default {30_000} */
  readonly refreshMs?: number | undefined;
}

const processId = crypto.randomUUID();

/**
 * Makes a resolver of a target. It does not wait: what a registry knows is told when it answers.
 *
 * @throws {SyntaxError} If it is no target.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * await using resolver = createResolver("direct:///10.0.0.7:8080,10.0.0.8:8080");
 * assertEquals(await resolver.resolve(), ["10.0.0.7:8080", "10.0.0.8:8080"]);
 * ```
 */
export function createResolver(target: string, options: ResolverOptions = {}): Resolver {
  const parsed = parseTarget(target);
  const [source, owned] = openSource(parsed, options);
  const usable = usableOf(target, options);
  const choose = chooserOf(options);
  return new SubsetResolver(source, (addresses) => choose(usable(addresses)), owned ?? source);
}

/** Leaves out what nobody can connect to: one bad entry of a registry must not spoil the others. */
function usableOf(target: string, { logger = consoleLogger }: ResolverOptions): Choose {
  let isTold = false;
  return (addresses) => {
    const usable = addresses.filter((address) => address.trim() !== "");
    if (usable.length < addresses.length && !isTold) {
      isTold = true;
      logger.error(`Cannot use an address of ${target}: it is empty`);
    }
    return usable;
  };
}

/** What knows the addresses, and what has to be disposed with it. */
function openSource(target: Target, options: ResolverOptions): [Resolver, AsyncDisposable?] {
  switch (target.scheme) {
    case "direct":
      return [fixedResolver(target.addresses)];
    case "inproc":
      return [fixedResolver([target.name])];
    case "dns": {
      const { lookup = systemLookup } = options;
      return [dnsResolver(target.host, target.port, { ...options, lookup })];
    }
    case "etcd": {
      if (options.registry) return [options.registry.subscribe(target.key)];
      const { lastGood, lossGraceMs, retryMs, maxRetryMs, logger, clock, random } = options;
      const follow = { lastGood, lossGraceMs, retryMs, maxRetryMs, logger, clock, random };
      const registry = shareEtcdRegistry({ ...follow, ...options.etcd, hosts: target.hosts });
      return [registry.subscribe(target.key), registry];
    }
    case "k8s": {
      const { namespace, service, port } = target;
      const name = `${namespace}/${service}:${port}`;
      if (options.kubernetes) return [options.kubernetes.subscribe(name)];
      const registry = new KubernetesRegistry(options);
      return [registry.subscribe(name), registry];
    }
  }
}

function chooserOf(options: ResolverOptions): Choose {
  const { subsetSize: size = SUBSET_SIZE, subset = "stable", clientId = processId } = options;
  if (size === Infinity) return (addresses) => addresses;
  if (!(Number.isInteger(size) && size >= 1)) {
    throw new RangeError(`Cannot resolve: need an integer subsetSize >= 1, got ${size}`);
  }
  if (subset === "stable") return (addresses) => stableSubset(addresses, { size, clientId });
  return (addresses) => randomSubset(addresses, { size, random: options.random });
}
