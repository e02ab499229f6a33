/**
 * Calls of one message each way by the Connect protocol.
 *
 * @see https://connectrpc.com/docs/protocol/#unary-rpcs
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { Context } from "../../../rest/context.ts";
import { BadRequestError } from "../../../rest/errors.ts";
import type { Metadata } from "../../metadata.ts";
import { base64ToBytes } from "../../proto/base64.ts";
import type { TypeRegistry } from "../../proto/registry.ts";
import { GatewayCall } from "../call/gateway_call.ts";
import { readBody } from "../call/read_body.ts";
import type { Target } from "../method.ts";
import type { GatewayRouteOptions } from "../options.ts";
import { decompressed } from "../protocol/compression.ts";
import { addHeaders, metadataOfCall } from "../protocol/header_metadata.ts";
import { type CodecName, codecOf } from "../protocol/message_codec.ts";
import { connectError, connectStatus } from "./connect_error.ts";
import { connectTimeoutMs } from "./connect_headers.ts";

/** Answers a call whose message is the body. */
export function answerConnectUnary(
  target: Target,
  codec: CodecName,
  context: Context,
  options: GatewayRouteOptions,
): Promise<Response> {
  return answer(target, context, options, async () => {
    const { headers } = context.request;
    checkVersion(headers.get("connect-protocol-version"));
    const encoding = headers.get("content-encoding") ?? "identity";
    if (encoding !== "identity") {
      throw new ServiceError("unimplemented", "Cannot read body: send it as gzip or identity");
    }
    return { codec, bytes: await readBody(context) };
  });
}

/** Answers a call whose message is in the query. */
export function answerConnectGet(
  target: Target,
  context: Context,
  options: GatewayRouteOptions,
): Promise<Response> {
  return answer(target, context, options, async () => {
    const query = new URL(context.request.url).searchParams;
    const version = query.get("connect");
    if (version !== null && version !== "v1") {
      throw new BadRequestError('Cannot read request: need connect "v1"');
    }
    const codec = query.get("encoding");
    const message = query.get("message");
    if (codec !== "json" && codec !== "proto") {
      throw new BadRequestError('Cannot read request: need encoding "json" or "proto"');
    }
    if (message === null) throw new BadRequestError("Cannot read request: need message");
    const bytes = bytesOfText(message, query.get("base64") === "1");
    return { codec, bytes: await decompressed(bytes, query.get("compression"), context) };
  });
}

interface EncodedMessage {
  readonly codec: CodecName;
  readonly bytes: Uint8Array;
}

async function answer(
  target: Target,
  context: Context,
  options: GatewayRouteOptions,
  read: () => EncodedMessage | Promise<EncodedMessage>,
): Promise<Response> {
  const { method: { input, output }, registry } = target;
  const { request } = context;
  let call: GatewayCall | undefined;
  try {
    const metadata = metadataOfCall(request, context, options);
    const timeoutMs = connectTimeoutMs(request.headers);
    call = new GatewayCall(target, context, { metadata, timeoutMs });
    const encoded = await read();
    const codec = codecOf(encoded.codec, registry);
    const message = await call.single([codec.decode(input, encoded.bytes)]);
    const headers = { "content-type": `application/${encoded.codec}` };
    return withMetadata(new Response(codec.encode(output, message), { headers }), call);
  } catch (thrown) {
    return withMetadata(connectFailure(thrown, call?.trailer, registry), call);
  }
}

/** The answer that says how a call failed. */
export function connectFailure(
  thrown: unknown,
  trailer?: Metadata,
  registry?: TypeRegistry,
): Response {
  const error = ServiceError.from(thrown);
  const headers = new Headers();
  if (error.retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.ceil(error.retryAfterMs / 1000)));
  }
  const status = connectStatus(error);
  return Response.json(connectError(error, trailer, registry), { status, headers });
}

function withMetadata(response: Response, call: GatewayCall | undefined): Response {
  addHeaders(response.headers, call?.header);
  addHeaders(response.headers, call?.trailer, "trailer-");
  return response;
}

function checkVersion(version: string | null): void {
  if (version === null || version === "1") return;
  throw new BadRequestError('Cannot read request: need connect-protocol-version "1"');
}

const encoder = new TextEncoder();

function bytesOfText(text: string, isBase64: boolean): Uint8Array {
  if (!isBase64) return encoder.encode(text);
  try {
    return base64ToBytes(text);
  } catch (error) {
    throw new BadRequestError("Cannot read request: its message is not base64", { cause: error });
  }
}
