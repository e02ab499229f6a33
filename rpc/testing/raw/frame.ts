/**
 * Frames of HTTP/2, written and read byte by byte, so that tests can send what no library would.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9113
 * @module
 */

/** What every connection begins with. */
export const PREFACE: Uint8Array = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** The types of frames. */
export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

/** Flags of frames. */
export const Flag = { NONE: 0, END_STREAM: 1, ACK: 1, END_HEADERS: 4 } as const;

/** A frame. */
export interface Frame {
  /** One of {@link FrameType}, or anything. */
  readonly type: number;
  /** Of {@link Flag}, added up. */
  readonly flags: number;
  /** The stream, 0 for the connection. */
  readonly stream: number;
  /** What it carries. */
  readonly payload: Uint8Array;
}

const EMPTY = new Uint8Array();

/** The bytes of a frame. `length` lies about the length of the payload. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = EMPTY,
  length: number = payload.length,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(9 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length << 8 | type);
  view.setUint8(4, flags);
  view.setUint32(5, stream);
  bytes.set(payload, 9);
  return bytes;
}

/** Some numbers of 32 bits as bytes. */
export function uint32(...numbers: number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setUint32(4 * i, number));
  return new Uint8Array(view.buffer);
}

/** SETTINGS, each an id and a value. */
export function settings(...pairs: readonly (readonly [id: number, value: number])[]): Uint8Array {
  return frame(
    FrameType.SETTINGS,
    Flag.NONE,
    0,
    joined(pairs.map(([id, value]) => {
      const view = new DataView(new ArrayBuffer(6));
      view.setUint16(0, id);
      view.setUint32(2, value);
      return new Uint8Array(view.buffer);
    })),
  );
}

/** A message of gRPC. `flag` says whether it is compressed, `length` lies about the length. */
export function message(
  body: Uint8Array,
  { flag = 0, length = body.length }: { flag?: number; length?: number } = {},
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(5 + body.length);
  bytes[0] = flag;
  new DataView(bytes.buffer).setUint32(1, length);
  bytes.set(body, 5);
  return bytes;
}

/** All parts after one another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The frames in `bytes`, and what is left of the last. */
export function takeFrames(bytes: Uint8Array): { frames: Frame[]; rest: Uint8Array } {
  const frames: Frame[] = [];
  let at = 0;
  while (bytes.length - at >= 9) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    const length = view.getUint32(0) >>> 8;
    if (bytes.length - at < 9 + length) break;
    frames.push({
      type: view.getUint8(3),
      flags: view.getUint8(4),
      stream: view.getUint32(5) & 0x7fffffff,
      payload: bytes.subarray(at + 9, at + 9 + length),
    });
    at += 9 + length;
  }
  return { frames, rest: bytes.subarray(at) };
}
