/**
 * One end of an HTTP/2 connection that does only what it is told.
 *
 * @module
 */

import { encodeFields, type Fields } from "./hpack.ts";
import { Flag, type Frame, frame, FrameType, joined, takeFrames } from "./frame.ts";

/** A connection whose frames are written and read one by one. */
export class RawConnection implements Disposable {
  readonly #socket: Deno.TcpConn;
  readonly #onFrame: (frame: Frame) => void;
  readonly #closed = Promise.withResolvers<void>();
  #open = true;

  /**
   * Takes over a socket. `skip` bytes come before the first frame.
   *
   * @param onFrame Told of each frame that comes.
   */
  constructor(socket: Deno.TcpConn, onFrame: (frame: Frame) => void, skip = 0) {
    this.#socket = socket;
    this.#onFrame = onFrame;
    this.#read(skip);
  }

  /** Resolves when the other end has closed it. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Whether the other end has not closed it. */
  get open(): boolean {
    return this.#open;
  }

  /** Sends bytes; answers whether the other end still takes any. */
  async write(...parts: Uint8Array[]): Promise<boolean> {
    try {
      const bytes = joined(parts);
      for (let at = 0; at < bytes.length;) at += await this.#socket.write(bytes.subarray(at));
      return true;
    } catch {
      return false;
    }
  }

  /** Sends a block of fields. */
  headers(stream: number, fields: Fields, flags: number = Flag.NONE): Promise<boolean> {
    const block = encodeFields(fields);
    return this.write(frame(FrameType.HEADERS, Flag.END_HEADERS | flags, stream, block));
  }

  /** Sends data. */
  data(stream: number, bytes: Uint8Array, flags: number = Flag.NONE): Promise<boolean> {
    const frames: Uint8Array[] = [];
    for (let at = 0; at === 0 || at < bytes.length; at += MAX_FRAME) {
      const last = at + MAX_FRAME >= bytes.length;
      const part = bytes.subarray(at, at + MAX_FRAME);
      frames.push(frame(FrameType.DATA, last ? flags : Flag.NONE, stream, part));
    }
    return this.write(...frames);
  }

  /** Breaks it off. */
  [Symbol.dispose](): void {
    this.#close();
  }

  async #read(skip: number): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    let rest: Uint8Array = new Uint8Array();
    try {
      for (let n = await this.#socket.read(buffer); n; n = await this.#socket.read(buffer)) {
        rest = joined([rest, buffer.subarray(0, n)]);
        if (rest.length < skip) continue;
        const taken = takeFrames(rest.subarray(skip));
        skip = 0;
        rest = taken.rest;
        for (const each of taken.frames) this.#take(each);
      }
    } catch {
      // Broken off, by either side.
    }
    this.#close();
    this.#closed.resolve();
  }

  #take(each: Frame): void {
    if (each.type === FrameType.SETTINGS && !(each.flags & Flag.ACK)) {
      this.write(frame(FrameType.SETTINGS, Flag.ACK, 0));
    }
    this.#onFrame(each);
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.close();
  }
}

/** The largest payload that every end takes. */
const MAX_FRAME = 16_384;
