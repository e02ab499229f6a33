/**
 * Commands for strings and counters.
 *
 * @module
 */

import type { CommandOptions, RedisValue } from "../command.ts";
import {
  bytesOrNull,
  count,
  flag,
  float,
  integer,
  isDone,
  nothing,
  type RedisInteger,
  textOrNull,
  textsOrNulls,
} from "../reply.ts";
import { KeyCommands } from "./keys.ts";

/** Commands for strings and counters. */
export abstract class StringCommands extends KeyCommands {
  /** The value of a key; `null` if there is none. */
  get(key: string, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "get", args: [key], decode: textOrNull }, options);
  }

  /** The value of a key as the bytes that it is; `null` if there is none. */
  getBytes(key: string, options?: CommandOptions): Promise<Uint8Array | null> {
    return this.execute({ name: "get", args: [key], decode: bytesOrNull }, options);
  }

  /** The value of a key, which is deleted. */
  getDel(key: string, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "getdel", args: [key], decode: textOrNull }, options);
  }

  /** The value of a key, which lives for so many seconds from now; 0 for ever. */
  getEx(key: string, seconds: number, options?: CommandOptions): Promise<string | null> {
    const args = seconds === 0 ? [key, "PERSIST"] : [key, "EX", seconds];
    return this.execute({ name: "getex", args, decode: textOrNull }, options);
  }

  /** Sets a value. Answers the one before; `null` if there was none. */
  getSet(key: string, value: RedisValue, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "getset", args: [key, value], decode: textOrNull }, options);
  }

  /** Sets a value that lives for ever. */
  set(key: string, value: RedisValue, options?: CommandOptions): Promise<void> {
    return this.execute({ name: "set", args: [key, value], decode: nothing }, options);
  }

  /** Sets a value that lives for so many seconds; 0 for ever. */
  setex(key: string, value: RedisValue, seconds: number, options?: CommandOptions): Promise<void> {
    const args = seconds === 0 ? [key, value] : [key, value, "EX", seconds];
    return this.execute({ name: "set", args, decode: nothing }, options);
  }

  /** Sets a value unless there is one. Answers whether it did. */
  setnx(key: string, value: RedisValue, options?: CommandOptions): Promise<boolean> {
    return this.execute({ name: "setnx", args: [key, value], decode: flag }, options);
  }

  /** Sets a value that lives for so many seconds unless there is one. Answers whether it did. */
  setnxEx(
    key: string,
    value: RedisValue,
    seconds: number,
    options?: CommandOptions,
  ): Promise<boolean> {
    const args = seconds === 0 ? [key, value, "NX"] : [key, value, "EX", seconds, "NX"];
    return this.execute({ name: "set", args, decode: isDone }, options);
  }

  /** The values of keys, `null` for those that there are not. */
  mget(keys: readonly string[], options?: CommandOptions): Promise<(string | null)[]> {
    return this.execute({ name: "mget", args: keys, decode: textsOrNulls }, options);
  }

  /** Sets the values of several keys, all at once. */
  mset(
    values: Readonly<Record<string, RedisValue>>,
    options?: CommandOptions,
  ): Promise<void> {
    const args = Object.entries(values).flat();
    return this.execute({ name: "mset", args, decode: nothing }, options);
  }

  /** Adds text to a value. Answers its length in bytes. */
  append(key: string, value: RedisValue, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "append", args: [key, value], decode: count }, options);
  }

  /** The length of a value in bytes; 0 if there is none. */
  strlen(key: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "strlen", args: [key], decode: count }, options);
  }

  /** Adds one. Answers the sum. */
  incr(key: string, options?: CommandOptions): Promise<RedisInteger> {
    return this.execute({ name: "incr", args: [key], decode: integer }, options);
  }

  /** Adds an integer. Answers the sum. */
  incrby(key: string, by: RedisInteger, options?: CommandOptions): Promise<RedisInteger> {
    return this.execute({ name: "incrby", args: [key, by], decode: integer }, options);
  }

  /** Adds a number. Answers the sum. */
  incrbyFloat(key: string, by: number, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "incrbyfloat", args: [key, by], decode: float }, options);
  }

  /** Takes one away. Answers the difference. */
  decr(key: string, options?: CommandOptions): Promise<RedisInteger> {
    return this.execute({ name: "decr", args: [key], decode: integer }, options);
  }

  /** Takes an integer away. Answers the difference. */
  decrby(key: string, by: RedisInteger, options?: CommandOptions): Promise<RedisInteger> {
    return this.execute({ name: "decrby", args: [key, by], decode: integer }, options);
  }
}
