/**
 * The configuration of an HTTP server.
 *
 * @module
 */

import { array, boolean, duration, int, int64, string } from "../core/schema/builders.ts";
import { object, type ObjectSchema } from "../core/schema/object.ts";
import { type ServiceConfig, serviceConfig } from "../core/service/config.ts";
import { type ListenerConf, listenerConfig } from "./listener/config.ts";
import type { LayerSwitches } from "./route.ts";

/** A key that clients of signed requests encrypt for. */
export interface SignatureKey {
  /** What clients call the key. */
  readonly Fingerprint: string;
  /** Path of the private key, PEM, PKCS#1. */
  readonly KeyFile: string;
}

/** Signed requests; takes effect where a group of routes asks for it. */
export interface SignatureConf {
  /** Whether a request without a valid signature is refused. @default {false} */
  readonly Strict: boolean;
  /** How far a request's time may be off, in ms. @default {3600000} */
  readonly Expiry: number;
  /** The keys. */
  readonly PrivateKeys: readonly SignatureKey[];
}

/** What a REST service is configured with. The keys are go-zero's, so its yaml files load as they are. */
export interface RestConf extends ServiceConfig {
  /** Address to listen on. @default {"0.0.0.0"} */
  readonly Host: string;
  /** Port to listen on; 0 picks a free one. */
  readonly Port: number;
  /** Path of the certificate, PEM. With `KeyFile`, the server speaks TLS. */
  readonly CertFile?: string;
  /** Path of the certificate's key, PEM. */
  readonly KeyFile?: string;
  /** Whether the access log tells all. @default {false} */
  readonly Verbose: boolean;
  /** Requests in flight on one route; 0 is unlimited. @default {10000} */
  readonly MaxConns: number;
  /** Largest request body in bytes; 0 is unlimited. @default {1048576} */
  readonly MaxBytes: number;
  /** Milliseconds until a request is answered with 504; 0 is never. @default {3000} */
  readonly Timeout: number;
  /** Load from which requests are shed, in thousandths; 0 is never. @default {900} */
  readonly CpuThreshold: number;
  /** Signed requests. */
  readonly Signature?: SignatureConf;
  /** Which listener is used, and its limits. @default {kind `serve`} */
  readonly Listener: ListenerConf;
  /**
   * JavaScript threads that serve, each on its own; 0 is one for each processor. For work that keeps a processor busy. Limits,
   * breakers and shedders are of one thread. @default {1}
   */
  readonly Workers: number;
  /** Which layers of the default chain are on. @default {all} */
  readonly Middlewares: LayerSwitches;
  /** Patterns of routes that are not traced. @default {[]} */
  readonly TraceIgnorePaths: readonly string[];
}

const on = () => boolean().default(true);

/** The schema of {@link RestConf}; spread its `fields` to add your own. */
export const restConfig: ObjectSchema<RestConf> = object({
  ...serviceConfig.fields,
  Host: string().default("0.0.0.0"),
  Port: int().range("[0:65535]"),
  CertFile: string().optional(),
  KeyFile: string().optional(),
  Verbose: boolean().default(false),
  MaxConns: int().default(10_000),
  MaxBytes: int64().default(1_048_576),
  Timeout: int64().default(3_000),
  CpuThreshold: int64().range("[0:1000)").default(900),
  Signature: object({
    Strict: boolean().default(false),
    Expiry: duration().default(3_600_000),
    PrivateKeys: array(object({ Fingerprint: string(), KeyFile: string() })),
  }).optional(),
  Listener: listenerConfig,
  Workers: int().range("[0:1024]").default(1),
  Middlewares: object({
    Trace: on(),
    Log: on(),
    Prometheus: on(),
    MaxConns: on(),
    Breaker: on(),
    Shedding: on(),
    Timeout: on(),
    Recover: on(),
    Metrics: on(),
    MaxBytes: on(),
    Gunzip: on(),
  }),
  TraceIgnorePaths: array(string()).default([]),
});

/** A {@link RestConf} as written by hand: what has a default may be left out, at every depth. */
export type RestConfInput = Sparse<RestConf> & Pick<RestConf, "Name" | "Port">;

/** `T` with every member optional, at every depth of objects. */
export type Sparse<T> = T extends readonly unknown[] ? T
  : T extends object ? { [K in keyof T]?: Sparse<T[K]> }
  : T;
