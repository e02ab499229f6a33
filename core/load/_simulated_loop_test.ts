/**
 * An event loop on virtual time, for tests: one thread, where handlers, timers and refusals wait for each other.
 *
 * @module
 */

import type { Clock, Timer } from "../clock.ts";

/** What waits for the loop: it runs once it is due and the loop is free, in the order of `dueMs`. */
interface Task {
  dueMs: number;
  sequence: number;
  run: () => void;
}

/** A clock on which work takes time: a timer that is due waits for the work before it. */
export class SimulatedLoop implements Clock {
  busyMs = 0;
  #nowMs = 0;
  #sequence = 0;
  readonly #heap: Task[] = [];

  now(): number {
    return this.#nowMs;
  }

  wallTime(): number {
    return this.#nowMs;
  }

  /** Holds the loop. */
  work(durationMs: number): void {
    this.#nowMs += durationMs;
    this.busyMs += durationMs;
  }

  at(dueMs: number, run: () => void): void {
    const heap = this.#heap;
    const task = { dueMs, sequence: this.#sequence++, run };
    let index = heap.push(task) - 1;
    while (index > 0 && before(task, heap[(index - 1) >> 1]!)) {
      heap[index] = heap[(index - 1) >> 1]!;
      index = (index - 1) >> 1;
    }
    heap[index] = task;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    return this.#timer(callback, delayMs, false);
  }

  setInterval(callback: () => void, periodMs: number): Timer {
    return this.#timer(callback, periodMs, true);
  }

  sleep(): Promise<void> {
    throw new Error("nothing sleeps here");
  }

  runUntil(endMs: number): void {
    while (this.#heap.length > 0 && Math.max(this.#heap[0]!.dueMs, this.#nowMs) < endMs) {
      const task = this.#take();
      this.#nowMs = Math.max(this.#nowMs, task.dueMs);
      task.run();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #timer(callback: () => void, delayMs: number, repeats: boolean): Timer {
    let cancelled = false;
    const run = () => {
      if (cancelled) return;
      if (repeats) this.at(this.#nowMs + delayMs, run);
      callback();
    };
    this.at(this.#nowMs + delayMs, run);
    const cancel = () => void (cancelled = true);
    return { cancel, [Symbol.dispose]: cancel };
  }

  #take(): Task {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function before(a: Task, b: Task): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence);
}
