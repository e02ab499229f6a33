import type { Clock, Timer } from "../clock.ts";

/** A place in a ring of nodes; whoever waits on a {@link Wheel} extends it. A node alone links to itself. */
export class WheelNode {
  #previous: WheelNode = this;
  #next: WheelNode = this;
  /** Tick at which it falls due; while it waits for its first tick, how many ticks that is away. */
  dueTick = 0;

  get next(): WheelNode {
    return this.#next;
  }

  get isLinked(): boolean {
    return this.#next !== this;
  }

  insertBefore(node: WheelNode): void {
    this.#previous = node.#previous;
    this.#next = node;
    node.#previous.#next = this;
    node.#previous = this;
  }

  unlink(): void {
    this.#previous.#next = this.#next;
    this.#next.#previous = this.#previous;
    this.#previous = this;
    this.#next = this;
  }
}

export interface WheelOptions<N extends WheelNode> {
  tickMs: number;
  slots: number;
  clock: Clock;
  /** Called with each node that falls due, which is free again. Must not throw. */
  onDue: (node: N) => void;
}

/**
 * A hashed timing wheel over intrusive lists: scheduling and cancelling move pointers and allocate nothing.
 * The ticking timer starts with the first node and stops after a tick that finds none left.
 *
 * @see Varghese and Lauck, Hashed and Hierarchical Timing Wheels, 1987, scheme 6.
 */
export class Wheel<N extends WheelNode> {
  readonly #tickMs: number;
  readonly #clock: Clock;
  readonly #onDue: (node: N) => void;
  readonly #slots: WheelNode[];
  /** Nodes set by steps since the last tick; the next one puts them into slots. */
  readonly #fresh = new WheelNode();
  /** Nodes of this tick whose turn has not come. */
  readonly #due = new WheelNode();
  #count = 0;
  #tick = 0;
  #originMs = 0;
  #timer: Timer | undefined;

  constructor({ tickMs, slots, clock, onDue }: WheelOptions<N>) {
    this.#tickMs = tickMs;
    this.#clock = clock;
    this.#onDue = onDue;
    this.#slots = Array.from({ length: slots }, () => new WheelNode());
  }

  /** Number of nodes that are scheduled. */
  get size(): number {
    return this.#count;
  }

  /** Schedules, or reschedules, `node` for the `steps`-th tick from now, without a look at the clock. */
  schedule(node: N, steps: number): void {
    this.#take(node);
    node.dueTick = steps;
    node.insertBefore(this.#fresh);
  }

  /** Takes `node` out; nothing if it is not scheduled. */
  cancel(node: N): void {
    if (!node.isLinked) return;
    node.unlink();
    this.#count--;
  }

  /** Takes every node out and stops the timer. */
  clear(): void {
    for (const head of [this.#fresh, this.#due, ...this.#slots]) {
      while (head.isLinked) head.next.unlink();
    }
    this.#count = 0;
    this.#stop();
  }

  #take(node: N): void {
    if (node.isLinked) node.unlink();
    else this.#count++;
    if (this.#timer) return;
    this.#tick = 0;
    this.#originMs = this.#clock.now();
    this.#timer = this.#clock.setInterval(() => this.#advance(), this.#tickMs);
  }

  #put(node: WheelNode): void {
    node.insertBefore(this.#slots[node.dueTick % this.#slots.length]!);
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #advance(): void {
    // Stopping here, and not with the last cancel, spares a busy wheel a new timer for each node.
    if (this.#count === 0) return this.#stop();
    const elapsed = Math.floor((this.#clock.now() - this.#originMs) / this.#tickMs);
    const now = Math.max(this.#tick + 1, elapsed);
    // After a stall of many ticks nobody knows when in it a fresh node was set, so it counts from the end.
    while (this.#fresh.isLinked) {
      const node = this.#fresh.next;
      node.unlink();
      node.dueTick += now - 1;
      this.#put(node);
    }
    // After a stall of more than a full turn every slot needs one visit, not one for each tick.
    const last = Math.min(now, this.#tick + this.#slots.length);
    for (let tick = this.#tick + 1; tick <= last; tick++) {
      this.#collect(this.#slots[tick % this.#slots.length]!, now);
    }
    this.#tick = now;
    // A callback may cancel or reschedule nodes that are still to come, which takes them off this list.
    while (this.#due.isLinked) {
      const node = this.#due.next as N;
      this.cancel(node);
      this.#onDue(node);
    }
  }

  #collect(head: WheelNode, now: number): void {
    for (let node = head.next; node !== head;) {
      const { next } = node;
      if (node.dueTick <= now) {
        node.unlink();
        node.insertBefore(this.#due);
      }
      node = next;
    }
  }
}
