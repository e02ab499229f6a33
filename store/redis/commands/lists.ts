/**
 * Commands for lists. Those that wait are in `BlockingNode`.
 *
 * @module
 */

import type { CommandOptions, RedisValue } from "../command.ts";
import { count, nothing, textOrNull, texts } from "../reply.ts";
import { listValues } from "./command_set.ts";
import { HashCommands } from "./hashes.ts";

/** Commands for lists. Places are counted from 0, or from -1 backwards. */
export abstract class ListCommands extends HashCommands {
  /** Puts values in front, the last of them first. Answers the length. */
  lpush(
    key: string,
    values: RedisValue | readonly RedisValue[],
    options?: CommandOptions,
  ): Promise<number> {
    const args = [key, ...listValues(values)];
    return this.execute({ name: "lpush", args, decode: count }, options);
  }

  /** Puts values at the end. Answers the length. */
  rpush(
    key: string,
    values: RedisValue | readonly RedisValue[],
    options?: CommandOptions,
  ): Promise<number> {
    const args = [key, ...listValues(values)];
    return this.execute({ name: "rpush", args, decode: count }, options);
  }

  /** Takes the first value; `null` if there is none. */
  lpop(key: string, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "lpop", args: [key], decode: textOrNull }, options);
  }

  /** Takes the last value; `null` if there is none. */
  rpop(key: string, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "rpop", args: [key], decode: textOrNull }, options);
  }

  /** Takes the first values, so many at most. */
  lpopCount(key: string, max: number, options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "lpop", args: [key, max], decode: texts }, options);
  }

  /** Takes the last values, so many at most, the last first. */
  rpopCount(key: string, max: number, options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "rpop", args: [key, max], decode: texts }, options);
  }

  /** How many values there are. */
  llen(key: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "llen", args: [key], decode: count }, options);
  }

  /** The value at a place; `null` if there is none. */
  lindex(key: string, index: number, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "lindex", args: [key, index], decode: textOrNull }, options);
  }

  /** Sets the value at a place. */
  lset(key: string, index: number, value: RedisValue, options?: CommandOptions): Promise<void> {
    return this.execute({ name: "lset", args: [key, index, value], decode: nothing }, options);
  }

  /** The values from `start` to `stop`. */
  lrange(
    key: string,
    start: number,
    stop: number,
    options?: CommandOptions,
  ): Promise<string[]> {
    return this.execute({ name: "lrange", args: [key, start, stop], decode: texts }, options);
  }

  /** Removes the first `max` values that are `value`; the last if `max` < 0, all if it is 0. Answers how many. */
  lrem(
    key: string,
    max: number,
    value: RedisValue,
    options?: CommandOptions,
  ): Promise<number> {
    return this.execute({ name: "lrem", args: [key, max, value], decode: count }, options);
  }

  /** Keeps only the values from `start` to `stop`. */
  ltrim(key: string, start: number, stop: number, options?: CommandOptions): Promise<void> {
    return this.execute({ name: "ltrim", args: [key, start, stop], decode: nothing }, options);
  }

  /** Takes the last value and puts it in front of another list; `null` if there is none. */
  rpoplpush(source: string, dest: string, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "rpoplpush", args: [source, dest], decode: textOrNull }, options);
  }
}
