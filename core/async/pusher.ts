import type { Logger } from "../log/logger.ts";
import { NoAvailablePusherError } from "./errors.ts";
import { parallel } from "./parallel.ts";
import { reportPanic } from "./panic.ts";

/** Puts messages somewhere. */
export interface Pusher<M> {
  /** What it is called in logs. */
  readonly name: string;
  /** Puts a message there; rejects if it was not taken. */
  push(message: M): void | PromiseLike<void>;
}

/** Options for {@link BalancedPusher}. */
export interface BalancedPusherOptions {
  /** Told of pushers that failed. @default {consoleLogger} */
  logger?: Logger | undefined;
}

/**
 * Gives each message to one pusher, in turn; if that fails to the next, until all have been tried.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const seen: string[] = [];
 * const to = (name: string) => ({ name, push: (message: string) => void seen.push(name + message) });
 * const pusher = new BalancedPusher([to("a"), to("b")]);
 * for (const message of ["1", "2"]) await pusher.push(message);
 * assertEquals([pusher.name, ...seen.sort()], ["a,b", "a2", "b1"]);
 * ```
 */
export class BalancedPusher<M> implements Pusher<M> {
  /** The names of the pushers, with commas between. */
  readonly name: string;
  readonly #pushers: readonly Pusher<M>[];
  readonly #logger: Logger | undefined;
  #turn = 0;

  /** Makes one over `pushers`, which may be none. */
  constructor(pushers: readonly Pusher<M>[], options: BalancedPusherOptions = {}) {
    this.#pushers = [...pushers];
    this.#logger = options.logger;
    this.name = namesOf(pushers);
  }

  /** Pushes to one. @throws {NoAvailablePusherError} If none took the message. */
  async push(message: M): Promise<void> {
    const errors: unknown[] = [];
    const count = this.#pushers.length;
    for (let tried = 0; tried < count; tried++) {
      this.#turn = (this.#turn + 1) % count;
      const pusher = this.#pushers[this.#turn]!;
      try {
        return await pusher.push(message);
      } catch (error) {
        errors.push(error);
        reportPanic({ task: `push to ${pusher.name}`, error }, this.#logger);
      }
    }
    throw new NoAvailablePusherError({ cause: new AggregateError(errors) });
  }
}

/** Gives each message to all pushers, whatever some of them say. */
export class MultiPusher<M> implements Pusher<M> {
  /** The names of the pushers, with commas between. */
  readonly name: string;
  readonly #pushers: readonly Pusher<M>[];

  /** Makes one over `pushers`, which may be none. */
  constructor(pushers: readonly Pusher<M>[]) {
    this.#pushers = [...pushers];
    this.name = namesOf(pushers);
  }

  /** Pushes to all. @throws What failed, an `AggregateError` if several did, once all are done. */
  async push(message: M): Promise<void> {
    await parallel(this.#pushers.map((pusher) => () => pusher.push(message)));
  }
}

function namesOf(pushers: readonly Pusher<unknown>[]): string {
  return pushers.map(({ name }) => name).join(",");
}
