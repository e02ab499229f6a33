/**
 * Frames as bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5
 * @module
 */

/** The kinds of frames. */
export const Opcode = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

/** The most that a control frame holds. */
export const MAX_CONTROL_BYTES = 125;

const encoder = new TextEncoder();

/** A whole message or a control frame, as a server sends it: in one frame, not masked. */
export function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const headBytes = length <= MAX_CONTROL_BYTES ? 2 : length < 65_536 ? 4 : 10;
  const frame = new Uint8Array(headBytes + length);
  frame[0] = 0x80 | opcode;
  const view = new DataView(frame.buffer);
  if (headBytes === 2) {
    frame[1] = length;
  } else if (headBytes === 4) {
    frame[1] = 126;
    view.setUint16(2, length);
  } else {
    frame[1] = 127;
    view.setBigUint64(2, BigInt(length));
  }
  frame.set(payload, headBytes);
  return frame;
}

/** What a close frame holds; nothing if there is no code. */
export function closePayload(code: number | undefined, reason: string): Uint8Array {
  if (code === undefined) return new Uint8Array();
  const text = encoder.encode(reason).subarray(0, MAX_CONTROL_BYTES - 2);
  const payload = new Uint8Array(2 + text.length);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(text, 2);
  return payload;
}

/** Why a connection is ended that breaks the protocol or a limit. */
export class FrameError extends Error {
  /** The status that the client is told. */
  readonly code: number;

  /** Makes the error; `message` is what the client is told. */
  constructor(code: number, message: string) {
    super(message);
    this.name = "FrameError";
    this.code = code;
  }
}

/** Whether a side may send this status in a close frame. */
export function isCloseCode(code: number): boolean {
  return code >= 3_000 ? code < 5_000 : code >= 1_000 && code <= 1_014 && !RESERVED.has(code);
}

/** Said of a connection, never over it. */
const RESERVED: ReadonlySet<number> = new Set([1_004, 1_005, 1_006]);
