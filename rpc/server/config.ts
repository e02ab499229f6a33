/**
 * The configuration of an RPC server.
 *
 * @module
 */

import { array, boolean, duration, int, int64, string } from "../../core/schema/builders.ts";
import { object, type ObjectSchema } from "../../core/schema/object.ts";
import { type ServiceConfig, serviceConfig } from "../../core/service/config.ts";
import { type EtcdConf, etcdConfig } from "../../core/discovery/etcd/config.ts";

/** The time limit of one method. */
export interface MethodTimeoutConf {
  /** The method as it is on the wire, `/greet.Greeter/Say`. Without it the entry says nothing. */
  readonly FullMethod?: string;
  /** The limit in ms; 0 is none. */
  readonly Timeout: number;
}

/** After how long calls of one method are slow. */
export interface MethodSlowThresholdConf {
  /** The method as it is on the wire, `/greet.Greeter/Say`. */
  readonly FullMethod: string;
  /** The time in ms. */
  readonly SlowThreshold: number;
}

/** Which lines the log of calls has. */
export interface StatConf {
  /** A call that took longer, in ms, is logged as slow. @default {500} */
  readonly SlowThreshold: number;
  /** The same for single methods, such as those that write reports. Not of go-zero. @default {[]} */
  readonly MethodSlowThresholds: readonly MethodSlowThresholdConf[];
  /** Methods whose requests are not shown. @default {[]} */
  readonly IgnoreContentMethods: readonly string[];
}

/** Which layers of the chain are on. */
export interface ServerLayerSwitches {
  /** Spans. @default {true} */
  readonly Trace: boolean;
  /** A line for an error that nobody meant to throw. @default {true} */
  readonly Recover: boolean;
  /** A line for each call, and figures of each minute. @default {true} */
  readonly Stat: boolean;
  /** Figures for Prometheus. @default {true} */
  readonly Prometheus: boolean;
  /** Rest for methods that fail. @default {true} */
  readonly Breaker: boolean;
  /** The lines of `Stat`. */
  readonly StatConf: StatConf;
}

/** Where the tokens of applications are kept. */
export interface RpcRedisConf {
  /** `host:port`, several with commas between. */
  readonly Host: string;
  /** One server, or a cluster. @default {"node"} */
  readonly Type: "node" | "cluster";
  /** Name of the account. */
  readonly User?: string;
  /** Password of the account. */
  readonly Pass?: string;
  /** Whether TLS is talked. @default {false} */
  readonly Tls: boolean;
  /** Whether the certificate of the server is taken unseen. Not of go-zero. @default {false} */
  readonly InsecureSkipVerify: boolean;
  /** Whether to start though it cannot be reached. @default {true} */
  readonly NonBlock: boolean;
  /** How long an answer to the first ping may take, in ms. @default {1000} */
  readonly PingTimeout: number;
  /** Whether the name of the client library is kept from the server. @default {false} */
  readonly DisableIdentity: boolean;
  /** Version of Redis' protocol. @default {3} */
  readonly Protocol: 2 | 3;
  /** A matter of go-zero's client. @default {"disabled"} */
  readonly MaintNotifications: "disabled" | "enabled" | "auto";
  /** Number of the database. Not of go-zero. @default {0} */
  readonly Db: number;
  /** The hash that holds the token of each application. */
  readonly Key: string;
}

/** What an RPC service is configured with. The keys are go-zero's, so its yaml files load as they are. */
export interface RpcServerConf extends ServiceConfig {
  /** Where to listen, `host:port` or `:port`; `inproc:///name` for calls of the same process only. */
  readonly ListenOn: string;
  /** Where the service registers itself, if it does. */
  readonly Etcd?: EtcdConf;
  /** Whether callers must say who they are; the program gives the option `tokens` then. @default {false} */
  readonly Auth: boolean;
  /** Where the tokens of callers are, for `RedisTokenStore.connect` of `store/redis`. */
  readonly Redis?: RpcRedisConf;
  /** Whether a caller is refused whose token cannot be looked up. @default {false} */
  readonly StrictControl: boolean;
  /** Milliseconds until a call without streams is given up; 0 is never. @default {2000} */
  readonly Timeout: number;
  /** Load from which calls are refused, in thousandths; 0 is never. @default {900} */
  readonly CpuThreshold: number;
  /** Whether the health service is there. @default {true} */
  readonly Health: boolean;
  /** Which layers of the chain are on. @default {all} */
  readonly Middlewares: ServerLayerSwitches;
  /** Limits of single methods, in the place of `Timeout`. @default {[]} */
  readonly MethodTimeouts: readonly MethodTimeoutConf[];
  /** Calls in flight on one method; 0 is unlimited. Not of go-zero. @default {10000} */
  readonly MaxConcurrency: number;
  /** Largest request in bytes, before and after it is inflated; 0 is unlimited. Not of go-zero. @default {4194304} */
  readonly MaxReceiveBytes: number;
  /** How long a connection may be without a call, in ms; 0 is for ever. Not of go-zero. @default {300000} */
  readonly MaxConnectionIdle: number;
  /** How old a connection may get, in ms; 0 is for ever. Not of go-zero. @default {0} */
  readonly MaxConnectionAge: number;
  /** Path of the certificate, PEM; with `KeyFile` the server talks TLS. Not of go-zero. */
  readonly CertFile?: string;
  /** Path of its key, PEM. */
  readonly KeyFile?: string;
  /** Path of the certificate of the authority whose clients are let in, PEM; without it any are. */
  readonly ClientCaFile?: string;
}

const on = () => boolean().default(true);

/** The schema of {@link RpcServerConf}; spread its `fields` to add your own. */
export const rpcServerConfig: ObjectSchema<RpcServerConf> = object({
  ...serviceConfig.fields,
  ListenOn: string(),
  Etcd: etcdConfig.optional().inherit(),
  Auth: boolean().default(false),
  Redis: object({
    Host: string(),
    Type: string().options(["node", "cluster"]).default("node"),
    User: string().optional(),
    Pass: string().optional().secret(),
    Tls: boolean().default(false),
    InsecureSkipVerify: boolean().default(false),
    NonBlock: boolean().default(true),
    PingTimeout: duration().default(1_000),
    DisableIdentity: boolean().default(false),
    Protocol: int().options([2, 3]).default(3),
    MaintNotifications: string().options(["disabled", "enabled", "auto"]).default("disabled"),
    Db: int().range("[0:]").default(0),
    Key: string(),
  }).optional(),
  StrictControl: boolean().default(false),
  Timeout: int64().default(2_000),
  CpuThreshold: int64().range("[0:1000)").default(900),
  Health: on(),
  Middlewares: object({
    Trace: on(),
    Recover: on(),
    Stat: on(),
    Prometheus: on(),
    Breaker: on(),
    StatConf: object({
      SlowThreshold: duration().default(500),
      MethodSlowThresholds: array(object({ FullMethod: string(), SlowThreshold: duration() }))
        .default([]),
      IgnoreContentMethods: array(string()).default([]),
    }),
  }),
  MethodTimeouts: array(object({ FullMethod: string().optional(), Timeout: duration() })).default(
    [],
  ),
  MaxConcurrency: int().default(10_000),
  MaxReceiveBytes: int64().default(4_194_304),
  MaxConnectionIdle: duration().default(300_000),
  MaxConnectionAge: duration().default(0),
  CertFile: string().optional(),
  KeyFile: string().optional().requiredWith("CertFile"),
  ClientCaFile: string().optional(),
});

/** An {@link RpcServerConf} as written by hand: what has a default may be left out, at every depth. */
export type RpcServerConfInput = Sparse<RpcServerConf> & Pick<RpcServerConf, "Name" | "ListenOn">;

/** `T` with every member optional, at every depth of objects. */
export type Sparse<T> = T extends readonly unknown[] ? T
  : T extends object ? { [K in keyof T]?: Sparse<T[K]> }
  : T;
