import { CodecError } from "./errors.ts";

/** Adds 1 to `blockSize` bytes, each of which says how many they are. */
export function pad(data: Uint8Array, blockSize: number): Uint8Array {
  const count = blockSize - data.length % blockSize;
  const padded = new Uint8Array(data.length + count);
  padded.set(data);
  padded.fill(count, data.length);
  return padded;
}

/** Takes the padding off. Every fault has the same message, which tells an attacker nothing. */
export function unpad(padded: Uint8Array, blockSize: number): Uint8Array {
  const count = padded.at(-1) ?? 0;
  const isWhole = padded.length > 0 && padded.length % blockSize === 0;
  const isCount = count >= 1 && count <= blockSize && count <= padded.length;
  if (!isWhole || !isCount || padded.subarray(-count).some((byte) => byte !== count)) {
    throw new CodecError("Cannot decrypt: the padding is wrong");
  }
  return padded.slice(0, -count);
}
