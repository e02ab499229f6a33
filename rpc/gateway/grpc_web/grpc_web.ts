/**
 * Calls by gRPC-Web.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
 * @module
 */

import type { Context } from "../../../rest/context.ts";
import { BadRequestError } from "../../../rest/errors.ts";
import { stream } from "../../../rest/response/stream.ts";
import { bytesToBase64 } from "../../proto/base64.ts";
import { each, GatewayCall } from "../call/gateway_call.ts";
import { readBody } from "../call/read_body.ts";
import { parseGrpcTimeout } from "../call/timeout_header.ts";
import { givesMany, takesMany, type Target } from "../method.ts";
import type { GatewayRouteOptions } from "../options.ts";
import { payloadOf } from "../protocol/compression.ts";
import { frameBytes, framesIn } from "../protocol/frame.ts";
import { addHeaders, metadataOfCall } from "../protocol/header_metadata.ts";
import { codecOf, type MessageCodec } from "../protocol/message_codec.ts";
import { bytesOfBase64 } from "./base64_body.ts";
import type { GrpcWebType } from "./content_type.ts";
import { trailerFrame } from "./trailer_frame.ts";

/** Answers a call. The status is always 200: how the call ended stands at the end of the body. */
export async function answerGrpcWeb(
  target: Target,
  type: GrpcWebType,
  context: Context,
  options: GatewayRouteOptions,
): Promise<Response> {
  const { request } = context;
  const codec = codecOf(type.codec, target.registry);
  const metadata = metadataOfCall(request, context, options);
  const timeoutMs = parseGrpcTimeout(request.headers.get("grpc-timeout"));
  const call = new GatewayCall(target, context, { metadata, timeoutMs });
  try {
    const messages = await requestMessages(target, type, codec, context);
    if (givesMany(target.method)) {
      const answers = await call.many(each(messages));
      return withHeader(stream(context, chunks(call, codec, answers, type), init(type)), call);
    }
    const answer = await call.single(messages);
    const message = frameBytes(0, codec.encode(target.method.output, answer));
    return withHeader(whole([message, trailerFrame(undefined, call.trailer)], type), call);
  } catch (thrown) {
    return withHeader(grpcWebFailure(thrown, type, call), call);
  }
}

/** The answer that says nothing but how the call failed. */
export function grpcWebFailure(
  thrown: unknown,
  type: GrpcWebType,
  { trailer }: Pick<GatewayCall, "trailer">,
): Response {
  return whole([trailerFrame(thrown, trailer)], type);
}

async function requestMessages(
  { method }: Target,
  { isText }: GrpcWebType,
  codec: MessageCodec,
  context: Context,
): Promise<object[]> {
  const body = await readBody(context);
  const bytes = isText ? bytesOfBase64(body) : body;
  const frames = framesIn(bytes, bytes.length);
  if (frames.length !== 1 && !takesMany(method)) {
    throw new BadRequestError(`Cannot call ${method.path}: need 1 message, got ${frames.length}`);
  }
  const encoding = context.request.headers.get("grpc-encoding");
  const messages: object[] = [];
  for (const frame of frames) {
    messages.push(codec.decode(method.input, await payloadOf(frame, encoding, context)));
  }
  return messages;
}

async function* chunks(
  call: GatewayCall,
  codec: MessageCodec,
  answers: AsyncIterable<object>,
  type: GrpcWebType,
): AsyncGenerator<string | Uint8Array> {
  const { output } = call.target.method;
  try {
    for await (const answer of answers) {
      yield encoded(frameBytes(0, codec.encode(output, answer)), type);
    }
    yield encoded(trailerFrame(undefined, call.trailer), type);
  } catch (thrown) {
    yield encoded(trailerFrame(thrown, call.trailer), type);
  }
}

function encoded(bytes: Uint8Array, { isText }: GrpcWebType): string | Uint8Array {
  return isText ? bytesToBase64(bytes) : bytes;
}

function whole(parts: Uint8Array<ArrayBuffer>[], type: GrpcWebType): Response {
  const body = type.isText ? parts.map(bytesToBase64).join("") : new Blob(parts);
  return new Response(body, init(type));
}

function init({ contentType }: GrpcWebType): ResponseInit {
  return { headers: { "content-type": contentType } };
}

function withHeader(response: Response, { header }: GatewayCall): Response {
  addHeaders(response.headers, header);
  return response;
}
