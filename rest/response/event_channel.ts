/**
 * Events for many clients, which can come back for what they missed.
 *
 * @module
 */

import { type Clock, systemClock } from "../../core/clock.ts";
import { ServerSentEvent } from "./sse.ts";

/** Options for {@link EventChannel}. */
export interface EventChannelOptions {
  /** Events that are kept for those who come back or are slow, an integer >= 1. @default {256} */
  capacity?: number;
  /**
   * What ids begin with. Two channels, or one before and after a restart, must differ in it.
   * @default {the time at which the channel was made}
   */
  epoch?: string;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/**
 * Sends events to whoever subscribes, in order, each with an id. A client that lost its connection gives the id of the
 * last event it saw and gets those since.
 *
 * The last `capacity` events are kept once, however many subscribers there are. One that is further behind, or whose id
 * is of another epoch, gets an event named `gap` first: it should load its state anew.
 *
 * @example
 * ```ts
 * import { lastEventId, Server, sse } from "@zeno/zeno/rest";
 *
 * const prices = new EventChannel();
 * await using server = new Server({ Name: "prices", Port: 0, Log: { Level: "severe" } });
 * server.get("/prices", (request, context) => sse(context, prices.subscribe(lastEventId(request))));
 * prices.publish({ gold: 2400 }, { event: "price" });
 * ```
 */
export class EventChannel implements Disposable {
  readonly #capacity: number;
  readonly #epoch: string;
  readonly #events: ServerSentEvent[] = [];
  readonly #waiting = new Set<() => void>();
  #published = 0;
  #closed = false;

  /**
   * Makes a channel without events.
   *
   * @throws {RangeError} If `capacity` is out of range.
   */
  constructor(options: EventChannelOptions = {}) {
    const { capacity = 256, clock = systemClock } = options;
    if (!(Number.isInteger(capacity) && capacity >= 1)) {
      throw new RangeError(`Cannot make channel: need an integer capacity >= 1, got ${capacity}`);
    }
    this.#capacity = capacity;
    this.#epoch = options.epoch ?? Math.round(clock.wallTime()).toString(36);
  }

  /** Those who wait for the next event. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Sends an event.
   *
   * @returns The event, with its id.
   * @throws {TypeError} If the channel is closed.
   */
  publish(data: unknown, options: { event?: string } = {}): ServerSentEvent {
    if (this.#closed) throw new TypeError("Cannot publish event: the channel is closed");
    const id = `${this.#epoch}-${this.#published + 1}`;
    const event = new ServerSentEvent(data, { ...options, id });
    this.#events[this.#published++ % this.#capacity] = event;
    this.#wake();
    return event;
  }

  /**
   * The events from now on, or those since the one with id `lastEventId`. It ends when the channel is closed, once all
   * events have been taken.
   */
  subscribe(lastEventId?: string): AsyncIterableIterator<ServerSentEvent> {
    const start = lastEventId === undefined ? this.#published : this.#indexOf(lastEventId);
    return new Subscription(start, {
      read: (index) => this.#read(index),
      wait: (wake) => void this.#waiting.add(wake),
      forget: (wake) => void this.#waiting.delete(wake),
    });
  }

  /** Ends the channel: subscribers get what has been published and no more. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Closes the channel. */
  [Symbol.dispose](): void {
    this.close();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** How many events came up to the one with this id; -1, which is always a gap, if it is none of ours. */
  #indexOf(id: string): number {
    const dash = id.lastIndexOf("-");
    const digits = id.slice(dash + 1);
    if (id.slice(0, dash) !== this.#epoch || !/^\d{1,15}$/.test(digits)) return -1;
    const index = Number(digits);
    return index <= this.#published ? index : -1;
  }

  #read(index: number): Reading {
    const oldest = Math.max(0, this.#published - this.#capacity);
    if (index < oldest || index < 0) {
      return { event: new ServerSentEvent("", { event: "gap" }), next: oldest };
    }
    if (index === this.#published) return this.#closed ? "closed" : "nothing";
    return { event: this.#events[index % this.#capacity]!, next: index + 1 };
  }
}

/** What a channel has for one who has seen so many events. */
type Reading = { readonly event: ServerSentEvent; readonly next: number } | "nothing" | "closed";

interface Source {
  read(index: number): Reading;
  wait(wake: () => void): void;
  forget(wake: () => void): void;
}

const DONE = { done: true, value: undefined } as const;

/** No generator: one that waits could not be made to return. */
class Subscription implements AsyncIterableIterator<ServerSentEvent> {
  readonly #source: Source;
  #index: number;
  #returned = false;
  #wake: (() => void) | undefined;

  constructor(index: number, source: Source) {
    this.#index = index;
    this.#source = source;
  }

  async next(): Promise<IteratorResult<ServerSentEvent, undefined>> {
    while (!this.#returned) {
      const reading = this.#source.read(this.#index);
      if (reading === "closed") break;
      if (reading === "nothing") {
        await this.#more();
        continue;
      }
      this.#index = reading.next;
      return { done: false, value: reading.event };
    }
    return DONE;
  }

  return(): Promise<IteratorResult<ServerSentEvent, undefined>> {
    this.#returned = true;
    if (this.#wake) {
      this.#source.forget(this.#wake);
      this.#wake();
    }
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#source.wait(resolve);
    });
  }
}
