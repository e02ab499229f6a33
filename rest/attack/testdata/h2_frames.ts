/**
 * Frames of HTTP/2, well-formed or not, as a client that means harm would write them.
 *
 * @see RFC 9113, section 4.1; RFC 7541, section 6.2.2.
 * @module
 */

/** Types of frames. */
export const TYPE = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. */
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const;

/** A frame. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(9 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length << 8);
  view.setUint8(3, type);
  view.setUint8(4, flags);
  view.setUint32(5, stream);
  bytes.set(payload, 9);
  return bytes;
}

/** What every connection begins with, and settings. */
export function preface(settings: readonly (readonly [id: number, value: number])[] = []) {
  const payload = new Uint8Array(settings.length * 6);
  const view = new DataView(payload.buffer);
  settings.forEach(([id, value], at) => {
    view.setUint16(at * 6, id);
    view.setUint32(at * 6 + 2, value);
  });
  const magic = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  return joined([magic, frame(TYPE.settings, 0, 0, payload)]);
}

/** A block of fields, none of them compressed. */
export function fieldBlock(
  method: string,
  path: string,
  extra: readonly (readonly [name: string, value: string])[] = [],
): Uint8Array {
  const fields = [[":method", method], [":scheme", "http"], [":path", path], [":authority", "a"]];
  return joined([...fields, ...extra].map(([name, value]) => literal(name!, value!)));
}

/** A field, literally and not to be kept. */
export function literal(name: string, value: string): Uint8Array {
  return joined([new Uint8Array([0]), text(name), text(value)]);
}

function text(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  return joined([integer(bytes.length), bytes]);
}

function integer(value: number): Uint8Array {
  if (value < 127) return new Uint8Array([value]);
  const bytes = [127];
  for (value -= 127; value >= 128; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
  return new Uint8Array([...bytes, value]);
}

/** Bytes one after another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The types of the frames in `bytes`, with their streams; what is cut off at the end is left out. */
export function framesIn(bytes: string): { type: number; stream: number; payload: string }[] {
  const frames = [];
  const byte = (at: number) => bytes.charCodeAt(at);
  for (let at = 0; at + 9 <= bytes.length;) {
    const length = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    const stream = (byte(at + 5) & 127) * 2 ** 24 + (byte(at + 6) << 16 | byte(at + 7) << 8 | byte(at + 8));
    frames.push({ type: byte(at + 3), stream, payload: bytes.slice(at + 9, at + 9 + length) });
    at += 9 + length;
  }
  return frames;
}
