/**
 * A server that speaks gRPC over HTTP/2.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { type Clock, systemClock } from "../../../core/clock.ts";
import type { MethodInfo } from "../../method.ts";
import type {
  ListenOptions,
  ServedMethod,
  ServerTransport,
  TransportListener,
} from "../transport.ts";
import {
  type WireDuplexStream,
  type WireImplementation,
  type WireOptions,
  type WireReadableStream,
  type WireRespond,
  WireServer,
  type WireServiceDefinition,
} from "./driver.ts";
import type { SharedByCalls } from "./incoming_call.ts";
import { explained } from "./listen_error.ts";
import { type ConnectionOptions, connectionSettings, defined, timeOf } from "./options.ts";
import { serveSingle, serveStream } from "./serve_stream.ts";
import { serveUnary } from "./serve_unary.ts";
import { serverCredentials, type ServerTls } from "./tls.ts";
import { bufferOf, plain } from "./wire_metadata.ts";

/** Options for {@link grpcServerTransport}. */
export interface GrpcServerTransportOptions extends ConnectionOptions {
  /** Talks TLS. @default {plain text} */
  tls?: ServerTls | undefined;
  /** Closes connections that had no call for so long, in ms. @default {300_000} */
  maxIdleMs?: number | undefined;
  /** Asks clients to connect anew after so long, in ms, so that they see new addresses. @default {Infinity} */
  maxAgeMs?: number | undefined;
  /** How long calls in flight may go on after that, in ms. @default {Infinity} */
  maxAgeGraceMs?: number | undefined;
  /** Calls that one connection may have in flight. @default {1_000} */
  maxConcurrentCalls?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Makes a transport for servers that speaks gRPC over HTTP/2. An address is `host:port`, `:port` for all interfaces.
 *
 * @throws {RangeError | TypeError} If an option is wrong.
 */
export function grpcServerTransport(options: GrpcServerTransportOptions = {}): ServerTransport {
  const { clock = systemClock } = options;
  const settings = serverSettings(options);
  const credentials = serverCredentials(options.tls);
  return {
    name: "grpc_js",
    async listen(methods: readonly ServedMethod[], address: string, listening: ListenOptions = {}) {
      const server = new WireServer(settings);
      const { onError = () => {} } = listening;
      const shared: SharedByCalls = { clock, live: new Set(), onError };
      for (const served of methods) {
        const { method } = served;
        const report = (error: unknown) => onError(error, method);
        server.addService(definitionOf(method, report), implementationOf(served, shared));
      }
      const host = address.replace(/:\d*$/, "");
      const where = host === "" ? `0.0.0.0${address}` : address;
      const port = await bind(server, where, credentials);
      return new GrpcListener(server, `${host}:${port}`, shared);
    },
  };
}

/** A server of the package. */
class GrpcListener implements TransportListener {
  readonly address: string;
  readonly #server: WireServer;
  readonly #shared: SharedByCalls;
  readonly #closed = Promise.withResolvers<void>();
  #draining: Promise<void> | undefined;

  constructor(server: WireServer, address: string, shared: SharedByCalls) {
    this.#server = server;
    this.#shared = shared;
    this.address = address;
  }

  drain(): Promise<void> {
    this.#draining ??= new Promise((resolve) => this.#server.tryShutdown(() => resolve()));
    return Promise.race([this.#draining, this.#closed.promise]);
  }

  close(): void {
    // Closed as it is, the package leaves calls in flight without an answer, and their callers wait for ever.
    for (const call of this.#shared.live) call.stop();
    this.#shared.clock.setTimer(
      () => {
        this.#server.forceShutdown();
        this.#closed.resolve();
      },
      LAST_WORDS_MS,
      { keepAlive: true },
    );
  }
}

/** Time for the last statuses to leave, in ms. */
const LAST_WORDS_MS = 20;

function bind(
  server: WireServer,
  address: string,
  credentials: ReturnType<typeof serverCredentials>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (!error) return resolve(port);
      server.forceShutdown();
      reject(explained(error, address));
    });
  });
}

function serverSettings(options: GrpcServerTransportOptions): WireOptions {
  const { maxIdleMs = 300_000, maxAgeMs, maxAgeGraceMs, maxConcurrentCalls = 1_000 } = options;
  if (!(Number.isInteger(maxConcurrentCalls) && maxConcurrentCalls >= 1)) {
    throw new RangeError(
      `Cannot set up gRPC: need an integer maxConcurrentCalls >= 1, got ${maxConcurrentCalls}`,
    );
  }
  return defined({
    ...connectionSettings(options),
    "grpc.max_connection_idle_ms": timeOf("maxIdleMs", maxIdleMs),
    "grpc.max_connection_age_ms": timeOf("maxAgeMs", maxAgeMs),
    "grpc.max_connection_age_grace_ms": timeOf("maxAgeGraceMs", maxAgeGraceMs),
    "grpc.max_concurrent_streams": maxConcurrentCalls,
  });
}

function definitionOf(
  method: MethodInfo,
  report: (error: unknown) => void,
): WireServiceDefinition {
  const { name, path, kind, input, output } = method;
  return {
    [name]: {
      path,
      requestStream: kind === "client_stream" || kind === "bidi_stream",
      responseStream: kind === "server_stream" || kind === "bidi_stream",
      requestSerialize: (message: unknown) => bufferOf(input.encode(message)),
      requestDeserialize: (bytes: Buffer) => input.decode(plain(bytes)),
      responseSerialize: (message: unknown) => {
        try {
          return bufferOf(output.encode(message));
        } catch (error) {
          report(error);
          throw error;
        }
      },
      responseDeserialize: (bytes: Buffer) => output.decode(plain(bytes)),
    },
  };
}

function implementationOf(served: ServedMethod, shared: SharedByCalls): WireImplementation {
  const { name, kind } = served.method;
  if (served.kind === "unary") return { [name]: serveUnary(served, shared) };
  return kind === "client_stream"
    ? {
      [name]: (wire: WireReadableStream, respond: WireRespond) =>
        serveSingle(served, wire, respond, shared),
    }
    : { [name]: (wire: WireDuplexStream) => serveStream(served, wire, shared) };
}
