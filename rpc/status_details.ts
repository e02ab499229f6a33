/**
 * Details of an error on the wire: a `google.rpc.Status` in the metadata `grpc-status-details-bin`.
 *
 * @see https://grpc.io/docs/guides/error/#richer-error-model
 * @module
 */

import type { Any } from "./proto/google/protobuf/any.gen.ts";
import { Struct } from "./proto/google/protobuf/struct.gen.ts";
import { ErrorInfo, RetryInfo } from "./proto/google/rpc/error_details.gen.ts";
import { Status as StatusMessage } from "./proto/google/rpc/status.gen.ts";
import { isJsonObject, type JsonValue } from "./proto/json_value.ts";
import type { MessageType } from "./proto/message_type.ts";
import type { Status } from "./status.ts";

/** Where the details travel. */
export const STATUS_DETAILS = "grpc-status-details-bin";

/** What an error says besides its code and its message. */
export interface ErrorFacts {
  /** Facts for the caller. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds after which the caller may try again. */
  readonly retryAfterMs?: number | undefined;
}

const TYPES = "type.googleapis.com/";
/** Proxies and clients refuse headers of more than 8 KiB or 16 KiB in all. */
const MAX_BYTES = 4096;

/**
 * Writes what an error says besides its status: facts as a `Struct`, when to come back as a `RetryInfo`. Facts that cannot be
 * written, or are more than fits in a header, are left out. `undefined` if there is nothing to say.
 */
export function encodeStatusDetails(status: Status, facts: ErrorFacts): Uint8Array | undefined {
  const { details, retryAfterMs } = facts;
  const retry = attempt(retryAfterMs, (ms) => packed(RetryInfo, retryInfo(ms)));
  const struct = attempt(details, (facts) => packed(Struct, Struct.fromJson(plainJson(facts))));
  return encoded(status, [struct, retry]) ?? encoded(status, [retry]);
}

/** Reads what {@link encodeStatusDetails} writes, and the `ErrorInfo` of others. What cannot be read says nothing. */
export function decodeStatusDetails(bytes: Uint8Array): ErrorFacts {
  try {
    return StatusMessage.decode(bytes).details.reduce<ErrorFacts>(
      (facts, any) => ({ ...facts, ...factsOf(any) }),
      {},
    );
  } catch {
    return {};
  }
}

/** An error that cannot be told in detail is told all the same. */
function attempt<T, R>(value: T | undefined, make: (value: T) => R): R | undefined {
  if (value === undefined || value === null) return undefined;
  try {
    return make(value);
  } catch {
    return undefined;
  }
}

function encoded(status: Status, parts: readonly (Any | undefined)[]): Uint8Array | undefined {
  const details = parts.filter((part) => part !== undefined);
  if (details.length === 0) return undefined;
  const bytes = StatusMessage.encode({ ...status, details });
  return bytes.length <= MAX_BYTES ? bytes : undefined;
}

function packed<T extends object>(type: MessageType<T>, message: T): Any {
  return { typeUrl: TYPES + type.typeName, value: type.encode(message) };
}

/** What JSON would make of it: dates become texts, and what is `undefined` goes. */
function plainJson(details: Readonly<Record<string, unknown>>): JsonValue {
  return JSON.parse(JSON.stringify(details));
}

function retryInfo(ms: number): RetryInfo {
  const seconds = Math.floor(ms / 1000);
  const nanos = Math.floor((ms - seconds * 1000) * 1e6);
  return { retryDelay: { seconds: BigInt(seconds), nanos } };
}

function factsOf({ typeUrl, value }: Any): ErrorFacts {
  switch (typeUrl) {
    case TYPES + Struct.typeName: {
      const details = Struct.toJson(Struct.decode(value));
      return isJsonObject(details) ? { details } : {};
    }
    case TYPES + ErrorInfo.typeName: {
      const { reason, domain, metadata } = ErrorInfo.decode(value);
      return { details: { ...Object.fromEntries(metadata), reason, domain } };
    }
    case TYPES + RetryInfo.typeName: {
      const delay = RetryInfo.decode(value).retryDelay;
      return delay ? { retryAfterMs: Number(delay.seconds) * 1000 + delay.nanos / 1e6 } : {};
    }
    default:
      return {};
  }
}
