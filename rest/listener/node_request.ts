/**
 * A `Request` for what came through `node:http`.
 *
 * @module
 */

import type { NodeHead } from "./node_head.ts";

/** What a {@link NodeRequest} is made of. */
export interface NodeRequestInit {
  /** The checked head. */
  head: NodeHead;
  /** The method. */
  method: string;
  /** The body, where there is one. */
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  /** Makes the signal of the client's going away; called when it is first asked for. */
  signal: () => AbortSignal;
}

/**
 * What `Request` is without its constructor, which is a third of what a small request costs. The cast says what holds once
 * {@link NodeRequest} forwards what that constructor would have set.
 */
const BareRequest = function () {} as unknown as new () => Request;
BareRequest.prototype = Request.prototype;

/**
 * A request whose `url` has the path as the client wrote it, as it has with `Deno.serve`, so that one canonical form is made
 * of it and not two. Nothing costs before it is asked for; a whole `Request` is made when more is asked than method, URL,
 * headers and signal.
 */
export class NodeRequest extends BareRequest {
  readonly #init: NodeRequestInit;
  #headers: Headers | undefined;
  #signal: AbortSignal | undefined;
  #whole: Request | undefined;

  static {
    // The runtime keeps what a request is under symbols of the object, and would look for them in vain.
    for (const symbol of Object.getOwnPropertySymbols(new Request("http://localhost/"))) {
      Object.defineProperty(NodeRequest.prototype, symbol, {
        get(this: NodeRequest): unknown {
          return Reflect.get(this.#made(), symbol);
        },
        set(this: NodeRequest, value: unknown): void {
          Reflect.set(this.#made(), symbol, value);
        },
      });
    }
  }

  /** Makes the request. */
  constructor(init: NodeRequestInit) {
    super();
    this.#init = init;
  }

  override get url(): string {
    return this.#init.head.url;
  }

  override get method(): string {
    return this.#init.method;
  }

  override get headers(): Headers {
    return this.#headers ??= headersOf(this.#init.head.rawHeaders);
  }

  override get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#init.body === null ? null : this.#made().body;
  }

  override get signal(): AbortSignal {
    return this.#signal ??= this.#init.signal();
  }

  #made(): Request {
    const { method, body } = this.#init;
    return this.#whole ??= new Request(this.url, { method, headers: this.headers, body });
  }
}

function headersOf(rawHeaders: readonly string[]): Headers {
  const fields: [name: string, value: string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    fields.push([rawHeaders[at]!, rawHeaders[at + 1]!]);
  }
  return new Headers(fields);
}
