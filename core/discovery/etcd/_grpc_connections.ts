/**
 * Requests to etcd over gRPC, in the clothes of requests to its JSON gateway.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 * @module
 */

import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { decodeMessage, encodeMessage, type EtcdMethod, METHODS } from "./_messages.ts";
import type { Certificates } from "./_tls_files.ts";

/** What connections need to know. */
export interface GrpcOptions extends Certificates {
  /** Whether any certificate of a server will do. */
  readonly insecureSkipVerify?: boolean | undefined;
}

/** One connection to each member, opened when first asked for. */
export class GrpcConnections implements Disposable {
  readonly #options: GrpcOptions;
  readonly #sessions = new Map<string, ClientHttp2Session>();

  /** Makes it without connections. */
  constructor(options: GrpcOptions) {
    this.#options = options;
  }

  /** Sends what would be sent to the gateway as `url`, and answers what that would answer. */
  fetch(url: string, init: RequestInit): Promise<Response> {
    const { origin, pathname } = new URL(url);
    const method = METHODS[pathname.replace("/v3/", "")]!;
    const { signal } = init;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const token = new Headers(init.headers).get("authorization");
      const stream = this.#session(origin).request({
        ":method": "POST",
        ":path": method.path,
        "content-type": "application/grpc",
        te: "trailers",
        hasleader: "true",
        ...(token === null ? {} : { token }),
      });
      const onAbort = () => {
        reject(signal!.reason);
        stream.close(constants.NGHTTP2_CANCEL);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      stream.on("close", () => signal?.removeEventListener("abort", onAbort));
      stream.on("error", reject);
      answer(stream, method).then(resolve, reject);
      stream.end(frame(encodeMessage(method.request, JSON.parse(String(init.body)))));
    });
  }

  /** Closes the connections. */
  [Symbol.dispose](): void {
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }

  #session(origin: string): ClientHttp2Session {
    const kept = this.#sessions.get(origin);
    if (kept) return kept;
    const { caCerts, cert, key, insecureSkipVerify } = this.#options;
    const session = connect(origin, {
      ...(caCerts ? { ca: [...caCerts] } : {}),
      ...(cert && key ? { cert, key } : {}),
      rejectUnauthorized: !insecureSkipVerify,
    });
    this.#sessions.set(origin, session);
    const forget = () => {
      if (this.#sessions.get(origin) === session) this.#sessions.delete(origin);
    };
    // Its streams tell of what went wrong; nobody else needs to. One that takes no more lives on with its watches.
    session.on("error", forget).on("close", forget).on("goaway", forget);
    return session;
  }
}

/** The status that ends a stream. */
interface Status {
  readonly code: number;
  readonly message: string;
}

/** The answer as the gateway would give it: one JSON value, or one a line. */
async function answer(stream: ClientHttp2Stream, method: EtcdMethod): Promise<Response> {
  const messages = messagesOf(stream, method);
  if (method.isStream) return new Response(ReadableStream.from(linesOf(messages)));
  let message: unknown;
  for (;;) {
    const next = await messages.next();
    if (!next.done) message = next.value;
    else if (next.value.code === 0) return Response.json(message);
    else return Response.json(next.value, { status: 500 });
  }
}

async function* linesOf(
  messages: AsyncGenerator<unknown, Status>,
): AsyncGenerator<Uint8Array> {
  const line = (value: unknown) => new TextEncoder().encode(JSON.stringify(value) + "\n");
  for (;;) {
    const next = await messages.next();
    if (!next.done) yield line({ result: next.value });
    else {
      const { code, message } = next.value;
      if (code !== 0) yield line({ error: { grpc_code: code, message } });
      return;
    }
  }
}

/** The messages of a stream as they come, and in the end its status. */
async function* messagesOf(
  stream: ClientHttp2Stream,
  { response }: EtcdMethod,
): AsyncGenerator<unknown, Status> {
  let status: Status | undefined;
  const take = (headers: Readonly<Record<string, unknown>>) => {
    if (headers["grpc-status"] === undefined) return;
    const message = decodeURIComponent(String(headers["grpc-message"] ?? ""));
    status = { code: Number(headers["grpc-status"]), message };
  };
  stream.on("response", take).on("trailers", take);
  let rest = new Uint8Array();
  for await (const chunk of stream) {
    rest = joined(rest, chunk as Uint8Array);
    for (;;) {
      const end = 5 +
        (rest.length < 5 ? 0 : new DataView(rest.buffer, rest.byteOffset).getUint32(1));
      if (rest.length < end) break;
      yield decodeMessage(response, rest.subarray(5, end));
      rest = rest.slice(end);
    }
  }
  return status ?? { code: 14, message: "the connection was lost" };
}

/** A message with what says how long it is, not compressed. */
function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(5 + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, 5);
  return framed;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
