/**
 * What a call that failed says besides its code and its message.
 *
 * @module
 */

import { grpcNumberOf, ServiceError } from "../../../core/errors.ts";
import type { Metadata } from "../../metadata.ts";
import { bytesToBase64 } from "../../proto/base64.ts";
import { Any } from "../../proto/google/protobuf/any.gen.ts";
import { googleRpcErrorDetailsFile } from "../../proto/google/rpc/error_details.gen.ts";
import { Status } from "../../proto/google/rpc/status.gen.ts";
import type { JsonValue } from "../../proto/json_value.ts";
import { type TypeRegistry, typeRegistry } from "../../proto/registry.ts";
import { encodeStatusDetails, STATUS_DETAILS } from "../../status_details.ts";

const known = typeRegistry(googleRpcErrorDetailsFile);

/** The `google.rpc.Status` of a call that failed, as bytes; `undefined` if it says no more than code and message. */
export function statusBytes(
  error: ServiceError,
  trailer: Metadata | undefined,
): Uint8Array | undefined {
  return trailer?.getBytes(STATUS_DETAILS) ??
    encodeStatusDetails({ code: grpcNumberOf(error.code), message: error.message }, error);
}

/** The messages in the details of a call that failed. */
export function statusDetails(error: ServiceError, trailer: Metadata | undefined): Any[] {
  const bytes = statusBytes(error, trailer);
  if (bytes === undefined) return [];
  try {
    return Status.decode(bytes).details;
  } catch {
    return []; // What cannot be read says nothing.
  }
}

/** A message in details as JSON; as base64 if its type is not known. */
export function detailJson(any: Any, registry: TypeRegistry): JsonValue {
  const find = (typeName: string) => known.find(typeName) ?? registry.find(typeName);
  try {
    return Any.toJson(any, { registry: { find } });
  } catch {
    return { "@type": any.typeUrl, value: bytesToBase64(any.value) };
  }
}

/**
 * The error of a call with its details as JSON, as problem+json shows it: facts by their names, and messages as `details`.
 */
export function detailedError(
  thrown: unknown,
  trailer: Metadata | undefined,
  registry: TypeRegistry,
): ServiceError {
  const error = ServiceError.from(thrown);
  if (!trailer?.has(STATUS_DETAILS)) return error;
  // Facts of this project are in `details` of the error already.
  const details = statusDetails(error, trailer)
    .filter(({ typeUrl }) => !typeUrl.endsWith("/google.protobuf.Struct"))
    .map((any) => detailJson(any, registry));
  if (details.length === 0) return error;
  const { code, message, httpStatus, retryAfterMs } = error;
  return new ServiceError(code, message, {
    cause: error,
    details: { ...error.details, details },
    httpStatus,
    retryAfterMs,
  });
}
