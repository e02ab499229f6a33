/**
 * Following a stream of events for as long as it takes.
 *
 * @module
 */

import { type Clock, type Random, systemClock, systemRandom } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { backoffMs } from "../../core/retry/backoff.ts";
import { isTransient } from "../../core/retry/transient.ts";
import { BadResponseError, type CallTarget } from "./errors.ts";
import { EventStreamParser, type ReceivedEvent } from "./event_stream.ts";

/** How a stream of events is followed. */
export interface EventsOptions {
  /** Connects anew when the stream ends or breaks, at most so many times in a row without an event. @default {Infinity} */
  maxReconnects?: number | undefined;
  /** Ends a connection on which nothing has come for so long, in ms. `Infinity` for never. @default {60_000} */
  idleTimeoutMs?: number | undefined;
  /** Longest wait before connecting anew, in ms. @default {30_000} */
  maxReconnectMs?: number | undefined;
  /** Where to begin: the id of the last event that was seen. */
  lastEventId?: string | undefined;
}

/** One connection of a stream: its pieces of text; `undefined` if the server said that it is over. */
export type Connect = (lastEventId: string) => Promise<AsyncIterable<string> | undefined>;

/** What {@link followEvents} needs besides. */
export interface FollowOptions extends EventsOptions {
  /** What is called. */
  target: CallTarget;
  /** Ends everything. */
  signal?: AbortSignal | undefined;
  /** Longest event, in UTF-16 units. */
  maxChars: number;
  /** Time source. */
  clock?: Clock | undefined;
  /** Chance, for jitter. */
  random?: Random | undefined;
}

/** How long the wait is at first, where the server does not say. */
const FIRST_WAIT_MS = 1_000;

/**
 * The events of a stream that is connected anew whenever it ends or breaks, each time after the last event that
 * was seen. Ends when the server says so with 204, and with an error that will not go away.
 */
export async function* followEvents(
  connect: Connect,
  options: FollowOptions,
): AsyncGenerator<ReceivedEvent> {
  const { maxReconnects = Infinity, signal, maxChars, target } = options;
  const state = {
    lastEventId: options.lastEventId ?? "",
    retryMs: undefined as number | undefined,
  };
  for (let failures = 0;; failures++) {
    let failure: unknown;
    try {
      const chunks = await connect(state.lastEventId);
      if (!chunks) return;
      const parser = new EventStreamParser({ lastEventId: state.lastEventId, maxChars });
      for await (const chunk of chunks) {
        for (const event of eventsOf(parser, chunk, target)) {
          failures = 0;
          yield event;
        }
        state.lastEventId = parser.lastEventId;
        state.retryMs = parser.retryMs ?? state.retryMs;
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!isTransient(error)) throw error;
      failure = error;
    }
    if (failures >= maxReconnects) {
      if (failure !== undefined) throw failure;
      return;
    }
    await pause(failures + 1, state.retryMs, failure, options);
  }
}

function* eventsOf(
  parser: EventStreamParser,
  chunk: string,
  target: CallTarget,
): Generator<ReceivedEvent> {
  try {
    yield* parser.push(chunk);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BadResponseError(target, error.message.replace("Cannot read event: ", ""));
  }
}

async function pause(
  failures: number,
  retryMs: number | undefined,
  failure: unknown,
  options: FollowOptions,
): Promise<void> {
  const { maxReconnectMs = 30_000, clock = systemClock, random = systemRandom, signal } = options;
  const baseMs = Math.min(retryMs ?? FIRST_WAIT_MS, maxReconnectMs);
  const asked = failure instanceof ServiceError ? failure.retryAfterMs ?? 0 : 0;
  // The first time as long as the server says; a server that goes down meets its clients one by one.
  const waitMs = failures === 1 && retryMs !== undefined
    ? baseMs
    : backoffMs(failures, { baseMs, maxMs: maxReconnectMs, random });
  await clock.sleep(Math.max(asked, waitMs), { signal, keepAlive: true });
}
