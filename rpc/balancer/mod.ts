/**
 * Who takes a call: balancers over the nodes of a service.
 *
 * @example Give calls to who can take them
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createBalancer } from "@zeno/zeno/rpc/balancer";
 *
 * const balancer = createBalancer("p2c_ewma");
 * balancer.update([{ address: "10.0.0.1:8080" }, { address: "10.0.0.2:8080" }]);
 *
 * const pick = balancer.pick()!;
 * try {
 *   // call(pick.node.address)
 *   pick.done(true);
 * } catch {
 *   pick.done(false);
 * }
 * assertEquals(balancer.pick() !== undefined, true);
 * ```
 *
 * @module
 */

export * from "./balancer.ts";
export * from "./consistent_hash.ts";
export * from "./create_balancer.ts";
export type { EjectionOptions } from "./outlier_detector.ts";
export { type NodeFigures, P2cBalancer, type P2cOptions } from "./p2c.ts";
export * from "./round_robin.ts";
