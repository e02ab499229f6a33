/**
 * Commands for sets.
 *
 * @module
 */

import type { CommandOptions, RedisValue } from "../command.ts";
import { count, flag, textOrNull, texts } from "../reply.ts";
import { listValues } from "./command_set.ts";
import { ListCommands } from "./lists.ts";

/** Commands for sets. */
export abstract class SetCommands extends ListCommands {
  /** Adds members. Answers how many are new. */
  sadd(
    key: string,
    members: RedisValue | readonly RedisValue[],
    options?: CommandOptions,
  ): Promise<number> {
    const args = [key, ...listValues(members)];
    return this.execute({ name: "sadd", args, decode: count }, options);
  }

  /** Removes members. Answers how many there were. */
  srem(
    key: string,
    members: RedisValue | readonly RedisValue[],
    options?: CommandOptions,
  ): Promise<number> {
    const args = [key, ...listValues(members)];
    return this.execute({ name: "srem", args, decode: count }, options);
  }

  /** How many members there are. */
  scard(key: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "scard", args: [key], decode: count }, options);
  }

  /** Whether there is such a member. */
  sismember(key: string, member: RedisValue, options?: CommandOptions): Promise<boolean> {
    return this.execute({ name: "sismember", args: [key, member], decode: flag }, options);
  }

  /** All members, in no order. */
  smembers(key: string, options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "smembers", args: [key], decode: texts }, options);
  }

  /** Takes any member; `null` if there is none. */
  spop(key: string, options?: CommandOptions): Promise<string | null> {
    return this.execute({ name: "spop", args: [key], decode: textOrNull }, options);
  }

  /** Any members, so many at most; if `max` < 0 so many in all, some perhaps several times. */
  srandmember(key: string, max: number, options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "srandmember", args: [key, max], decode: texts }, options);
  }

  /** The members of any of the sets. */
  sunion(keys: readonly string[], options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "sunion", args: keys, decode: texts }, options);
  }

  /** The members of all of the sets. */
  sinter(keys: readonly string[], options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "sinter", args: keys, decode: texts }, options);
  }

  /** The members of the first of the sets that are in none of the others. */
  sdiff(keys: readonly string[], options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "sdiff", args: keys, decode: texts }, options);
  }

  /** Keeps in `dest` the members of any of the sets. Answers how many. */
  sunionstore(dest: string, keys: readonly string[], options?: CommandOptions): Promise<number> {
    return this.execute({ name: "sunionstore", args: [dest, ...keys], decode: count }, options);
  }

  /** Keeps in `dest` the members of all of the sets. Answers how many. */
  sinterstore(dest: string, keys: readonly string[], options?: CommandOptions): Promise<number> {
    return this.execute({ name: "sinterstore", args: [dest, ...keys], decode: count }, options);
  }

  /** Keeps in `dest` the members of the first of the sets that are in none of the others. Answers how many. */
  sdiffstore(dest: string, keys: readonly string[], options?: CommandOptions): Promise<number> {
    return this.execute({ name: "sdiffstore", args: [dest, ...keys], decode: count }, options);
  }
}
