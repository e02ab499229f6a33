/**
 * Going through many keys or members, some at a time.
 *
 * @module
 */

import type { CommandOptions, RedisValue } from "./command.ts";
import { type Decode, listOf, text } from "./reply.ts";

/** Options of a scan. */
export interface ScanOptions extends CommandOptions {
  /** A pattern for what is wanted, such as `user:*`. @default {everything} */
  readonly match?: string | undefined;
  /** About how many the server looks at for each answer. @default {10, the server's own} */
  readonly count?: number | undefined;
}

/** Asks once; resolves with the raw reply. */
export type AskOnce = (args: readonly RedisValue[]) => Promise<unknown>;

/**
 * Goes through all that a command finds. What is there all the while is found at least once; what comes or goes may be.
 *
 * @param key The key that is looked into, if it is one.
 */
export async function* scanAll<T>(
  ask: AskOnce,
  key: string | undefined,
  decode: Decode<T[]>,
  { match, count, signal }: ScanOptions,
): AsyncGenerator<T, void> {
  const rest: RedisValue[] = [];
  if (match !== undefined) rest.push("MATCH", match);
  if (count !== undefined) rest.push("COUNT", count);
  let cursor = "0";
  do {
    signal?.throwIfAborted();
    const before = key === undefined ? [cursor] : [key, cursor];
    const [next, found] = listOf((item) => item)(await ask([...before, ...rest]));
    yield* decode(found);
    cursor = text(next);
  } while (cursor !== "0");
}
