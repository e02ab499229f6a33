/**
 * Commands that read ranges of sorted sets.
 *
 * @module
 */

import type { CommandOptions, RedisValue } from "../command.ts";
import { type Decode, float, pairsOf, text, texts } from "../reply.ts";
import { type ScoredMember, SortedSetCommands } from "./sorted_sets.ts";

const members: Decode<ScoredMember[]> = (reply) =>
  pairsOf(text, float)(reply).map(([member, score]) => ({ member, score }));

/** Commands that read ranges of sorted sets. Ranks are counted from 0, or from -1 backwards; both ends are included. */
export abstract class SortedSetRangeCommands extends SortedSetCommands {
  /** The members with ranks from `start` to `stop`, lowest score first. */
  zrange(
    key: string,
    start: number,
    stop: number,
    options?: CommandOptions,
  ): Promise<string[]> {
    return this.execute({ name: "zrange", args: [key, start, stop], decode: texts }, options);
  }

  /** The members with ranks from `start` to `stop`, highest score first. */
  zrevrange(
    key: string,
    start: number,
    stop: number,
    options?: CommandOptions,
  ): Promise<string[]> {
    return this.execute({ name: "zrevrange", args: [key, start, stop], decode: texts }, options);
  }

  /** As {@link zrange}, with the scores. */
  zrangeWithScores(
    key: string,
    start: number,
    stop: number,
    options?: CommandOptions,
  ): Promise<ScoredMember[]> {
    return this.#scored("zrange", [key, start, stop], options);
  }

  /** As {@link zrevrange}, with the scores. */
  zrevrangeWithScores(
    key: string,
    start: number,
    stop: number,
    options?: CommandOptions,
  ): Promise<ScoredMember[]> {
    return this.#scored("zrevrange", [key, start, stop], options);
  }

  /** The members with scores from `min` to `max`, lowest first. */
  zrangebyscoreWithScores(
    key: string,
    min: number,
    max: number,
    options?: CommandOptions,
  ): Promise<ScoredMember[]> {
    return this.#scored("zrangebyscore", [key, min, max], options);
  }

  /** The members with scores from `min` to `max`, highest first. */
  zrevrangebyscoreWithScores(
    key: string,
    min: number,
    max: number,
    options?: CommandOptions,
  ): Promise<ScoredMember[]> {
    return this.#scored("zrevrangebyscore", [key, max, min], options);
  }

  /** One page of {@link zrangebyscoreWithScores}; pages are counted from 0. None if `size` is not > 0. */
  zrangebyscoreWithScoresAndLimit(
    key: string,
    range: ScoreRange,
    options?: CommandOptions,
  ): Promise<ScoredMember[]> {
    return this.#page("zrangebyscore", [key, range.min, range.max], range, options);
  }

  /** One page of {@link zrevrangebyscoreWithScores}; pages are counted from 0. None if `size` is not > 0. */
  zrevrangebyscoreWithScoresAndLimit(
    key: string,
    range: ScoreRange,
    options?: CommandOptions,
  ): Promise<ScoredMember[]> {
    return this.#page("zrevrangebyscore", [key, range.max, range.min], range, options);
  }

  #page(
    name: string,
    args: readonly RedisValue[],
    { page, size }: ScoreRange,
    options?: CommandOptions,
  ): Promise<ScoredMember[]> {
    if (!(size > 0)) return Promise.resolve([]);
    return this.#scored(name, [...args, "LIMIT", page * size, size], options);
  }

  #scored(
    name: string,
    args: readonly RedisValue[],
    options?: CommandOptions,
  ): Promise<ScoredMember[]> {
    const [key, first, last, ...limit] = args;
    const all = [key!, first!, last!, "WITHSCORES", ...limit];
    return this.execute({ name, args: all, decode: members }, options);
  }
}

/** A page of the members with scores in a range. */
export interface ScoreRange {
  /** Lowest score. */
  readonly min: number;
  /** Highest score. */
  readonly max: number;
  /** Number of the page, from 0. */
  readonly page: number;
  /** Members of a page. */
  readonly size: number;
}
