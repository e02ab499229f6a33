/**
 * Headers of HTTP as metadata of calls, and back.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { BadRequestError } from "../../../rest/errors.ts";
import { base64ToBytes, bytesToBase64 } from "../../proto/base64.ts";
import { Metadata, type MetadataValue } from "../../metadata.ts";
import { STATUS_DETAILS } from "../../status_details.ts";

const TRACE_HEADERS = ["traceparent", "tracestate", "baggage"];
const PREFIX = "grpc-metadata-";

/**
 * What goes upstream of the headers of a request: `traceparent`, `tracestate`, `baggage`, and `Grpc-Metadata-X` as
 * `gateway-x`. All else stays here, so no client can speak for a service behind the gateway.
 *
 * @throws {BadRequestError} If a value cannot be sent.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const headers = new Headers({ "Grpc-Metadata-Tenant": "acme", cookie: "secret" });
 * assertEquals([...metadataOfHeaders(headers)], [["gateway-tenant", "acme"]]);
 * ```
 */
export function metadataOfHeaders(headers: Headers): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of headers) {
    if (TRACE_HEADERS.includes(name)) append(metadata, name, value);
    else if (name.startsWith(PREFIX) && name.length > PREFIX.length) {
      append(metadata, `gateway-${name.slice(PREFIX.length)}`, value);
    }
  }
  return metadata;
}

/**
 * Adds a header as metadata: base64 where the name ends in `-bin`.
 *
 * @throws {BadRequestError} If the value cannot be sent.
 * @throws {ServiceError} `resource_exhausted`, which is 431, if it is more than a call can carry.
 */
export function append(metadata: Metadata, name: string, value: string): void {
  try {
    if (!name.endsWith("-bin")) return metadata.append(name, value);
    // Several values of one name come as one, with commas between.
    for (const part of value.split(",")) metadata.append(name, base64ToBytes(part.trim()));
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ServiceError("resource_exhausted", `Cannot send headers on: ${error.message}`, {
        httpStatus: 431,
        cause: error,
      });
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw new BadRequestError(`Cannot send header ${name} on: its value is no metadata`, {
      cause: error,
    });
  }
}

/** A value as the header that carries it. */
export function headerText(value: MetadataValue): string {
  return typeof value === "string" ? value : bytesToBase64(value);
}

/**
 * Adds metadata of an answer: `x` as `Grpc-Metadata-X`, of the trailer as `Grpc-Trailer-X`. Bytes are written as base64. The
 * details of an error are left out: its body has them.
 */
export function addMetadataHeaders(
  headers: Headers,
  { header, trailer }: {
    readonly header?: Metadata | undefined;
    readonly trailer?: Metadata | undefined;
  },
): void {
  for (const [name, value] of header ?? []) headers.append(PREFIX + name, headerText(value));
  for (const [name, value] of trailer ?? []) {
    if (name === STATUS_DETAILS) continue;
    headers.append(`grpc-trailer-${name}`, headerText(value));
  }
}
