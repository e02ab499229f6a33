/**
 * What a user may set of gRPC connections, in our words.
 *
 * @module
 */

import type { WireOptions } from "./driver.ts";

/** Limits and habits of both ends of a connection. */
export interface ConnectionOptions {
  /** Largest message taken, in bytes, before and after it is inflated; `Infinity` for no limit. @default {4 MiB} */
  maxReceiveBytes?: number | undefined;
  /** Largest message sent, in bytes. @default {Infinity} */
  maxSendBytes?: number | undefined;
  /** Time without a sign of life after which the other end is asked for one, in ms. @default {off; the server's two hours} */
  keepaliveMs?: number | undefined;
  /** How long its answer is waited for, in ms. @default {20_000} */
  keepaliveTimeoutMs?: number | undefined;
}

/** The keys of the package for what both ends have in common. */
export function connectionSettings(options: ConnectionOptions): WireOptions {
  const { maxReceiveBytes, maxSendBytes, keepaliveMs, keepaliveTimeoutMs } = options;
  return defined({
    "grpc.max_receive_message_length": bytesOf("maxReceiveBytes", maxReceiveBytes),
    "grpc.max_send_message_length": bytesOf("maxSendBytes", maxSendBytes),
    "grpc.keepalive_time_ms": timeOf("keepaliveMs", keepaliveMs),
    "grpc.keepalive_timeout_ms": timeOf("keepaliveTimeoutMs", keepaliveTimeoutMs),
    "grpc.enable_channelz": 0, // Counts that nobody reads, for each call.
  });
}

/** The settings that are set. */
export function defined(settings: WireOptions): WireOptions {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** A number of milliseconds for the package, whose word for never is another. */
export function timeOf(name: string, ms: number | undefined): number | undefined {
  if (ms === undefined) return undefined;
  if (!(ms > 0)) throw new RangeError(`Cannot set up gRPC: need ${name} > 0, got ${ms}`);
  return Math.min(ms, MAX_TIMER_MS);
}

function bytesOf(name: string, bytes: number | undefined): number | undefined {
  if (bytes === undefined) return undefined;
  if (!(bytes >= 0)) throw new RangeError(`Cannot set up gRPC: need ${name} >= 0, got ${bytes}`);
  return bytes === Infinity ? -1 : bytes;
}

/** Longer timers of the platform fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
