import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BadRequestError, BodyTooLargeError } from "../../../rest/errors.ts";
import { bytesOfBase64 } from "../grpc_web/base64_body.ts";
import { frameBytes, FrameReader, framesIn, framesOf } from "./frame.ts";

const bytes = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

Deno.test("framesIn() reads what frameBytes() writes", () => {
  const one = frameBytes(0, Uint8Array.of(1, 2));
  assertEquals([...one], [0, 0, 0, 0, 2, 1, 2]);
  assertEquals(framesIn(bytes(one, frameBytes(0x80, Uint8Array.of())), 10), [
    { flags: 0, payload: Uint8Array.of(1, 2) },
    { flags: 0x80, payload: Uint8Array.of() },
  ]);
  assertEquals(framesIn(Uint8Array.of(), 10), []);
});

const bad: [
  name: string,
  bytes: number[],
  type: typeof BadRequestError | typeof BodyTooLargeError,
][] = [
  ["a head that is cut short", [0, 0, 0], BadRequestError],
  ["a payload that is cut short", [0, 0, 0, 0, 2, 1], BadRequestError],
  ["a length beyond the limit", [0, 255, 255, 255, 255, 1], BodyTooLargeError],
];

for (const [name, given, type] of bad) {
  Deno.test(`framesIn() refuses ${name}`, () => {
    assertThrows(() => framesIn(Uint8Array.from(given), 10), type);
  });
}

Deno.test("framesOf() fails where a body ends within a frame", async () => {
  const body = new Blob([Uint8Array.of(0, 0, 0, 0, 9, 1)]).stream();
  await assertRejects(() => Array.fromAsync(framesOf(body, 10)), BadRequestError, "cut short");
});

Deno.test("FrameReader.next() gives the same frames however the bytes come", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  for (let round = 0; round < 2_000; round++) {
    const frames = Array.from({ length: next(6) }, () => ({
      flags: next(256),
      payload: Uint8Array.from({ length: next(40) }, () => next(256)),
    }));
    const all = bytes(...frames.map(({ flags, payload }) => frameBytes(flags, payload)));
    const reader = new FrameReader(40);
    const read = [];
    for (let at = 0; at < all.length;) {
      const to = at + 1 + next(20);
      reader.push(all.subarray(at, to));
      at = to;
      for (let frame = reader.next(); frame; frame = reader.next()) read.push(frame);
    }
    reader.end();
    assertEquals(read, frames);
  }
});

Deno.test("framesIn() never reads beyond what there is", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  for (let round = 0; round < 20_000; round++) {
    const given = Uint8Array.from({ length: next(24) }, () => next(3) ? 0 : next(256));
    try {
      const read = framesIn(given, 16);
      assertEquals(bytes(...read.map(({ flags, payload }) => frameBytes(flags, payload))), given);
    } catch (error) {
      assert(error instanceof BadRequestError || error instanceof BodyTooLargeError, `${error}`);
    }
  }
});

const texts: [text: string, expected: number[] | undefined][] = [
  ["", []],
  ["AQI=", [1, 2]],
  ["AQ==AgM=", [1, 2, 3]],
  ["AQIDBAUG", [1, 2, 3, 4, 5, 6]],
  ["AQ==Ag==\n", [1, 2]],
  ["A", undefined],
  ["====", undefined],
  ["*", undefined],
];

for (const [text, expected] of texts) {
  Deno.test(`bytesOfBase64() reads ${JSON.stringify(text)} as ${expected}`, () => {
    const read = () => bytesOfBase64(new TextEncoder().encode(text));
    if (expected) assertEquals([...read()], expected);
    else assertThrows(read, BadRequestError, "not base64");
  });
}
