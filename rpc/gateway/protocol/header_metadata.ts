/**
 * Headers of Connect and gRPC-Web, where they are the metadata.
 *
 * @module
 */

import type { Context } from "../../../rest/context.ts";
import { Metadata } from "../../metadata.ts";
import type { GatewayRouteOptions } from "../options.ts";
import { append, headerText } from "../transcode/metadata_headers.ts";

/** Of a connection, of a protocol, or added by browsers. */
const OWN = new Set([
  "access-control-request-headers",
  "access-control-request-method",
  "cache-control",
  "connection",
  "cookie",
  "date",
  "dnt",
  "host",
  "keep-alive",
  "origin",
  "pragma",
  "priority",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "upgrade-insecure-requests",
  "user-agent",
  "x-grpc-web",
  "x-user-agent",
  "zeno-timeout-ms",
]);
const OWN_PREFIX = /^(?:accept|connect-|content-|grpc-|if-|proxy-|sec-)/;

/** Headers of answers that are not for metadata to set. */
const RESERVED =
  /^(?:access-control-|connection$|content-|date$|grpc-|keep-alive$|set-cookie$|trailer$|transfer-encoding$|upgrade$|vary$)/;

/**
 * The headers of a request as metadata, and what the options add.
 *
 * @throws {BadRequestError} If a value cannot be sent.
 */
export function metadataOfCall(
  request: Request,
  context: Context,
  { forwardHeader, metadata: more }: GatewayRouteOptions,
): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of request.headers) {
    if (OWN.has(name) || OWN_PREFIX.test(name) || !/^[0-9a-z_.-]+$/.test(name)) continue;
    if (forwardHeader?.(name) ?? true) append(metadata, name, value);
  }
  const added = more?.(request, context);
  if (added) metadata.merge(new Metadata(added));
  return metadata;
}

/** Adds metadata to the headers of an answer, each name with `prefix` before it. */
export function addHeaders(headers: Headers, metadata: Metadata | undefined, prefix = ""): void {
  for (const [name, value] of metadata ?? []) {
    if (!RESERVED.test(name)) headers.append(prefix + name, headerText(value));
  }
}

/** Names and values of metadata, all values of a name together. */
export function entriesOf(metadata: Metadata | undefined): [name: string, values: string[]][] {
  return [...metadata?.keys() ?? []].filter((name) => !RESERVED.test(name)).map((name) => [
    name,
    metadata!.getAll(name).map(headerText),
  ]);
}
