/**
 * Commands that wait on the server.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { RedisCommand, RedisKeys, SendCall } from "./command.ts";
import { listKeys } from "./commands/command_set.ts";
import { type StreamMessage, streamMessages } from "./commands/streams.ts";
import type { Connection } from "./connection.ts";
import { type Decode, text, textOrNull } from "./reply.ts";

/** Options of commands that wait. */
export interface BlockOptions {
  /** How long the server waits, in ms, >= 0; 0 is for ever. @default {5_000} */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait with its reason. What the server has taken off meanwhile may be lost. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link BlockingNode.xreadGroup}. */
export interface XReadGroupOptions extends BlockOptions {
  /** Most messages of each stream. @default {as many as there are} */
  readonly count?: number | undefined;
  /** Whether messages need not be acknowledged. @default {false} */
  readonly noAck?: boolean | undefined;
}

/** A value that was taken off a list. */
export interface PoppedValue {
  /** The list. */
  readonly key: string;
  /** The value. */
  readonly value: string;
}

const popped: Decode<PoppedValue | null> = (reply) => {
  if (!Array.isArray(reply)) return null;
  return { key: text(reply[0]), value: text(reply[1]) };
};

/**
 * A connection of its own for commands that wait on the server, which would hold up all others on a shared one. They are sent
 * one after the other. Made by `redis.blocking()`; dispose it.
 */
export class BlockingNode implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #send: SendCall;
  #closing: Promise<void> | undefined;

  /** Made by `redis.blocking()`. */
  constructor(connection: Connection, send: SendCall) {
    this.#connection = connection;
    this.#send = send;
  }

  /** Takes the first value of the first list that has one, and waits for it; `null` if none has come in time. */
  blpop(keys: RedisKeys, options?: BlockOptions): Promise<PoppedValue | null> {
    const list = listKeys(keys);
    return this.#wait("blpop", (seconds) => [...list, seconds], popped, options);
  }

  /** Takes the last value of the first list that has one, and waits for it; `null` if none has come in time. */
  brpop(keys: RedisKeys, options?: BlockOptions): Promise<PoppedValue | null> {
    const list = listKeys(keys);
    return this.#wait("brpop", (seconds) => [...list, seconds], popped, options);
  }

  /** Moves the last value of a list in front of another, and waits for it; `null` if none has come in time. */
  brpoplpush(source: string, dest: string, options?: BlockOptions): Promise<string | null> {
    return this.#wait("brpoplpush", (seconds) => [source, dest, seconds], textOrNull, options);
  }

  /**
   * Reads messages of streams for a consumer of a group, and waits for one; none if none has come in time.
   *
   * @param streams Where to begin in each stream: `>` for what no consumer has got yet.
   */
  xreadGroup(
    group: string,
    consumer: string,
    streams: Readonly<Record<string, string>>,
    options: XReadGroupOptions = {},
  ): Promise<Record<string, StreamMessage[]>> {
    const { count, noAck, timeoutMs = 5_000 } = options;
    const args: (string | number)[] = ["GROUP", group, consumer];
    if (count !== undefined) args.push("COUNT", count);
    args.push("BLOCK", Math.ceil(timeoutMs));
    if (noAck) args.push("NOACK");
    args.push("STREAMS", ...Object.keys(streams), ...Object.values(streams));
    return this.#wait("xreadgroup", () => args, byStream, options);
  }

  /** Ends the connection, and with it what waits. The second time does nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing ??= this.#connection.close();
  }

  async #wait<T>(
    name: string,
    argsOf: (seconds: number) => RedisCommand["args"],
    decode: Decode<T>,
    { timeoutMs = 5_000, signal }: BlockOptions = {},
  ): Promise<T> {
    if (!(timeoutMs >= 0)) {
      throw new RangeError(`Cannot run ${name}: need timeoutMs >= 0, got ${timeoutMs}`);
    }
    signal?.throwIfAborted();
    const command = { name, args: argsOf(timeoutMs / 1_000) };
    const limitMs = timeoutMs === 0 ? Infinity : timeoutMs + EXTRA_MS;
    try {
      return decode(
        await this.#send({
          name,
          commands: [command],
          kind: "command",
          isBlocking: true,
          timeoutMs: limitMs,
          signal,
        }),
      );
    } catch (error) {
      // The server goes on waiting for whom nobody waits any more, unless it loses the connection.
      if (signal?.aborted || isTimeout(error)) this.#connection.reset();
      throw error;
    }
  }
}

/** How much longer than the server's wait its answer may take, in ms. */
const EXTRA_MS = 2_000;

function isTimeout(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "deadline_exceeded";
}

const byStream: Decode<Record<string, StreamMessage[]>> = (reply) => {
  const streams: unknown[] = Array.isArray(reply) ? reply : [];
  return Object.fromEntries(streams.map((entry) => {
    const [stream, found] = Array.isArray(entry) ? entry : [];
    return [text(stream), streamMessages(found)];
  }));
};
