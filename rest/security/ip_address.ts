/**
 * Addresses of the internet protocol, and blocks of them.
 *
 * @module
 */

/** An address: 4 bytes, or 16. One of version 4 that is written as version 6 (`::ffff:192.0.2.1`) has 4. */
export type IpAddress = Uint8Array<ArrayBuffer>;

/**
 * Reads an address, or answers `undefined` if the text is none. A zone (`%eth0`) is left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseIp("192.0.2.1"), new Uint8Array([192, 0, 2, 1]));
 * assertEquals(parseIp("::ffff:192.0.2.1"), new Uint8Array([192, 0, 2, 1]));
 * assertEquals(parseIp("192.0.2.256"), undefined);
 * ```
 */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length > 64) return undefined;
  if (!text.includes(":")) return parseIp4(text);
  const bytes = parseIp6(text.replace(/%[0-9A-Za-z._~-]+$/, ""));
  return bytes && isMapped(bytes) ? bytes.slice(12) : bytes;
}

/** Writes an address; of version 6 without any shortening, so that equal addresses are equal texts. */
export function formatIp(address: IpAddress): string {
  if (address.length === 4) return address.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => address[2 * i]! << 8 | address[2 * i + 1]!);
  return groups.map((group) => group.toString(16)).join(":");
}

/** The address with all bits after the first `bits` cleared. */
export function maskIp(address: IpAddress, bits: number): IpAddress {
  return address.map((byte, i) => {
    const kept = Math.min(8, Math.max(0, bits - 8 * i));
    return byte & 0xff << (8 - kept);
  });
}

/** Blocks of addresses. */
export class IpBlocks {
  readonly #blocks: readonly { readonly start: IpAddress; readonly bits: number }[];

  /**
   * Makes a list of blocks as `10.0.0.0/8`, or of single addresses.
   *
   * @throws {SyntaxError} If one is malformed.
   */
  constructor(blocks: readonly string[]) {
    this.#blocks = blocks.map((block) => {
      const [, text = "", bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(block) ?? [];
      const start = parseIp(text);
      const length = start ? start.length * 8 : 0;
      if (!start || Number(bits ?? length) > length) {
        throw new SyntaxError(
          `Cannot read block ${JSON.stringify(block)}: write it as 10.0.0.0/8 or fd00::/8`,
        );
      }
      return { start: maskIp(start, Number(bits ?? length)), bits: Number(bits ?? length) };
    });
  }

  /** Whether an address is in one of the blocks. */
  has(address: IpAddress): boolean {
    return this.#blocks.some(({ start, bits }) =>
      start.length === address.length &&
      maskIp(address, bits).every((byte, i) => byte === start[i])
    );
  }
}

function parseIp4(text: string): IpAddress | undefined {
  // Leading zeros are octal to some, so they are no digits here.
  const match = /^(\d|[1-9]\d{1,2})\.(\d|[1-9]\d{1,2})\.(\d|[1-9]\d{1,2})\.(\d|[1-9]\d{1,2})$/
    .exec(text);
  const bytes = match?.slice(1).map(Number);
  return bytes?.every((byte) => byte < 256) ? new Uint8Array(bytes) : undefined;
}

function parseIp6(text: string): IpAddress | undefined {
  const tail = text.slice(text.lastIndexOf(":") + 1);
  if (tail.includes(".")) {
    const last = parseIp4(tail);
    if (!last) return undefined;
    const [a, b, c, d] = last as unknown as [number, number, number, number];
    return parseIp6(`${text.slice(0, -tail.length)}${hex(a << 8 | b)}:${hex(c << 8 | d)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, rest] = halves.map((half) => half === "" ? [] : half.split(":"));
  const missing = 8 - (head?.length ?? 0) - (rest?.length ?? 0);
  if (rest ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head!, ...Array<string>(rest ? missing : 0).fill("0"), ...rest ?? []];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return new Uint8Array(
    groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]),
  );
}

function hex(value: number): string {
  return value.toString(16);
}

function isMapped(address: IpAddress): boolean {
  return address.every((byte, i) => i >= 12 || byte === (i < 10 ? 0 : 0xff));
}
