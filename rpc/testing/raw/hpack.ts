/**
 * Header blocks of HTTP/2, as far as tests need them: nothing is written that must be remembered, and nothing is read that the
 * other side was told not to write.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7541
 * @module
 */

/** Fields in their order, pseudo-header fields too. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** A block of fields, each written out. */
export function encodeFields(fields: Fields): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const [name, value] of fields) {
    bytes.push(0x00); // Literal, not to be remembered, with a name of its own.
    for (const text of [name, value]) {
      const encoded = new TextEncoder().encode(text);
      writeInteger(bytes, encoded.length);
      bytes.push(...encoded);
    }
  }
  return new Uint8Array(bytes);
}

/** An integer in a byte of which 7 bits are free, and more if need be. */
function writeInteger(bytes: number[], value: number): void {
  if (value < 127) return void bytes.push(value);
  bytes.push(127);
  for (value -= 127; value >= 128; value >>>= 7) bytes.push(value & 127 | 128);
  bytes.push(value);
}

/** The fields of a block whose writer remembers nothing. */
export function decodeFields(block: Uint8Array): [name: string, value: string][] {
  const reader = new BlockReader(block);
  const fields: [string, string][] = [];
  while (reader.more) {
    const first = block[reader.at]!;
    if (first & 0x80) fields.push(staticField(reader.integer(7)));
    else if ((first & 0xe0) === 0x20) reader.integer(5); // The size of the table, which is 0.
    else {
      const index = reader.integer(first & 0x40 ? 6 : 4);
      const name = index ? staticField(index)[0] : reader.text();
      fields.push([name, reader.text()]);
    }
  }
  return fields;
}

class BlockReader {
  at = 0;
  readonly #block: Uint8Array;

  constructor(block: Uint8Array) {
    this.#block = block;
  }

  get more(): boolean {
    return this.at < this.#block.length;
  }

  integer(bits: number): number {
    const most = (1 << bits) - 1;
    let value = this.#block[this.at++]! & most;
    if (value < most) return value;
    for (let shift = 0;; shift += 7) {
      const byte = this.#block[this.at++]!;
      value += (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const coded = (this.#block[this.at]! & 0x80) !== 0;
    const length = this.integer(7);
    const bytes = this.#block.subarray(this.at, this.at += length);
    return new TextDecoder().decode(coded ? unpack(bytes) : bytes);
  }
}

/** The entries of the fixed table that a server's answers are made of. */
const STATIC: Readonly<Record<number, readonly [string, string]>> = {
  8: [":status", "200"],
  9: [":status", "204"],
  10: [":status", "206"],
  11: [":status", "304"],
  12: [":status", "400"],
  13: [":status", "404"],
  14: [":status", "500"],
  31: ["content-type", ""],
};

function staticField(index: number): [string, string] {
  const [name, value] = STATIC[index] ?? [`field ${index}`, ""];
  return [name, value];
}

/** The length of the code of each byte, in base 36. The codes follow from it: shorter ones first, then by byte. */
const LENGTHS = "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca" +
  "d67777777777777777777777878djde6f56565666577666567655677777fbeds" +
  "kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn" +
  "qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq";

const CODES = codes();

/** Bytes by length and code. */
function codes(): Map<string, number> {
  const lengths = Array.from(LENGTHS, (digit) => parseInt(digit, 36));
  const bytes = lengths.map((_, byte) => byte).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const result = new Map<string, number>();
  let code = 0, before = 0;
  for (const byte of bytes) {
    const length = lengths[byte]!;
    code <<= length - before;
    before = length;
    result.set(`${length}:${code++}`, byte);
  }
  return result;
}

function unpack(packed: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let code = 0, length = 0;
  for (const each of packed) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code << 1 | each >> bit & 1;
      const byte = CODES.get(`${++length}:${code}`);
      if (byte === undefined) continue;
      bytes.push(byte);
      code = length = 0;
    }
  }
  return new Uint8Array(bytes);
}
