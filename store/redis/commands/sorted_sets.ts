/**
 * Commands for sorted sets, but for those that read ranges.
 *
 * @module
 */

import type { CommandOptions, RedisValue } from "../command.ts";
import { count, countOrNull, flag, float, floatOrNull, nothing } from "../reply.ts";
import { listValues } from "./command_set.ts";
import { SetCommands } from "./sets.ts";

/** A member of a sorted set. */
export interface ScoredMember {
  /** The member. */
  readonly member: string;
  /** Its score. */
  readonly score: number;
}

/** Which sorted sets become one, and how. */
export interface UnionSpec {
  /** The sets. */
  readonly keys: readonly string[];
  /** What the scores of each are multiplied by. @default {1 each} */
  readonly weights?: readonly number[] | undefined;
  /** What becomes of several scores of one member. @default {"sum"} */
  readonly aggregate?: "sum" | "min" | "max" | undefined;
}

/**
 * Commands for sorted sets, but for those that read ranges. A score is a number, so the twins for integers and for floats that
 * go-zero has are one.
 */
export abstract class SortedSetCommands extends SetCommands {
  /** Adds a member, or changes its score. Answers whether it is new. */
  zadd(
    key: string,
    score: number,
    member: RedisValue,
    options?: CommandOptions,
  ): Promise<boolean> {
    return this.execute({ name: "zadd", args: [key, score, member], decode: flag }, options);
  }

  /** Adds a member unless there is one. Answers whether it did. */
  zaddnx(
    key: string,
    score: number,
    member: RedisValue,
    options?: CommandOptions,
  ): Promise<boolean> {
    const args = [key, "NX", score, member];
    return this.execute({ name: "zadd", args, decode: flag }, options);
  }

  /** Adds members, or changes their scores. Answers how many are new. */
  zadds(
    key: string,
    members: readonly ScoredMember[],
    options?: CommandOptions,
  ): Promise<number> {
    const args = [key, ...members.flatMap(({ score, member }) => [score, member])];
    return this.execute({ name: "zadd", args, decode: count }, options);
  }

  /** Adds to the score of a member. Answers the sum. */
  zincrby(
    key: string,
    by: number,
    member: RedisValue,
    options?: CommandOptions,
  ): Promise<number> {
    return this.execute({ name: "zincrby", args: [key, by, member], decode: float }, options);
  }

  /** The score of a member; `null` if there is none. */
  zscore(key: string, member: RedisValue, options?: CommandOptions): Promise<number | null> {
    return this.execute({ name: "zscore", args: [key, member], decode: floatOrNull }, options);
  }

  /** How many members have lower scores; `null` if there is no such member. */
  zrank(key: string, member: RedisValue, options?: CommandOptions): Promise<number | null> {
    return this.execute({ name: "zrank", args: [key, member], decode: countOrNull }, options);
  }

  /** How many members have higher scores; `null` if there is no such member. */
  zrevrank(key: string, member: RedisValue, options?: CommandOptions): Promise<number | null> {
    return this.execute({ name: "zrevrank", args: [key, member], decode: countOrNull }, options);
  }

  /** How many members there are. */
  zcard(key: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "zcard", args: [key], decode: count }, options);
  }

  /** How many members have scores from `min` to `max`. */
  zcount(key: string, min: number, max: number, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "zcount", args: [key, min, max], decode: count }, options);
  }

  /** Removes members. Answers how many there were. */
  zrem(
    key: string,
    members: RedisValue | readonly RedisValue[],
    options?: CommandOptions,
  ): Promise<number> {
    const args = [key, ...listValues(members)];
    return this.execute({ name: "zrem", args, decode: count }, options);
  }

  /** Removes the members with ranks from `start` to `stop`. Answers how many. */
  zremrangebyrank(
    key: string,
    start: number,
    stop: number,
    options?: CommandOptions,
  ): Promise<number> {
    const args = [key, start, stop];
    return this.execute({ name: "zremrangebyrank", args, decode: count }, options);
  }

  /** Removes the members with scores from `min` to `max`. Answers how many. */
  zremrangebyscore(
    key: string,
    min: number,
    max: number,
    options?: CommandOptions,
  ): Promise<number> {
    const args = [key, min, max];
    return this.execute({ name: "zremrangebyscore", args, decode: count }, options);
  }

  /** Keeps in `dest` the members of any of the sets. Answers how many. */
  zunionstore(dest: string, spec: UnionSpec, options?: CommandOptions): Promise<number> {
    const { keys, weights, aggregate } = spec;
    const args: RedisValue[] = [dest, keys.length, ...keys];
    if (weights) args.push("WEIGHTS", ...weights);
    if (aggregate) args.push("AGGREGATE", aggregate.toUpperCase());
    return this.execute({ name: "zunionstore", args, decode: count }, options);
  }

  /** Counts elements, about: 0.8% off. Answers whether the count has changed. */
  pfadd(
    key: string,
    elements: RedisValue | readonly RedisValue[],
    options?: CommandOptions,
  ): Promise<boolean> {
    const args = [key, ...listValues(elements)];
    return this.execute({ name: "pfadd", args, decode: flag }, options);
  }

  /** How many different elements were counted, about. */
  pfcount(key: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "pfcount", args: [key], decode: count }, options);
  }

  /** Keeps in `dest` what was counted under any of the keys. */
  pfmerge(dest: string, keys: readonly string[], options?: CommandOptions): Promise<void> {
    return this.execute({ name: "pfmerge", args: [dest, ...keys], decode: nothing }, options);
  }
}
