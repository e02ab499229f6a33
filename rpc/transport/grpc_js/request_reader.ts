/**
 * The requests of a call, as its handler reads them.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { WireReadableStream } from "./driver.ts";

/** The events after which there may be something to say to whoever waits. */
const EVENTS = ["readable", "end", "close", "cancelled"] as const;

/**
 * Reads the requests one at a time. A handler that stops early leaves the stream as it is: it may still have answers to
 * send. The iterator of the platform cannot do that, and hangs when the stream is destroyed.
 */
export class RequestReader implements AsyncIterableIterator<unknown, undefined> {
  readonly #wire: WireReadableStream;

  /** Makes a reader of a stream of the package. */
  constructor(wire: WireReadableStream) {
    this.#wire = wire;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next request. Rejects with `canceled` when the caller has gone. */
  async next(): Promise<IteratorResult<unknown, undefined>> {
    const wire = this.#wire;
    for (;;) {
      const value: unknown = wire.destroyed ? null : wire.read();
      if (value !== null) return { done: false, value };
      if (wire.readableEnded) return { done: true, value: undefined };
      if (wire.cancelled || wire.destroyed) {
        throw new ServiceError("canceled", "Cannot read requests: the caller has gone");
      }
      await this.#change();
    }
  }

  /** Reads no more. */
  return(): Promise<IteratorResult<unknown, undefined>> {
    return Promise.resolve({ done: true, value: undefined });
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        for (const event of EVENTS) this.#wire.off(event, done);
        resolve();
      };
      for (const event of EVENTS) this.#wire.on(event, done);
    });
  }
}
