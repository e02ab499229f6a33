/**
 * Commands for hashes.
 *
 * @module
 */

import type { CommandOptions, RedisKeys, RedisValue } from "../command.ts";
import {
  count,
  flag,
  float,
  integer,
  nothing,
  record,
  type RedisInteger,
  textOrNull,
  texts,
  textsOrNulls,
} from "../reply.ts";
import { BitCommands } from "./bits.ts";
import { listKeys } from "./command_set.ts";

/** Commands for hashes. */
export abstract class HashCommands extends BitCommands {
  /** Sets a field. Answers whether it is a new one. */
  hset(
    key: string,
    field: string,
    value: RedisValue,
    options?: CommandOptions,
  ): Promise<boolean> {
    return this.execute({ name: "hset", args: [key, field, value], decode: flag }, options);
  }

  /** Sets a field unless there is one. Answers whether it did. */
  hsetnx(
    key: string,
    field: string,
    value: RedisValue,
    options?: CommandOptions,
  ): Promise<boolean> {
    return this.execute({ name: "hsetnx", args: [key, field, value], decode: flag }, options);
  }

  /** Sets several fields. */
  hmset(
    key: string,
    values: Readonly<Record<string, RedisValue>>,
    options?: CommandOptions,
  ): Promise<void> {
    const args = [key, ...Object.entries(values).flat()];
    return this.execute({ name: "hset", args, decode: nothing }, options);
  }

  /** The value of a field; `null` if there is none. */
  hget(key: string, field: string, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "hget", args: [key, field], decode: textOrNull }, options);
  }

  /** The values of fields, `null` for those that there are not. */
  hmget(
    key: string,
    fields: readonly string[],
    options?: CommandOptions,
  ): Promise<(string | null)[]> {
    return this.execute({ name: "hmget", args: [key, ...fields], decode: textsOrNulls }, options);
  }

  /** All fields with their values; none if there is no such key. */
  hgetall(key: string, options?: CommandOptions): Promise<Record<string, string>> {
    return this.execute({ name: "hgetall", args: [key], decode: record }, options);
  }

  /** The names of all fields. */
  hkeys(key: string, options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "hkeys", args: [key], decode: texts }, options);
  }

  /** The values of all fields. */
  hvals(key: string, options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "hvals", args: [key], decode: texts }, options);
  }

  /** How many fields there are. */
  hlen(key: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "hlen", args: [key], decode: count }, options);
  }

  /** Whether there is such a field. */
  hexists(key: string, field: string, options?: CommandOptions): Promise<boolean> {
    return this.execute({ name: "hexists", args: [key, field], decode: flag }, options);
  }

  /** Deletes fields. Answers whether there was any of them. */
  hdel(key: string, fields: RedisKeys, options?: CommandOptions): Promise<boolean> {
    const args = [key, ...listKeys(fields)];
    return this.execute({ name: "hdel", args, decode: flag }, options);
  }

  /** Adds an integer to a field. Answers the sum. */
  hincrby(
    key: string,
    field: string,
    by: RedisInteger,
    options?: CommandOptions,
  ): Promise<RedisInteger> {
    return this.execute({ name: "hincrby", args: [key, field, by], decode: integer }, options);
  }

  /** Adds a number to a field. Answers the sum. */
  hincrbyFloat(
    key: string,
    field: string,
    by: number,
    options?: CommandOptions,
  ): Promise<number> {
    return this.execute({ name: "hincrbyfloat", args: [key, field, by], decode: float }, options);
  }
}
