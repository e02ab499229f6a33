/**
 * Commands for bits.
 *
 * @module
 */

import type { CommandOptions } from "../command.ts";
import { count } from "../reply.ts";
import { StringCommands } from "./strings.ts";

/** Commands for bits. */
export abstract class BitCommands extends StringCommands {
  /** Bits set in the bytes from `start` to `end`, both counted from 0, or from -1 backwards. */
  bitCount(key: string, start = 0, end = -1, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "bitcount", args: [key, start, end], decode: count }, options);
  }

  /** Keeps in `dest` the bits set in all of the keys. Answers how many bytes that are. */
  bitOpAnd(dest: string, keys: readonly string[], options?: CommandOptions): Promise<number> {
    return this.#combine("AND", dest, keys, options);
  }

  /** Keeps in `dest` the bits set in any of the keys. Answers how many bytes that are. */
  bitOpOr(dest: string, keys: readonly string[], options?: CommandOptions): Promise<number> {
    return this.#combine("OR", dest, keys, options);
  }

  /** Keeps in `dest` the bits set in an odd number of the keys. Answers how many bytes that are. */
  bitOpXor(dest: string, keys: readonly string[], options?: CommandOptions): Promise<number> {
    return this.#combine("XOR", dest, keys, options);
  }

  /** Keeps in `dest` the bits not set in `key`. Answers how many bytes that are. */
  bitOpNot(dest: string, key: string, options?: CommandOptions): Promise<number> {
    return this.#combine("NOT", dest, [key], options);
  }

  /** The place of the first bit that is `bit` in the bytes from `start` to `end`; -1 if there is none. */
  bitPos(
    key: string,
    bit: 0 | 1,
    start = 0,
    end = -1,
    options?: CommandOptions,
  ): Promise<number> {
    return this.execute({ name: "bitpos", args: [key, bit, start, end], decode: count }, options);
  }

  /** The bit at `offset`; 0 beyond the end. */
  getBit(key: string, offset: number, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "getbit", args: [key, offset], decode: count }, options);
  }

  /** Sets the bit at `offset`. Answers the one before. */
  setBit(key: string, offset: number, bit: 0 | 1, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "setbit", args: [key, offset, bit], decode: count }, options);
  }

  #combine(
    operation: string,
    dest: string,
    keys: readonly string[],
    options?: CommandOptions,
  ): Promise<number> {
    const args = [operation, dest, ...keys];
    return this.execute({ name: "bitop", args, decode: count }, options);
  }
}
