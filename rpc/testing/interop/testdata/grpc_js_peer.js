// The other side of the interoperability tests, written with the bare package, bundled and run on Node.
// `server` prints its port and serves until its input ends; `client ADDRESS` makes all calls and prints `ok` for each.

import * as grpc from "npm:@grpc/grpc-js@~1.14";
import { Buffer } from "node:buffer";
import { strict as assert } from "node:assert";
import process from "node:process";
import { testService, unimplementedService } from "../test.gen.ts";

const view = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function definition(service) {
  return Object.fromEntries(
    Object.entries(service.methods).map(([key, { path, kind, input, output }]) => [key, {
      path,
      requestStream: kind === "client_stream" || kind === "bidi_stream",
      responseStream: kind === "server_stream" || kind === "bidi_stream",
      requestSerialize: (message) => view(input.encode(message)),
      requestDeserialize: (bytes) => input.decode(new Uint8Array(bytes)),
      responseSerialize: (message) => view(output.encode(message)),
      responseDeserialize: (bytes) => output.decode(new Uint8Array(bytes)),
    }]),
  );
}

const payload = (size) => ({ type: 0, body: new Uint8Array(size) });
const failure = ({ code, message }) => ({ code, details: message });

function echo(call) {
  const initial = call.metadata.get("x-grpc-test-echo-initial");
  if (initial.length > 0) {
    const header = new grpc.Metadata();
    header.set("x-grpc-test-echo-initial", initial[0]);
    call.sendMetadata(header);
  }
  const trailer = new grpc.Metadata();
  const trailing = call.metadata.get("x-grpc-test-echo-trailing-bin");
  if (trailing.length > 0) trailer.set("x-grpc-test-echo-trailing-bin", trailing[0]);
  return trailer;
}

// The package tells nobody whether a request was compressed, but knows.
const compressed = (call) => call.call.incomingEncoding !== "identity";
const notAsExpected = { code: 3, details: "Cannot take request: compression is not as expected" };

const implementation = {
  emptyCall: (_call, respond) => respond(null, {}),
  unaryCall(call, respond) {
    const { expectCompressed } = call.request;
    if (expectCompressed && expectCompressed.value !== compressed(call)) {
      return respond(notAsExpected);
    }
    const trailer = echo(call);
    const { responseStatus, responseSize } = call.request;
    if (responseStatus?.code) return respond(failure(responseStatus), null, trailer);
    respond(null, { payload: payload(responseSize), username: "", oauthScope: "" }, trailer);
  },
  streamingOutputCall(call) {
    for (const { size } of call.request.responseParameters) call.write({ payload: payload(size) });
    call.end();
  },
  streamingInputCall(call, respond) {
    let aggregatedPayloadSize = 0;
    let expected = true;
    call.on("data", ({ payload, expectCompressed }) => {
      aggregatedPayloadSize += payload?.body.length ?? 0;
      if (expectCompressed && expectCompressed.value !== compressed(call)) expected = false;
    });
    call.on("end", () =>
      expected ? respond(null, { aggregatedPayloadSize }) : respond(notAsExpected));
  },
  fullDuplexCall(call) {
    const trailer = echo(call);
    call.on("data", ({ responseStatus, responseParameters }) => {
      if (responseStatus?.code) return call.emit("error", failure(responseStatus));
      for (const { size } of responseParameters) call.write({ payload: payload(size) });
    });
    call.on("end", () => call.end(trailer));
  },
};

function serve() {
  const server = new grpc.Server();
  const { unimplementedCall: _, ...known } = definition(testService);
  server.addService(known, implementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(port);
  });
}

const REQUEST_SIZES = [27182, 8, 1828, 45904];
const RESPONSE_SIZES = [31415, 9, 2653, 58979];
const output = (sizes, size = 0) => ({
  responseType: 0,
  responseParameters: sizes.map((size) => ({ size, intervalUs: 0 })),
  payload: payload(size),
});
const simple = (fields) => ({
  responseType: 0,
  responseSize: 0,
  fillUsername: false,
  fillOauthScope: false,
  ...fields,
});

async function call(address) {
  const Test = grpc.makeClientConstructor(definition(testService), "TestService");
  const Unimplemented = grpc.makeClientConstructor(definition(unimplementedService), "Un");
  const client = new Test(address, grpc.credentials.createInsecure());
  const unary = (method, request, metadata = new grpc.Metadata(), seen = {}) =>
    new Promise((resolve, reject) => {
      const call = client[method](request, metadata, (error, answer) =>
        error ? reject(error) : setTimeout(() => resolve(answer)));
      call.on("metadata", (got) => seen.header = got);
      call.on("status", (got) => seen.trailer = got.metadata);
    });
  const ended = (call, onData = () => {}) =>
    new Promise((resolve, reject) => {
      call.on("data", onData);
      call.on("error", reject);
      call.on("status", resolve);
    });
  const cases = {
    empty_unary: async () => assert.deepEqual({ ...await unary("emptyCall", {}) }, {}),
    async large_unary() {
      const request = simple({ responseSize: 314159, payload: payload(271828) });
      assert.equal((await unary("unaryCall", request)).payload.body.length, 314159);
    },
    client_streaming: () =>
      new Promise((resolve, reject) => {
        const call = client.streamingInputCall((error, answer) => {
          if (error) return reject(error);
          assert.equal(answer.aggregatedPayloadSize, 74922);
          resolve();
        });
        for (const size of REQUEST_SIZES) call.write({ payload: payload(size) });
        call.end();
      }),
    async server_streaming() {
      const sizes = [];
      await ended(client.streamingOutputCall(output(RESPONSE_SIZES)), (answer) =>
        sizes.push(answer.payload.body.length));
      assert.deepEqual(sizes, RESPONSE_SIZES);
    },
    async ping_pong() {
      const call = client.fullDuplexCall();
      const sizes = [];
      const say = () => {
        if (sizes.length === RESPONSE_SIZES.length) return call.end();
        call.write(output([RESPONSE_SIZES[sizes.length]], REQUEST_SIZES[sizes.length]));
      };
      say();
      await ended(call, (answer) => {
        sizes.push(answer.payload.body.length);
        say();
      });
      assert.deepEqual(sizes, RESPONSE_SIZES);
    },
    async empty_stream() {
      const call = client.fullDuplexCall();
      call.end();
      assert.equal((await ended(call)).code, 0);
    },
    async custom_metadata() {
      const metadata = new grpc.Metadata();
      metadata.set("x-grpc-test-echo-initial", "test_initial_metadata_value");
      metadata.set("x-grpc-test-echo-trailing-bin", Buffer.from("ababab", "hex"));
      const seen = {};
      await unary("unaryCall", simple({ responseSize: 1 }), metadata, seen);
      assert.equal(seen.header.get("x-grpc-test-echo-initial")[0], "test_initial_metadata_value");
      assert.equal(seen.trailer.get("x-grpc-test-echo-trailing-bin")[0].toString("hex"), "ababab");
    },
    async status_code_and_message() {
      const responseStatus = { code: 2, message: "test status message" };
      await assert.rejects(unary("unaryCall", simple({ responseStatus })), {
        code: 2,
        details: "test status message",
      });
      const call = client.fullDuplexCall();
      call.write({ ...output([]), responseStatus });
      call.end();
      await assert.rejects(ended(call), { code: 2, details: "test status message" });
    },
    async special_status_message() {
      const message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
      const request = simple({ responseStatus: { code: 2, message } });
      await assert.rejects(unary("unaryCall", request), { code: 2, details: message });
    },
    unimplemented_method: () => assert.rejects(unary("unimplementedCall", {}), { code: 12 }),
    unimplemented_service: () =>
      new Promise((resolve, reject) => {
        const other = new Unimplemented(address, grpc.credentials.createInsecure());
        other.unimplementedCall({}, (error) => {
          other.close();
          error?.code === 12 ? resolve() : reject(error ?? new Error("an answer came"));
        });
      }),
    cancel_after_begin: () =>
      new Promise((resolve, reject) => {
        const call = client.streamingInputCall((error) =>
          error?.code === 1 ? resolve() : reject(error ?? new Error("an answer came")));
        setTimeout(() => call.cancel(), 20);
      }),
    async cancel_after_first_response() {
      const call = client.fullDuplexCall();
      call.write(output([31415], 27182));
      await assert.rejects(ended(call, () => call.cancel()), { code: 1 });
    },
    async timeout_on_sleeping_server() {
      const call = client.fullDuplexCall(new grpc.Metadata(), { deadline: Date.now() + 1 });
      call.write(output([31415], 27182));
      await assert.rejects(ended(call), { code: 4 });
    },
  };
  const gzip = new Test(address, grpc.credentials.createInsecure(), {
    "grpc.default_compression_algorithm": 2,
  });
  // Without the probes: servers of this package cannot know what is compressed.
  const compressionCases = {
    client_compressed_unary: () =>
      new Promise((resolve, reject) => {
        const request = simple({
          expectCompressed: { value: true },
          responseSize: 314159,
          payload: payload(271828),
        });
        gzip.unaryCall(request, (error, answer) => {
          if (error) return reject(error);
          assert.equal(answer.payload.body.length, 314159);
          resolve();
        });
      }),
    client_compressed_streaming: () =>
      new Promise((resolve, reject) => {
        const call = gzip.streamingInputCall((error, answer) => {
          if (error) return reject(error);
          assert.equal(answer.aggregatedPayloadSize, 73086);
          resolve();
        });
        const noCompress = 2;
        call.write({ expectCompressed: { value: true }, payload: payload(27182) });
        call.write({ expectCompressed: { value: false }, payload: payload(45904) }, noCompress);
        call.end();
      }),
  };
  for (const [name, run] of Object.entries({ ...cases, ...compressionCases })) {
    try {
      await run();
      console.log(`ok ${name}`);
    } catch (error) {
      console.log(`failed ${name}: ${error.stack}`);
    }
  }
  client.close();
  gzip.close();
}

const [mode, address] = process.argv.slice(2);
if (mode === "server") {
  serve();
  process.stdin.resume().on("end", () => process.exit());
} else {
  await call(address);
  process.exit();
}
