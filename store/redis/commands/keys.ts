/**
 * Commands for keys, whatever they hold.
 *
 * @module
 */

import type { CommandOptions, RedisKeys } from "../command.ts";
import { count, flag, text, texts } from "../reply.ts";
import { CommandSet, listKeys } from "./command_set.ts";

/** Commands for keys, whatever they hold. */
export abstract class KeyCommands extends CommandSet {
  /** Deletes keys. Answers how many there were. */
  del(keys: RedisKeys, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "del", args: listKeys(keys), decode: count }, options);
  }

  /** As {@link del}, and leaves the work of it to a thread of the server. */
  unlink(keys: RedisKeys, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "unlink", args: listKeys(keys), decode: count }, options);
  }

  /** Whether there is such a key. */
  exists(key: string, options?: CommandOptions): Promise<boolean> {
    return this.execute({ name: "exists", args: [key], decode: flag }, options);
  }

  /** How many of the keys there are; one that is named twice counts twice. */
  existsMany(keys: readonly string[], options?: CommandOptions): Promise<number> {
    return this.execute({ name: "exists", args: keys, decode: count }, options);
  }

  /** Lets a key live for so many seconds. Answers whether there is such a key. */
  expire(key: string, seconds: number, options?: CommandOptions): Promise<boolean> {
    return this.execute({ name: "expire", args: [key, seconds], decode: flag }, options);
  }

  /** Lets a key live until an instant, in seconds since the Unix epoch. Answers whether there is such a key. */
  expireat(key: string, unixSeconds: number, options?: CommandOptions): Promise<boolean> {
    return this.execute({ name: "expireat", args: [key, unixSeconds], decode: flag }, options);
  }

  /** Lets a key live for so many milliseconds. Answers whether there is such a key. */
  pexpire(key: string, milliseconds: number, options?: CommandOptions): Promise<boolean> {
    return this.execute({ name: "pexpire", args: [key, milliseconds], decode: flag }, options);
  }

  /** Lets a key live for ever. Answers whether it had an end. */
  persist(key: string, options?: CommandOptions): Promise<boolean> {
    return this.execute({ name: "persist", args: [key], decode: flag }, options);
  }

  /** Seconds that a key has left; -1 if it lives for ever, -2 if there is none. */
  ttl(key: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "ttl", args: [key], decode: count }, options);
  }

  /** As {@link ttl}, in milliseconds. */
  pttl(key: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "pttl", args: [key], decode: count }, options);
  }

  /** What a key holds, such as `string` or `hash`; `none` if there is none. */
  type(key: string, options?: CommandOptions): Promise<string> {
    return this.execute({ name: "type", args: [key], decode: text }, options);
  }

  /**
   * The keys that match a pattern such as `user:*`. The server does nothing else meanwhile: where there are many keys, use
   * `scan`. Of a cluster it asks one server; `scan` asks all.
   */
  keys(pattern: string, options?: CommandOptions): Promise<string[]> {
    return this.execute({ name: "keys", args: [pattern], decode: texts }, options);
  }
}
