/** A service of every kind for the tests of the gateway: descriptors from text, and what answers. */

import { compileProtos, descriptorOf } from "../../../cli/proto/compile.ts";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import type { RestConfInput } from "../../../rest/config.ts";
import { Server } from "../../../rest/server.ts";
import { InprocNetwork } from "../../transport/inproc/network.ts";
import { grpcTransport } from "../../transport/grpc_js/client_transport.ts";
import { grpcServerTransport } from "../../transport/grpc_js/server_transport.ts";
import { inprocTransport } from "../../transport/inproc/client_transport.ts";
import { inprocServerTransport } from "../../transport/inproc/server_transport.ts";
import { formatGatewayError } from "../format_error.ts";
import { addGateway, type GatewayRoutesOptions } from "../gateway_routes.ts";
import { ServiceError } from "../../../core/errors.ts";
import { Metadata } from "../../metadata.ts";
import { HttpRule } from "../../proto/google/api/http.gen.ts";
import type { MethodInfo, ServiceInfo } from "../../method.ts";
import { Writer } from "../../proto/writer.ts";
import type { IncomingCall, ServedMethod } from "../../transport/transport.ts";
import { DescriptorPool } from "../dynamic/descriptor_pool.ts";
import type { GatewayMethod } from "../method.ts";
import { servicesOfPool } from "../service/described_service.ts";

/** The `FileDescriptorSet` of a file beside this one. */
export function protoSet(name: string): Uint8Array {
  const path = new URL(name, import.meta.url).pathname;
  const { program, diagnostics } = compileProtos([path], {
    readFile: (path) => Deno.readTextFileSync(path),
    importPaths: [],
  });
  if (!program) throw new Error(JSON.stringify(diagnostics));
  const writer = new Writer();
  for (const file of program.files) writer.tag(0x0a).bytes(descriptorOf(file, program));
  return writer.finish();
}

export const librarySet: Uint8Array = protoSet("library.proto");
export const libraryPool: DescriptorPool = DescriptorPool.fromSets(librarySet);

const methods: readonly GatewayMethod[] = servicesOfPool(libraryPool, {
  unary: () => Promise.reject(new Error("none")),
  stream: () => {
    throw new Error("none");
  },
})[0]!.methods;

/** A method of the library. */
export function libraryMethod(name: string): GatewayMethod {
  return methods.find((method) => method.name === name)!;
}

interface NumberMessage {
  value: number;
}
interface CountMessage {
  from: number;
  to: number;
  failAt: number;
  waitMs: number;
}

/** The library as generated code describes it. */
export const libraryInfo: ServiceInfo = {
  typeName: "library.v1.Library",
  methods: Object.fromEntries(methods.map((method) => [
    method.name.slice(0, 1).toLowerCase() + method.name.slice(1),
    {
      ...method,
      options: method.rule ? { "google.api.http": HttpRule.toJson(method.rule) } : undefined,
    } as unknown as MethodInfo,
  ])),
  descriptor: librarySet,
};

/** What has happened, for tests to look at. */
export interface LibraryLog {
  /** Methods that were cancelled. */
  canceled: string[];
  /** Metadata of the last call. */
  metadata: [string, unknown][];
  /** Milliseconds that the last caller said it waits. */
  remainingMs: number;
}

/** What answers the methods. */
export function libraryServed(log: LibraryLog): ServedMethod[] {
  return methods.map((method) => servedMethod(method, log));
}

function servedMethod(method: GatewayMethod, log: LibraryLog): ServedMethod {
  const begin = (call: IncomingCall) => {
    log.metadata = [...call.metadata];
    log.remainingMs = call.remainingMs;
    call.onCancel(() => log.canceled.push(method.name));
  };
  if (method.kind !== "unary") {
    return {
      method,
      kind: "stream",
      handle: (requests, call) => {
        begin(call);
        return streams[method.name]!(requests as AsyncIterable<never>, call);
      },
    };
  }
  return {
    method,
    kind: "unary",
    handle: async (request, call) => {
      begin(call);
      call.trailer.append("x-trail", "t1");
      call.trailer.append("x-trail", "t2");
      return await unary(method.name, request, call);
    },
  };
}

async function unary(name: string, request: unknown, call: IncomingCall): Promise<unknown> {
  if (name === "Echo") {
    call.sendHeader(new Metadata({ "x-head": ["h1", "h2"], "x-raw-bin": Uint8Array.of(1, 2, 255) }));
  }
  if (name === "Fail") {
    throw new ServiceError("failed_precondition", `Cannot count: ${(request as NumberMessage).value} – too far`, {
      details: { limit: 7 },
      retryAfterMs: 1500,
    });
  }
  if (name === "Delete") return {};
  if (name === "Send") return (request as { file: unknown }).file ?? libraryMethod("Send").output.create();
  if (name === "Wait") {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, (request as CountMessage).waitMs);
      call.onCancel(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return { value: 1 };
  }
  return request;
}

type Stream = (requests: AsyncIterable<never>, call: IncomingCall) => AsyncGenerator<unknown>;

const streams: Readonly<Record<string, Stream>> = {
  async *CountUp(requests: AsyncIterable<CountMessage>, call) {
    for await (const { from, to, failAt, waitMs } of requests) {
      for (let value = from; value < to; value++) {
        if (failAt === value && failAt > 0) throw new ServiceError("out_of_range", "Cannot go on: 13 is unlucky");
        yield { value };
        if (waitMs > 0) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, waitMs);
            call.onCancel(() => {
              clearTimeout(timer);
              resolve();
            });
          });
        }
        if (call.canceled) return;
      }
    }
  },
  async *Sum(requests: AsyncIterable<NumberMessage>) {
    let sum = 0;
    for await (const { value } of requests) sum += value;
    yield { value: sum };
  },
  async *Chat(requests: AsyncIterable<NumberMessage>) {
    for await (const { value } of requests) yield { value: value * 2 };
  },
};

/** A gateway before the library, and what the library has seen. */
export interface Stand extends AsyncDisposable {
  readonly server: Server;
  readonly log: LibraryLog;
  readonly lines: MemoryLog;
  /** Answers a request. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** Makes a gateway before a library within the process. */
export async function stand(options: GatewayRoutesOptions = {}, config: Partial<RestConfInput> = {}): Promise<Stand> {
  const network = new InprocNetwork();
  const log: LibraryLog = { canceled: [], metadata: [], remainingMs: NaN };
  const listener = await inprocServerTransport(network).listen(libraryServed(log), "library");
  const connection = inprocTransport(network).open("library");
  const lines = new MemoryLog();
  const server = new Server({ Name: "gateway", Port: 0, Host: "127.0.0.1", ...config }, {
    log: lines,
    formatError: formatGatewayError,
  });
  addGateway(server, servicesOfPool(libraryPool, connection), options);
  return {
    server,
    log,
    lines,
    fetch: (path, init) => server.fetch(new Request(`http://gateway${path}`, init)),
    async [Symbol.asyncDispose]() {
      await server.stop();
      listener.close();
      await connection[Symbol.asyncDispose]();
    },
  };
}

/** As {@link stand}, over sockets: an upstream that speaks gRPC, and a gateway that listens. */
export async function wiredStand(options: GatewayRoutesOptions = {}, config: Partial<RestConfInput> = {}): Promise<Stand & { url: string; upstream: string }> {
  const log: LibraryLog = { canceled: [], metadata: [], remainingMs: NaN };
  const listener = await grpcServerTransport().listen(libraryServed(log), "127.0.0.1:0");
  const connection = grpcTransport().open(listener.address);
  const lines = new MemoryLog();
  const server = new Server({ Name: "gateway", Port: 0, Host: "127.0.0.1", ...config }, {
    log: lines,
    formatError: formatGatewayError,
  });
  addGateway(server, servicesOfPool(libraryPool, connection), options);
  await server.start();
  const url = `http://127.0.0.1:${server.address.port}`;
  return {
    server,
    log,
    lines,
    url,
    upstream: listener.address,
    fetch: (path, init) => fetch(url + path, init),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await connection[Symbol.asyncDispose]();
      listener.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
}
