/**
 * Requests that know whether somebody waits for their body.
 *
 * @module
 */

import { Stopwatch } from "./sweeper.ts";

/**
 * The reads of one request's body that are under way.
 *
 * The runtime loses a read that is pending when the request is answered: it never settles, its memory is never freed
 * and its connection not closed. So whoever answers has to know.
 */
export class BodyReads {
  #pending = 0;
  #idle: PromiseWithResolvers<void> | undefined;
  #reject: ((error: unknown) => void) | undefined;
  readonly #pause = new Stopwatch();
  #pieces = 0;
  #piecesSeen = 0;

  /** Whether a read is under way. */
  get pending(): boolean {
    return this.#pending > 0;
  }

  /** Resolves when no read is under way. */
  get idle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  /** How long a read has waited for its piece, as of a sweep. */
  pausedMs(nowMs: number): number {
    if (!this.pending || this.#pieces !== this.#piecesSeen) this.#pause.reset();
    this.#piecesSeen = this.#pieces;
    return this.pending ? this.#pause.elapsedMs(nowMs) : 0;
  }

  /** Takes part in `read`, so that {@link fail} can end the wait for it. */
  during<T>(read: Promise<T>): Promise<T> {
    this.#pending++;
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      read.then(resolve, reject).finally(() => this.#settle());
    });
  }

  /** Ends the wait for a read, though not the read. */
  fail(error: unknown): void {
    this.#reject?.(error);
  }

  #settle(): void {
    this.#pieces++;
    if (--this.#pending > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}

const readsOf = new WeakMap<Request, BodyReads>();
const bodyOf = new WeakMap<Request, ReadableStream<Uint8Array<ArrayBuffer>>>();

/**
 * Makes `reads` take part in every read of the body of `request`, which is changed in place: the runtime knows the
 * object, so a copy would not do.
 */
export function trackBody(request: Request, reads: BodyReads): void {
  readsOf.set(request, reads);
  Object.setPrototypeOf(request, TrackedRequest.prototype);
}

/** What the requests of {@link trackBody} become. It is never made by `new`. */
class TrackedRequest extends Request {
  override get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    const body = super.body;
    if (!body) return null;
    let tracked = bodyOf.get(this);
    if (!tracked) bodyOf.set(this, tracked = trackStream(body, readsOf.get(this)!));
    return tracked;
  }

  override text(): Promise<string> {
    return readsOf.get(this)!.during(super.text());
  }

  override json(): Promise<unknown> {
    return readsOf.get(this)!.during(super.json());
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return readsOf.get(this)!.during(super.arrayBuffer());
  }

  override bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return readsOf.get(this)!.during(super.bytes());
  }

  override blob(): Promise<Blob> {
    return readsOf.get(this)!.during(super.blob());
  }

  override formData(): Promise<FormData> {
    return readsOf.get(this)!.during(super.formData());
  }
}

function trackStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  reads: BodyReads,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reads.during(reader.read());
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
