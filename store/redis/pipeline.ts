/**
 * Commands that are sent at once.
 *
 * @module
 */

import { GeneralCommands } from "./commands/general.ts";
import type { TypedCommand } from "./commands/command_set.ts";
import type { RedisCommand } from "./command.ts";

/** A command that waits to be sent, and who waits for its answer. */
interface Queued {
  readonly command: TypedCommand<unknown>;
  readonly waiting: PromiseWithResolvers<unknown>;
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
    for (const [i, queued] of this.#queue.entries()) {
      const answer = answers[i];
      if (answer instanceof Error) fail(queued, answer);
      else settle(queued, answer);
    }
  }

  /** Settles all promises with one error. */
  fail(error: unknown): void {
    for (const queued of this.#queue) fail(queued, error);
  }

  /** Keeps a command. The signal of a single one means nothing: that of the whole counts. */
  protected execute<T>(command: TypedCommand<T>): Promise<T> {
    if (this.#sent) {
      const why = "the pipeline has been sent; queue all commands before the first await";
      return Promise.reject(new TypeError(`Cannot queue ${command.name}: ${why}`));
    }
    const waiting = Promise.withResolvers<T>();
    this.#queue.push({ command, waiting: waiting as PromiseWithResolvers<unknown> });
    return waiting.promise;
  }
}

function settle(queued: Queued, reply: unknown): void {
  let value: unknown;
  try {
    value = queued.command.decode(reply);
  } catch (error) {
    return fail(queued, error);
  }
  queued.waiting.resolve(value);
}

function fail({ waiting }: Queued, error: unknown): void {
  // Whoever does not look at a single answer is told by that of the whole.
  waiting.promise.catch(() => {});
  waiting.reject(error);
}
