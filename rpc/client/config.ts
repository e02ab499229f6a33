/**
 * The configuration of an RPC client.
 *
 * @module
 */

import { array, boolean, duration, int64, string } from "../../core/schema/builders.ts";
import { object, type ObjectSchema } from "../../core/schema/object.ts";
import { type EtcdConf, etcdConfig } from "../../core/discovery/etcd/config.ts";
import type { MethodTimeoutConf, Sparse } from "../server/config.ts";

/** Which layers of a client's chain are on. */
export interface ClientLayerSwitches {
  /** Spans. @default {true} */
  readonly Trace: boolean;
  /** A line for each call that fails or is slow. @default {true} */
  readonly Duration: boolean;
  /** Figures for Prometheus. @default {true} */
  readonly Prometheus: boolean;
  /** Rest for instances that fail. @default {true} */
  readonly Breaker: boolean;
  /** A time limit for calls. @default {true} */
  readonly Timeout: boolean;
}

/** What an RPC client is configured with. The keys are go-zero's, so its yaml files load as they are. */
export interface RpcClientConf {
  /** Where to look the service up, if neither of the next two says where it is. */
  readonly Etcd?: EtcdConf;
  /** The instances, `host:port` each. @default {[]} */
  readonly Endpoints: readonly string[];
  /** Where the service is, such as `direct:///a:80,b:80` or `inproc:///greet`, if there are no `Endpoints`. @default {""} */
  readonly Target: string;
  /** What this application is called; sent with `Token` if both are there. @default {""} */
  readonly App: string;
  /** What proves it. @default {""} */
  readonly Token: string;
  /** Whether to start though nobody answers yet. @default {true} */
  readonly NonBlock: boolean;
  /** Milliseconds until a call without streams is given up; 0 and less is never. @default {2000} */
  readonly Timeout: number;
  /** Time without a sign of life after which an instance is asked for one, in ms; 0 is never. @default {0} */
  readonly KeepaliveTime: number;
  /** Which layers of the chain are on. @default {all} */
  readonly Middlewares: ClientLayerSwitches;
  /** How an instance is chosen: `p2c_ewma`, `consistent_hash` or `round_robin`. @default {"p2c_ewma"} */
  readonly BalancerName: string;
  /** Limits of single methods, in the place of `Timeout`. Not of go-zero. @default {[]} */
  readonly MethodTimeouts: readonly MethodTimeoutConf[];
}

const on = () => boolean().default(true);

/** The schema of {@link RpcClientConf}. */
export const rpcClientConfig: ObjectSchema<RpcClientConf> = object({
  Etcd: etcdConfig.optional().inherit(),
  Endpoints: array(string()).default([]),
  Target: string().default(""),
  App: string().default(""),
  Token: string().default("").secret(),
  NonBlock: boolean().default(true),
  Timeout: int64().default(2_000),
  KeepaliveTime: duration().default(0),
  Middlewares: object({
    Trace: on(),
    Duration: on(),
    Prometheus: on(),
    Breaker: on(),
    Timeout: on(),
  }),
  BalancerName: string().default("p2c_ewma"),
  MethodTimeouts: array(object({ FullMethod: string().optional(), Timeout: duration() })).default(
    [],
  ),
});

/** An {@link RpcClientConf} as written by hand: what has a default may be left out, at every depth. */
export type RpcClientConfInput = Sparse<RpcClientConf>;
