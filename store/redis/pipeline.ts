/**
 * Commands that are sent at once.
 *
 * @module
 */

import { GeneralCommands } from "./commands/general.ts";
import type { TypedCommand } from "./commands/command_set.ts";
import type { RedisCommand } from "./command.ts";

/** A command that waits to be sent. */
interface Queued {
  readonly command: RedisCommand;
  settle(reply: unknown): void;
  fail(error: unknown): void;
}

/** What the functions that fill pipelines may return: what is queued, one or a list, or anything else. */
export type PipelineAnswer<T> = T extends readonly unknown[]
  ? { -readonly [Index in keyof T]: Awaited<T[Index]> }
  : Awaited<T>;

/** Keeps commands until they are sent, all at once. Their promises settle then. */
export class RedisPipeline extends GeneralCommands {
  readonly #queue: Queued[] = [];
  #sent = false;

  /** How many commands are kept. */
  get length(): number {
    return this.#queue.length;
  }

  /**
   * Ends the filling.
   *
   * @returns The commands, in order.
   */
  close(): readonly RedisCommand[] {
    this.#sent = true;
    return this.#queue.map(({ command }) => command);
  }

  /** Settles the promises with the replies and errors, in order. */
  settle(answers: readonly unknown[]): void {
    for (const [i, { settle, fail }] of this.#queue.entries()) {
      const answer = answers[i];
      if (answer instanceof Error) fail(answer);
      else settle(answer);
    }
  }

  /** Settles all promises with one error. */
  fail(error: unknown): void {
    for (const { fail } of this.#queue) fail(error);
  }

  /** Keeps a command. The signal of a single one means nothing: that of the whole counts. */
  protected execute<T>(command: TypedCommand<T>): Promise<T> {
    if (this.#sent) {
      const why = "the pipeline has been sent; queue all commands before the first await";
      return Promise.reject(new TypeError(`Cannot queue ${command.name}: ${why}`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const fail = (error: unknown) => {
      // Whoever does not look at a single answer is told by that of the whole.
      promise.catch(() => {});
      reject(error);
    };
    const settle = (reply: unknown) => {
      try {
        resolve(command.decode(reply));
      } catch (error) {
        fail(error);
      }
    };
    this.#queue.push({ command, settle, fail });
    return promise;
  }
}
