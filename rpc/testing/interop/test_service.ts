/**
 * The service of the interoperability tests of gRPC.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
 * @module
 */

import { systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import { Metadata } from "../../metadata.ts";
import type { RpcContext } from "../../server/context.ts";
import type { Implementation } from "../../server/handler.ts";
import { errorOfStatus } from "../../status.ts";
import type {
  EchoStatus,
  Payload,
  StreamingOutputCallRequest,
  StreamingOutputCallResponse,
  TestServiceMethods,
} from "./test.gen.ts";

/** The functions of `grpc.testing.TestService`. */
export const testService: Implementation<TestServiceMethods> = {
  emptyCall: () => ({}),
  unaryCall({ responseSize, responseStatus }, context) {
    echoMetadata(context);
    echoStatus(responseStatus);
    return { payload: payload(responseSize), username: "", oauthScope: "" };
  },
  streamingOutputCall: (request, context) => answers(request, context),
  async streamingInputCall(requests) {
    let aggregatedPayloadSize = 0;
    for await (const { payload } of requests) aggregatedPayloadSize += payload?.body.length ?? 0;
    return { aggregatedPayloadSize };
  },
  async *fullDuplexCall(requests, context) {
    echoMetadata(context);
    for await (const request of requests) {
      echoStatus(request.responseStatus);
      yield* answers(request, context);
    }
  },
  unimplementedCall() {
    throw new ServiceError("unimplemented", "Cannot call UnimplementedCall: it is not implemented");
  },
};

async function* answers(
  { responseParameters }: StreamingOutputCallRequest,
  { signal }: RpcContext,
): AsyncGenerator<StreamingOutputCallResponse> {
  for (const { size, intervalUs } of responseParameters) {
    if (intervalUs > 0) {
      await systemClock.sleep(intervalUs / 1000, { signal, keepAlive: true });
    }
    yield { payload: payload(size) };
  }
}

function payload(size: number): Payload {
  return { type: 0, body: new Uint8Array(size) };
}

function echoMetadata(context: RpcContext): void {
  const initial = context.metadata.getAll("x-grpc-test-echo-initial");
  if (initial.length > 0) {
    context.sendHeader(new Metadata({ "x-grpc-test-echo-initial": initial }));
  }
  const trailing = context.metadata.getBytes("x-grpc-test-echo-trailing-bin");
  if (trailing) context.trailer.set("x-grpc-test-echo-trailing-bin", trailing);
}

function echoStatus(status: EchoStatus | undefined): void {
  if (status && status.code !== 0) throw errorOfStatus(status);
}
