import { assertEquals, assertThrows } from "@std/assert";
import { closePayload, encodeFrame, FrameError, isCloseCode, Opcode } from "./_frame.ts";
import { FrameReader } from "./_frame_reader.ts";

/** A frame as a client sends it. */
function masked(head: number, payload: string | Uint8Array, form: 7 | 16 | 64 = 7): Uint8Array {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const length = form === 7
    ? [bytes.length]
    : form === 16
    ? [126, bytes.length >> 8, bytes.length & 255]
    : [127, 0, 0, 0, 0, 0, 0, bytes.length >> 8, bytes.length & 255];
  length[0]! |= 0x80;
  const mask = [7, 0, 255, 80];
  return Uint8Array.from([
    head,
    ...length,
    ...mask,
    ...bytes.map((byte, index) => byte ^ mask[index & 3]!),
  ]);
}

/** What a reader makes of bytes that come in pieces. */
function read(pieces: Iterable<Uint8Array>, maxMessageBytes = 100): unknown[] {
  const seen: unknown[] = [];
  const reader = new FrameReader({
    onMessage: (message) =>
      seen.push(typeof message === "string" ? message : [...new Uint8Array(message)]),
    onIdleFrame: () => seen.push("idle"),
    onPing: (payload) => seen.push(`ping ${new TextDecoder().decode(payload)}`),
    onClose: (code, reason) => seen.push(`close ${code} ${reason}`),
  }, { maxMessageBytes });
  for (const piece of pieces) reader.push(piece);
  return seen;
}

const STREAM = Uint8Array.from([
  ...masked(0x81, "h\u00e9llo"),
  ...masked(0x82, Uint8Array.of(0, 255, 7)),
  ...masked(0x81, ""),
  ...masked(0x01, "in "),
  ...masked(0x89, "there?"),
  ...masked(0x00, ""),
  ...masked(0x8a, ""),
  ...masked(0x80, "pieces \u20ac"),
  ...masked(0x82, new Uint8Array(130), 16),
  ...masked(0x88, closePayload(1000, "bye")),
]);
const SEEN = [
  "h\u00e9llo",
  [0, 255, 7],
  "",
  "idle",
  "ping there?",
  "idle",
  "idle",
  "in pieces \u20ac",
  Array(130).fill(0),
  "close 1000 bye",
];

for (const size of [1, 2, 3, 7, 64, 1_000]) {
  Deno.test(`FrameReader reads frames that come in pieces of ${size}`, () => {
    const pieces = [];
    for (let at = 0; at < STREAM.length; at += size) pieces.push(STREAM.subarray(at, at + size));
    assertEquals(read(pieces, 130), SEEN);
  });
}

const FAULTS: readonly [what: string, bytes: Uint8Array, code: number][] = [
  ["a frame that is not masked", Uint8Array.of(0x81, 0x01, 0x61), 1002],
  ["a reserved bit", masked(0xc1, "a"), 1002],
  ["a reserved opcode of data", masked(0x83, "a"), 1002],
  ["a reserved opcode of control", masked(0x8b, ""), 1002],
  ["a ping in fragments", masked(0x09, ""), 1002],
  ["a ping of 126 bytes", masked(0x89, new Uint8Array(126), 16), 1002],
  ["a continuation of nothing", masked(0x80, "a"), 1002],
  [
    "a message amid another",
    Uint8Array.from([...masked(0x01, "a"), ...masked(0x81, "b")]),
    1002,
  ],
  ["a length that is longer than need be", masked(0x82, "a", 16), 1002],
  ["a length that is much longer than need be", masked(0x82, new Uint8Array(126), 64), 1002],
  ["a message that is too large", masked(0x82, new Uint8Array(101)), 1009],
  [
    "a message of 2 to the 63, by its head alone",
    Uint8Array.of(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    1009,
  ],
  [
    "fragments that are too large together",
    Uint8Array.from([...masked(0x02, new Uint8Array(60)), ...masked(0x00, new Uint8Array(60))]),
    1009,
  ],
  ["text that is not UTF-8", masked(0x81, Uint8Array.of(0xc3, 0x28)), 1007],
  ["text that ends amid a character", masked(0x81, Uint8Array.of(0xe2, 0x82)), 1007],
  ["a surrogate in UTF-8", masked(0x81, Uint8Array.of(0xed, 0xa0, 0x80)), 1007],
  ["a close of one byte", masked(0x88, Uint8Array.of(3)), 1002],
  ["a close with 1006", masked(0x88, closePayload(1006, "")), 1002],
  ["a close with 2999", masked(0x88, closePayload(2999, "")), 1002],
  ["a close whose reason is not UTF-8", masked(0x88, Uint8Array.of(3, 232, 0xff)), 1007],
];

for (const [what, bytes, code] of FAULTS) {
  Deno.test(`FrameReader refuses ${what} with ${code}, whole or bit by bit`, () => {
    const bits = Array.from(bytes, (byte) => Uint8Array.of(byte));
    for (const pieces of [[bytes], bits]) {
      assertEquals(assertThrows(() => read(pieces), FrameError).code, code);
    }
  });
}

Deno.test("FrameReader does nothing but read or refuse what is not frames", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  let state = seed;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
  for (let round = 0; round < 2_000; round++) {
    const bytes = Uint8Array.from({ length: 64 }, next);
    bytes[0]! &= 0x8f; // Else half of them would end at once.
    bytes[1]! |= 0x80;
    try {
      read([bytes]);
    } catch (error) {
      if (!(error instanceof FrameError)) throw new Error(`seed ${seed}`, { cause: error });
    }
  }
});

for (
  const [length, head] of [
    [0, [0]],
    [125, [125]],
    [126, [126, 0, 126]],
    [65_535, [126, 255, 255]],
    [
      65_536,
      [127, 0, 0, 0, 0, 0, 1, 0, 0],
    ],
  ] as const
) {
  Deno.test(`encodeFrame() gives ${length} bytes the shortest head`, () => {
    const frame = encodeFrame(Opcode.binary, new Uint8Array(length));
    assertEquals([...frame.subarray(0, 1 + head.length)], [0x82, ...head]);
    assertEquals(frame.length, 1 + head.length + length);
  });
}

Deno.test("isCloseCode() knows what may be sent", () => {
  const codes = [999, 1000, 1003, 1004, 1005, 1006, 1007, 1014, 1015, 2999, 3000, 4999, 5000];
  assertEquals(codes.filter(isCloseCode), [1000, 1003, 1007, 1014, 3000, 4999]);
});
