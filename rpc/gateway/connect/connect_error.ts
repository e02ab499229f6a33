/**
 * Errors as Connect writes them.
 *
 * @see https://connectrpc.com/docs/protocol/#error-end-stream
 * @module
 */

import { type ErrorCode, ServiceError } from "../../../core/errors.ts";
import type { Metadata } from "../../metadata.ts";
import type { JsonValue } from "../../proto/json_value.ts";
import { type TypeRegistry, typeRegistry } from "../../proto/registry.ts";
import { detailJson, statusDetails } from "../call/status_facts.ts";

/** An error. */
export interface ConnectError {
  /** One of the sixteen codes. */
  readonly code: ErrorCode;
  /** What happened. */
  readonly message: string;
  /** Messages that say more. */
  readonly details?: readonly ConnectErrorDetail[];
}

/** A message that says more of an error. */
export interface ConnectErrorDetail {
  /** Full name of its type. */
  readonly type: string;
  /** Its bytes as base64 without padding. */
  readonly value: string;
  /** The same for people. */
  readonly debug?: JsonValue;
}

const NO_TYPES = typeRegistry();

/** What is said of something thrown. */
export function connectError(
  thrown: unknown,
  trailer: Metadata | undefined,
  registry: TypeRegistry = NO_TYPES,
): ConnectError {
  const error = ServiceError.from(thrown);
  const details = statusDetails(error, trailer).map((any): ConnectErrorDetail => ({
    type: any.typeUrl.slice(any.typeUrl.lastIndexOf("/") + 1),
    value: any.value.toBase64({ omitPadding: true }),
    debug: detailJson(any, registry),
  }));
  const { code, message } = error;
  return details.length > 0 ? { code, message, details } : { code, message };
}

/** The status of an answer with this error; that of a client which went away has none in the table of the project. */
export function connectStatus({ code, httpStatus }: ServiceError): number {
  return code === "canceled" ? 499 : httpStatus;
}
