/**
 * The interoperability tests of gRPC, as a client makes them.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { RpcClient } from "../../client/rpc_client.ts";
import type { Metadata } from "../../metadata.ts";
import {
  SimpleRequest,
  StreamingInputCallRequest,
  StreamingOutputCallRequest,
  testService,
  unimplementedService,
} from "./test.gen.ts";

const body = (size: number) => ({ type: 0, body: new Uint8Array(size) });
const input = (size: number) => StreamingInputCallRequest.create({ payload: body(size) });
const output = (sizes: number[], size = 0) =>
  StreamingOutputCallRequest.create({
    responseParameters: sizes.map((size) => ({ size, intervalUs: 0, compressed: undefined })),
    payload: body(size),
  });

const REQUEST_SIZES = [27_182, 8, 1_828, 45_904];
const RESPONSE_SIZES = [31_415, 9, 2_653, 58_979];

/** Each test by its name. */
export const INTEROP_CASES: Readonly<Record<string, (client: RpcClient) => Promise<void>>> = {
  async empty_unary(client) {
    assertEquals(await client.stub(testService).emptyCall({}), {});
  },
  async large_unary(client) {
    const request = SimpleRequest.create({ responseSize: 314_159, payload: body(271_828) });
    const { payload } = await client.stub(testService).unaryCall(request);
    assertEquals(payload?.body.length, 314_159);
  },
  async client_streaming(client) {
    const { aggregatedPayloadSize } = await client.stub(testService).streamingInputCall(
      REQUEST_SIZES.map(input),
    );
    assertEquals(aggregatedPayloadSize, 74_922);
  },
  async server_streaming(client) {
    const answers = client.stub(testService).streamingOutputCall(output(RESPONSE_SIZES));
    const sizes: (number | undefined)[] = [];
    for await (const { payload } of answers) sizes.push(payload?.body.length);
    assertEquals(sizes, RESPONSE_SIZES);
  },
  async ping_pong(client) {
    const heard: (number | undefined)[] = [];
    let next = Promise.withResolvers<void>();
    const requests = async function* () {
      for (const [index, size] of RESPONSE_SIZES.entries()) {
        yield output([size], REQUEST_SIZES[index]);
        await next.promise;
        next = Promise.withResolvers();
      }
    };
    for await (const { payload } of client.stub(testService).fullDuplexCall(requests())) {
      heard.push(payload?.body.length);
      next.resolve();
    }
    assertEquals(heard, RESPONSE_SIZES);
  },
  async empty_stream(client) {
    assertEquals(await Array.fromAsync(client.stub(testService).fullDuplexCall([])), []);
  },
  async custom_metadata(client) {
    const bytes = new Uint8Array([0xab, 0xab, 0xab]);
    let header: Metadata | undefined, trailer: Metadata | undefined;
    const options = {
      metadata: {
        "x-grpc-test-echo-initial": "test_initial_metadata_value",
        "x-grpc-test-echo-trailing-bin": bytes,
      },
      onHeader: (got: Metadata) => header = got,
      onTrailer: (got: Metadata) => trailer = got,
    };
    const check = () => {
      assertEquals(header?.get("x-grpc-test-echo-initial"), "test_initial_metadata_value");
      assertEquals(trailer?.getBytes("x-grpc-test-echo-trailing-bin"), bytes);
      header = trailer = undefined;
    };
    const stub = client.stub(testService);
    await stub.unaryCall(SimpleRequest.create({ responseSize: 1 }), options);
    check();
    await Array.fromAsync(stub.fullDuplexCall([output([1])], options));
    check();
  },
  async status_code_and_message(client) {
    const responseStatus = { code: 2, message: "test status message" };
    const stub = client.stub(testService);
    const runs = [
      () => stub.unaryCall(SimpleRequest.create({ responseStatus })),
      () =>
        Array.fromAsync(
          stub.fullDuplexCall([StreamingOutputCallRequest.create({ responseStatus })]),
        ),
    ];
    for (const run of runs) {
      const { code, message } = await assertRejects(run, ServiceError);
      assertEquals([code, message], ["unknown", "test status message"]);
    }
  },
  async special_status_message(client) {
    const message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    const request = SimpleRequest.create({ responseStatus: { code: 2, message } });
    const error = await assertRejects(
      () => client.stub(testService).unaryCall(request),
      ServiceError,
    );
    assertEquals([error.code, error.message], ["unknown", message]);
  },
  async unimplemented_method(client) {
    const error = await assertRejects(
      () => client.stub(testService).unimplementedCall({}),
      ServiceError,
    );
    assertEquals(error.code, "unimplemented");
  },
  async unimplemented_service(client) {
    const error = await assertRejects(
      () => client.stub(unimplementedService).unimplementedCall({}),
      ServiceError,
    );
    assertEquals(error.code, "unimplemented");
  },
  async cancel_after_begin(client) {
    const controller = new AbortController();
    const never = async function* () {
      await new Promise((resolve) => controller.signal.addEventListener("abort", resolve));
      yield input(1);
    };
    const answer = client.stub(testService).streamingInputCall(never(), {
      signal: controller.signal,
    });
    const enough = new DOMException("Enough", "AbortError");
    systemClock.setTimer(() => controller.abort(enough), 20, { keepAlive: true });
    const error = await assertRejects(() => answer, DOMException);
    assertEquals(error.name, "AbortError");
  },
  async cancel_after_first_response(client) {
    const controller = new AbortController();
    const requests = async function* () {
      yield output([31_415], 27_182);
      await new Promise((resolve) => controller.signal.addEventListener("abort", resolve));
    };
    let answers = 0;
    await assertRejects(async () => {
      const { signal } = controller;
      for await (const _ of client.stub(testService).fullDuplexCall(requests(), { signal })) {
        answers++;
        controller.abort(new DOMException("Enough", "AbortError"));
      }
    }, DOMException);
    assertEquals(answers, 1);
  },
  async timeout_on_sleeping_server(client) {
    const requests = async function* () {
      yield output([31_415], 27_182);
      await systemClock.sleep(200, { keepAlive: true });
    };
    const error = await assertRejects(
      () => Array.fromAsync(client.stub(testService).fullDuplexCall(requests(), { timeoutMs: 1 })),
      ServiceError,
    );
    assertEquals(error.code, "deadline_exceeded");
    assert(error.message !== "");
    await systemClock.sleep(250, { keepAlive: true }); // What sleeps wakes up.
  },
};
