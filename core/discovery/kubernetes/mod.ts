/**
 * Kubernetes as a registry that is followed.
 *
 * @example
 * ```ts ignore
 * import { KubernetesRegistry } from "@zeno/zeno/core/discovery/kubernetes";
 *
 * await using registry = new KubernetesRegistry();
 * console.log(await registry.subscribe("default/greet:8080").resolve());
 * ```
 *
 * @module
 */

export * from "./api.ts";
export * from "./in_cluster.ts";
export * from "./registry.ts";
