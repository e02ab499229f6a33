/**
 * Connections that speak gRPC over HTTP/2.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../core/clock.ts";
import type { ClientTransport, Connection } from "../transport.ts";
import { GrpcConnection } from "./connection.ts";
import type { WireOptions } from "./driver.ts";
import { type ConnectionOptions, connectionSettings, defined, timeOf } from "./options.ts";
import { checkServerName, clientCredentials, type ClientTls } from "./tls.ts";

/** Options for {@link grpcTransport}. */
export interface GrpcTransportOptions extends ConnectionOptions {
  /** Talks TLS. @default {plain text} */
  tls?: ClientTls | undefined;
  /** How requests are compressed; answers are read in either way. @default {"identity"} */
  compression?: "identity" | "deflate" | "gzip" | undefined;
  /** Longest wait before a connection that failed is tried again, in ms; it doubles from 200 ms. @default {3_000} */
  maxBackoffMs?: number | undefined;
  /** Time source for deadlines. @default {systemClock} */
  clock?: Clock | undefined;
}

const COMPRESSION = { identity: 0, deflate: 1, gzip: 2 } as const;

/**
 * Makes a transport for clients that speaks gRPC over HTTP/2, one connection for each address, which is `host:port`.
 *
 * @throws {RangeError | TypeError} If an option is wrong.
 */
export function grpcTransport(options: GrpcTransportOptions = {}): ClientTransport {
  const { tls, clock = systemClock } = options;
  const credentials = clientCredentials(tls);
  const settings = channelSettings(options);
  return {
    name: "grpc_js",
    open(address: string): Connection {
      checkServerName(address, tls);
      return new GrpcConnection(address, { credentials, settings, clock });
    },
  };
}

function channelSettings(options: GrpcTransportOptions): WireOptions {
  const { tls, compression = "identity", maxBackoffMs = 3_000 } = options;
  if (!(compression in COMPRESSION)) {
    throw new TypeError(
      `Cannot compress by "${compression}": need "identity", "deflate" or "gzip"`,
    );
  }
  return defined({
    ...connectionSettings(options),
    "grpc.ssl_target_name_override": tls?.serverName,
    "grpc.default_compression_algorithm": COMPRESSION[compression] || undefined,
    "grpc.initial_reconnect_backoff_ms": Math.min(200, maxBackoffMs),
    "grpc.max_reconnect_backoff_ms": timeOf("maxBackoffMs", maxBackoffMs),
    // Settings of calls are ours to make, and to look for them in DNS would delay the first call.
    "grpc.service_config_disable_resolution": 1,
    // Two clients of one address with different limits must not share a connection by accident.
    "grpc.use_local_subchannel_pool": 1,
  });
}
