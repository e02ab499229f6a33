/**
 * Where the service of a client is, by its configuration.
 *
 * @module
 */

import { directTarget, etcdTarget } from "../resolver/target.ts";
import type { RpcClientConf } from "./config.ts";

/**
 * The target of a configuration: its `Endpoints`, else its `Target`, else what its `Etcd` section says.
 *
 * @throws {TypeError} If it says nothing.
 */
export function targetOf({ Endpoints, Target, Etcd }: RpcClientConf): string {
  if (Endpoints.length > 0) return directTarget(Endpoints);
  if (Target !== "") return Target;
  if (!Etcd) throw new TypeError("Cannot make RPC client: need one of Endpoints, Target and Etcd");
  return etcdTarget(Etcd.Hosts, Etcd.Key);
}
