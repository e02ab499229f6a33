/**
 * Streams that are gone before anybody has looked at them.
 *
 * @module
 */

/** A stream of the platform, as far as it matters here. */
interface Stream {
  readonly destroyed: boolean;
  once(event: "error", listener: () => void): unknown;
}

/** How the package's server takes a stream. */
interface StreamTaker {
  _streamHandler?(interceptors: unknown, stream: Stream, headers: unknown): void;
}

/**
 * Keeps servers of the package from answering streams that are gone. The platform throws when they do, and nobody is there to
 * catch it, so a client could end the process: by a call of no method, and at once a second block of fields for it.
 *
 * @param server The class of the package.
 * @returns Whether that could be done: another version of the package may be another.
 */
export function guardStreams(server: { readonly prototype: object }): boolean {
  const taker: StreamTaker = server.prototype;
  const take = taker._streamHandler;
  if (!take) return false;
  taker._streamHandler = function (interceptors, stream, headers) {
    if (stream.destroyed) stream.once("error", () => {}); // What it says then is of no interest.
    else take.call(this, interceptors, stream, headers);
  };
  return true;
}
