/**
 * The interoperability tests of gRPC on compression, as clients make them.
 *
 * Those on compressed answers (`server_compressed_*`) cannot be had: servers of grpc-js do not compress, and hide whether
 * the caller would understand it. That our clients read compressed answers is tested with the transport.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../../core/errors.ts";
import type { RpcClient } from "../../client/rpc_client.ts";
import { SimpleRequest, StreamingInputCallRequest, testService } from "./test.gen.ts";

/** A client that compresses and one that does not: our clients do so for all calls or for none. */
export interface CompressionClients {
  /** Sends as it is. */
  readonly plain: RpcClient;
  /** Compresses what it sends. */
  readonly gzip: RpcClient;
}

/** What is known of the server. */
export interface CompressionServer {
  /** Whether it says so when a request is not compressed that should be; servers of grpc-js cannot know without tricks. */
  readonly probes: boolean;
}

const payload = (size: number) => ({ type: 0, body: new Uint8Array(size) });

/** Each test by its name. */
export const COMPRESSION_CASES: Readonly<
  Record<string, (clients: CompressionClients, server: CompressionServer) => Promise<void>>
> = {
  async client_compressed_unary({ plain, gzip }, { probes }) {
    const call = async (client: RpcClient, expected: boolean) => {
      const answer = await client.stub(testService).unaryCall(SimpleRequest.create({
        expectCompressed: { value: expected },
        responseSize: 314_159,
        payload: payload(271_828),
      }));
      assertEquals(answer.payload?.body.length, 314_159);
    };
    if (probes) assertEquals(await codeOf(call(plain, true)), "invalid_argument");
    await call(gzip, true);
    await call(plain, false);
  },
  async client_compressed_streaming({ plain, gzip }, { probes }) {
    const call = async (client: RpcClient, expected: boolean) => {
      const requests = [27_182, 45_904].map((size) =>
        StreamingInputCallRequest.create({
          expectCompressed: { value: expected },
          payload: payload(size),
        })
      );
      const { aggregatedPayloadSize } = await client.stub(testService).streamingInputCall(requests);
      assertEquals(aggregatedPayloadSize, 73_086);
    };
    if (probes) assertEquals(await codeOf(call(plain, true)), "invalid_argument");
    await call(gzip, true);
    await call(plain, false);
  },
};

async function codeOf(call: Promise<void>): Promise<string> {
  return (await assertRejects(() => call, ServiceError)).code;
}
