/**
 * Frames that come from a client, whatever pieces they come in.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5
 * @module
 */

import { FrameError, isCloseCode, MAX_CONTROL_BYTES, Opcode } from "./_frame.ts";
import { GrowingBytes } from "./_growing_bytes.ts";

/** Told of what comes. */
export interface FrameEvents {
  /** A message is whole. */
  onMessage(message: string | ArrayBuffer): void;
  /** A frame came that carries no part of a message: a ping, a pong, an empty fragment. Of these there are no limits else. */
  onIdleFrame(): void;
  /** The client wants to know whether somebody is there. */
  onPing(payload: Uint8Array): void;
  /** The client closes. */
  onClose(code: number | undefined, reason: string): void;
}

/** The head of the longest frame: two bytes, the length in eight, the mask in four. */
const MAX_HEAD_BYTES = 14;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads frames, and holds the client to the protocol. Memory is taken for what has come, not for what is announced. */
export class FrameReader {
  readonly #events: FrameEvents;
  readonly #maxMessageBytes: number;
  readonly #head = new Uint8Array(MAX_HEAD_BYTES);
  #headBytes = 0;
  /** Bytes that the head has, as far as it is known. */
  #headWanted = 2;
  #payloadWanted = 0;
  #payloadBytes = 0;
  #control = new GrowingBytes(MAX_CONTROL_BYTES);
  #message: GrowingBytes | undefined;
  #isText = false;

  /** Makes a reader of a new connection. */
  constructor(events: FrameEvents, options: { maxMessageBytes: number }) {
    this.#events = events;
    this.#maxMessageBytes = options.maxMessageBytes;
  }

  /**
   * Takes what came.
   *
   * @throws {FrameError} If it breaks the protocol or a limit. Nothing can be read after that.
   */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      at = this.#headBytes < this.#headWanted
        ? this.#readHead(bytes, at)
        : this.#readPayload(bytes, at);
      const isWhole = this.#headBytes === this.#headWanted &&
        this.#payloadBytes === this.#payloadWanted;
      if (isWhole) this.#finishFrame();
    }
  }

  get #opcode(): number {
    return this.#head[0]! & 0x0f;
  }

  get #isFinal(): boolean {
    return (this.#head[0]! & 0x80) !== 0;
  }

  get #isControl(): boolean {
    return this.#opcode >= 0x8;
  }

  #readHead(bytes: Uint8Array, start: number): number {
    let at = start;
    while (at < bytes.length && this.#headBytes < this.#headWanted) {
      this.#head[this.#headBytes++] = bytes[at++]!;
      if (this.#headBytes === 2) this.#checkKind();
    }
    if (this.#headBytes === this.#headWanted) this.#beginPayload();
    return at;
  }

  #checkKind(): void {
    const [first = 0, second = 0] = this.#head;
    const length = second & 0x7f;
    if (first & 0x70) throw new FrameError(1002, "reserved bits are set");
    if (!(second & 0x80)) throw new FrameError(1002, "frame is not masked");
    const opcode = this.#opcode;
    if (opcode > Opcode.pong || (opcode > Opcode.binary && opcode < Opcode.close)) {
      throw new FrameError(1002, "opcode is reserved");
    }
    if (this.#isControl && (!this.#isFinal || length > MAX_CONTROL_BYTES)) {
      throw new FrameError(1002, "control frame is too long or in fragments");
    }
    if (!this.#isControl && (opcode === Opcode.continuation) !== (this.#message !== undefined)) {
      throw new FrameError(1002, "fragments are out of order");
    }
    this.#headWanted = 6 + (length === 126 ? 2 : length === 127 ? 8 : 0);
  }

  #beginPayload(): void {
    const view = new DataView(this.#head.buffer);
    const short = this.#head[1]! & 0x7f;
    // More than a number holds exactly is more than any limit.
    const length = short === 126
      ? view.getUint16(2)
      : short === 127
      ? Number(view.getBigUint64(2))
      : short;
    const isLong = (short === 126 && length < 126) || (short === 127 && length < 65_536);
    if (isLong) throw new FrameError(1002, "length is not in its shortest form");
    if (!this.#isControl) {
      if ((this.#message?.length ?? 0) + length > this.#maxMessageBytes) {
        throw new FrameError(1009, "message too large");
      }
      if (this.#opcode !== Opcode.continuation) this.#isText = this.#opcode === Opcode.text;
      this.#message ??= new GrowingBytes(this.#maxMessageBytes);
    }
    this.#payloadWanted = length;
    this.#payloadBytes = 0;
  }

  #readPayload(bytes: Uint8Array, start: number): number {
    const count = Math.min(bytes.length - start, this.#payloadWanted - this.#payloadBytes);
    const into = this.#isControl ? this.#control : this.#message!;
    const target = into.extend(count);
    const maskAt = this.#headWanted - 4;
    for (let i = 0; i < count; i++) {
      target[i] = bytes[start + i]! ^ this.#head[maskAt + ((this.#payloadBytes + i) & 3)]!;
    }
    this.#payloadBytes += count;
    return start + count;
  }

  #finishFrame(): void {
    const opcode = this.#opcode;
    const wasEmpty = this.#payloadWanted === 0;
    this.#headBytes = 0;
    this.#headWanted = 2;
    this.#payloadWanted = this.#payloadBytes = 0;
    if (this.#isControl) {
      const payload = this.#control.take();
      if (opcode === Opcode.close) return this.#close(payload);
      this.#events.onIdleFrame();
      if (opcode === Opcode.ping) this.#events.onPing(payload);
    } else if (this.#isFinal) {
      const message = this.#message!.take();
      this.#message = undefined;
      this.#events.onMessage(this.#isText ? decoded(message) : message.buffer);
    } else if (wasEmpty) {
      this.#events.onIdleFrame();
    }
  }

  #close(payload: Uint8Array): void {
    if (payload.length === 0) return this.#events.onClose(undefined, "");
    const code = payload.length === 1 ? 0 : (payload[0]! << 8) | payload[1]!;
    if (!isCloseCode(code)) throw new FrameError(1002, "status is not one to close with");
    this.#events.onClose(code, decoded(payload.subarray(2)));
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FrameError(1007, "text is not UTF-8");
  }
}
