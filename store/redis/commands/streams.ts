/**
 * Commands for streams. The one that waits for messages is in `BlockingNode`.
 *
 * @module
 */

import type { CommandOptions, RedisKeys, RedisValue } from "../command.ts";
import {
  anything,
  count,
  type Decode,
  listOf,
  nothing,
  record,
  type RedisReply,
  text,
  textOrNull,
} from "../reply.ts";
import { listKeys } from "./command_set.ts";
import { GeoCommands } from "./geo.ts";

/** Options of `xadd`. */
export interface XAddOptions extends CommandOptions {
  /** The id of the message. @default {one that the server makes} */
  readonly id?: string | undefined;
  /** Whether nothing is done if there is no such stream. @default {false} */
  readonly noMkStream?: boolean | undefined;
  /** Messages that are kept, about; the oldest go. @default {all} */
  readonly maxLength?: number | undefined;
}

/** A message of a stream. */
export interface StreamMessage {
  /** Its id, `<ms>-<number>`. */
  readonly id: string;
  /** What it says. */
  readonly values: Readonly<Record<string, string>>;
}

/** What is known of a stream, a group or a consumer, by the names that Redis gives the facts. */
export type StreamFacts = Readonly<Record<string, RedisReply>>;

/** Reads messages. One that was deleted meanwhile says nothing. */
export const streamMessages: Decode<StreamMessage[]> = listOf((reply) => {
  const [id, values] = Array.isArray(reply) ? reply : [];
  return { id: text(id), values: values === null ? {} : record(values) };
});

const facts: Decode<StreamFacts> = (reply) => {
  const flat = Array.isArray(reply) ? reply : [];
  const named: Record<string, RedisReply> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) named[text(flat[i])] = anything(flat[i + 1]);
  return named;
};

/** Commands for streams. */
export abstract class StreamCommands extends GeoCommands {
  /** Adds a message. Answers its id; `null` if there is no such stream and `noMkStream` is set. */
  xadd(
    stream: string,
    values: Readonly<Record<string, RedisValue>>,
    options: XAddOptions = {},
  ): Promise<string | null> {
    const { id = "*", noMkStream, maxLength } = options;
    const args: RedisValue[] = [stream];
    if (noMkStream) args.push("NOMKSTREAM");
    if (maxLength !== undefined) args.push("MAXLEN", "~", maxLength);
    args.push(id, ...Object.entries(values).flat());
    return this.execute({ name: "xadd", args, decode: textOrNull }, options);
  }

  /** Says that a group is through with messages. Answers how many of them it had. */
  xack(
    stream: string,
    group: string,
    ids: RedisKeys,
    options?: CommandOptions,
  ): Promise<number> {
    const args = [stream, group, ...listKeys(ids)];
    return this.execute({ name: "xack", args, decode: count }, options);
  }

  /** Deletes messages. Answers how many there were. */
  xdel(stream: string, ids: RedisKeys, options?: CommandOptions): Promise<number> {
    const args = [stream, ...listKeys(ids)];
    return this.execute({ name: "xdel", args, decode: count }, options);
  }

  /** How many messages there are. */
  xlen(stream: string, options?: CommandOptions): Promise<number> {
    return this.execute({ name: "xlen", args: [stream], decode: count }, options);
  }

  /** The messages with ids from `start` to `end`; `-` is the first, `+` the last. */
  xrange(
    stream: string,
    start = "-",
    end = "+",
    options?: CommandOptions,
  ): Promise<StreamMessage[]> {
    const args = [stream, start, end];
    return this.execute({ name: "xrange", args, decode: streamMessages }, options);
  }

  /** Makes a group that gets the messages after `start`; `$` for those to come. Fails if there is no such stream. */
  xgroupCreate(
    stream: string,
    group: string,
    start: string,
    options?: CommandOptions,
  ): Promise<void> {
    const args = ["CREATE", stream, group, start];
    return this.execute({ name: "xgroup", args, decode: nothing }, options);
  }

  /** As {@link xgroupCreate}, and makes the stream if there is none. */
  xgroupCreateMkStream(
    stream: string,
    group: string,
    start: string,
    options?: CommandOptions,
  ): Promise<void> {
    const args = ["CREATE", stream, group, start, "MKSTREAM"];
    return this.execute({ name: "xgroup", args, decode: nothing }, options);
  }

  /** Lets a group get the messages after `start` anew. */
  xgroupSetId(
    stream: string,
    group: string,
    start: string,
    options?: CommandOptions,
  ): Promise<void> {
    const args = ["SETID", stream, group, start];
    return this.execute({ name: "xgroup", args, decode: nothing }, options);
  }

  /** What is known of a stream. */
  xinfoStream(stream: string, options?: CommandOptions): Promise<StreamFacts> {
    return this.execute({ name: "xinfo", args: ["STREAM", stream], decode: facts }, options);
  }

  /** What is known of the groups of a stream. */
  xinfoGroups(stream: string, options?: CommandOptions): Promise<StreamFacts[]> {
    const args = ["GROUPS", stream];
    return this.execute({ name: "xinfo", args, decode: listOf(facts) }, options);
  }

  /** What is known of the consumers of a group. */
  xinfoConsumers(
    stream: string,
    group: string,
    options?: CommandOptions,
  ): Promise<StreamFacts[]> {
    const args = ["CONSUMERS", stream, group];
    return this.execute({ name: "xinfo", args, decode: listOf(facts) }, options);
  }
}
