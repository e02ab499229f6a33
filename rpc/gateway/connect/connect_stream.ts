/**
 * Calls of many messages by the Connect protocol.
 *
 * @see https://connectrpc.com/docs/protocol/#streaming-rpcs
 * @module
 */

import type { Context } from "../../../rest/context.ts";
import { BadRequestError } from "../../../rest/errors.ts";
import { stream } from "../../../rest/response/stream.ts";
import type { Metadata } from "../../metadata.ts";
import type { TypeRegistry } from "../../proto/registry.ts";
import { GatewayCall } from "../call/gateway_call.ts";
import { takesMany, type Target } from "../method.ts";
import type { GatewayRouteOptions } from "../options.ts";
import { payloadOf } from "../protocol/compression.ts";
import { frameBytes, framesOf } from "../protocol/frame.ts";
import { addHeaders, entriesOf, metadataOfCall } from "../protocol/header_metadata.ts";
import { type CodecName, codecOf, type MessageCodec } from "../protocol/message_codec.ts";
import { connectError } from "./connect_error.ts";
import { connectTimeoutMs } from "./connect_headers.ts";

const END_OF_STREAM = 0x02;
const encoder = new TextEncoder();

/** Answers a call. The status is always 200: how the call ended stands at the end of the body. */
export async function answerConnectStream(
  target: Target,
  name: CodecName,
  context: Context,
  options: GatewayRouteOptions,
): Promise<Response> {
  const { request } = context;
  const codec = codecOf(name, target.registry);
  let call: GatewayCall | undefined;
  try {
    const metadata = metadataOfCall(request, context, options);
    call = new GatewayCall(target, context, {
      metadata,
      timeoutMs: connectTimeoutMs(request.headers),
    });
    const answers = await call.many(requestMessages(target, codec, context));
    const response = stream(context, chunks(call, codec, answers), init(name));
    addHeaders(response.headers, call.header);
    return response;
  } catch (thrown) {
    const response = connectStreamFailure(thrown, name, call?.trailer, target.registry);
    addHeaders(response.headers, call?.header);
    return response;
  }
}

/** The answer that says nothing but how a call failed. */
export function connectStreamFailure(
  thrown: unknown,
  name: CodecName,
  trailer?: Metadata,
  registry?: TypeRegistry,
): Response {
  return new Response(endFrame(thrown, trailer, registry), init(name));
}

async function* requestMessages(
  { method }: Target,
  codec: MessageCodec,
  context: Context,
): AsyncGenerator<object> {
  const { request, settings } = context;
  const encoding = request.headers.get("connect-content-encoding");
  let count = 0;
  const maxBytes = settings.maxBytes || Infinity;
  for await (const frame of request.body ? framesOf(request.body, maxBytes) : []) {
    if (++count > 1 && !takesMany(method)) {
      throw new BadRequestError(`Cannot call ${method.path}: it takes one message`);
    }
    yield codec.decode(method.input, await payloadOf(frame, encoding, context));
  }
  if (count === 0 && !takesMany(method)) {
    throw new BadRequestError(`Cannot call ${method.path}: need a message`);
  }
}

async function* chunks(
  call: GatewayCall,
  codec: MessageCodec,
  answers: AsyncIterable<object>,
): AsyncGenerator<Uint8Array> {
  const { method: { output }, registry } = call.target;
  try {
    for await (const answer of answers) yield frameBytes(0, codec.encode(output, answer));
    yield endFrame(undefined, call.trailer, registry);
  } catch (thrown) {
    yield endFrame(thrown, call.trailer, registry);
  }
}

function endFrame(
  thrown: unknown,
  trailer: Metadata | undefined,
  registry: TypeRegistry | undefined,
): Uint8Array<ArrayBuffer> {
  const metadata = Object.fromEntries(entriesOf(trailer));
  const error = thrown === undefined ? undefined : connectError(thrown, trailer, registry);
  return frameBytes(END_OF_STREAM, encoder.encode(JSON.stringify({ error, metadata })));
}

function init(name: CodecName): ResponseInit {
  return { headers: { "content-type": `application/connect+${name}` } };
}
