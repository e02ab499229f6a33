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
 * A request whose `url` has the path as the client wrote it, as it has with `Deno.serve`, so that one canonical form is made
 * of it and not two; and whose `signal` costs nothing until it is asked for.
 */
export class NodeRequest extends Request {
  readonly #url: string;
  readonly #makeSignal: () => AbortSignal;
  #signal: AbortSignal | undefined;

  /**
   * Makes the request.
   *
   * @throws {TypeError} If the URL or a field is not one that `Request` takes.
   */
  constructor({ head, method, body, signal }: NodeRequestInit) {
    super(head.url, { method, headers: head.fields, body });
    this.#url = head.url;
    this.#makeSignal = signal;
  }

  override get url(): string {
    return this.#url;
  }

  override get signal(): AbortSignal {
    return this.#signal ??= this.#makeSignal();
  }
}
