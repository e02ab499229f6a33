/**
 * What all families of commands stand on. A class has one base, so each family is the base of the next.
 *
 * @module
 */

import type { CommandOptions, RedisCommand, RedisKeys, RedisValue } from "../command.ts";
import type { Decode } from "../reply.ts";

/** A command as a method makes it. */
export interface TypedCommand<T> extends RedisCommand {
  /** Makes what the caller gets of the reply. */
  readonly decode: Decode<T>;
}

/** Something that commands can be given to: a client sends them, a pipeline keeps them until it is sent. */
export abstract class CommandSet {
  /** Takes a command; resolves with its decoded reply. */
  protected abstract execute<T>(command: TypedCommand<T>, options?: CommandOptions): Promise<T>;
}

/** One or several keys, as a list. */
export function listKeys(keys: RedisKeys): readonly string[] {
  return typeof keys === "string" ? [keys] : keys;
}

/** One or several values, as a list. */
export function listValues(values: RedisValue | readonly RedisValue[]): readonly RedisValue[] {
  return isList(values) ? values : [values];
}

function isList(values: RedisValue | readonly RedisValue[]): values is readonly RedisValue[] {
  return Array.isArray(values);
}
