/**
 * How a call ended, as gRPC-Web says it at the end of a body.
 *
 * @module
 */

import { grpcNumberOf, ServiceError } from "../../../core/errors.ts";
import { formatPushback, PUSHBACK_HEADER } from "../../../core/retry/chain.ts";
import type { Metadata } from "../../metadata.ts";
import { bytesToBase64 } from "../../proto/base64.ts";
import { statusBytes } from "../call/status_facts.ts";
import { frameBytes } from "../protocol/frame.ts";
import { entriesOf } from "../protocol/header_metadata.ts";

const TRAILERS = 0x80;
const encoder = new TextEncoder();

/** The frame of a call that ended well, or with an error. */
export function trailerFrame(
  thrown: unknown,
  trailer: Metadata | undefined,
): Uint8Array<ArrayBuffer> {
  const lines = thrown === undefined ? ["grpc-status: 0"] : errorLines(thrown, trailer);
  for (const [name, values] of entriesOf(trailer)) {
    for (const value of values) lines.push(`${name}: ${value}`);
  }
  return frameBytes(TRAILERS, encoder.encode(lines.map((line) => `${line}\r\n`).join("")));
}

function errorLines(thrown: unknown, trailer: Metadata | undefined): string[] {
  const error = ServiceError.from(thrown);
  const lines = [
    `grpc-status: ${grpcNumberOf(error.code)}`,
    `grpc-message: ${percentEncoded(error.message)}`,
  ];
  const details = statusBytes(error, trailer);
  if (details) lines.push(`grpc-status-details-bin: ${bytesToBase64(details)}`);
  const pushback = formatPushback(error);
  if (pushback !== undefined) lines.push(`${PUSHBACK_HEADER}: ${pushback}`);
  return lines;
}

/** All but printable ASCII, and the percent sign, in escapes of UTF-8. */
function percentEncoded(message: string): string {
  return message.toWellFormed().replace(/[^ -$&-~]+/gu, encodeURIComponent);
}
