/**
 * Overload and recovery on a simulated event loop: one thread, where handlers, timers and refusals wait
 * for each other, and time is virtual. The seed is fixed, so that a run repeats.
 */
import { assert, assertEquals } from "@std/assert";
import type { Clock, Timer } from "../clock.ts";
import { CpuUsage } from "../stat/cpu_usage.ts";
import { LoopLag } from "../stat/loop_lag.ts";
import { AdaptiveShedder } from "./adaptive_shedder.ts";
import { LoopSignal } from "./loop_signal.ts";
import type { Criticality } from "./shedder.ts";

/** What waits for the loop: it runs once it is due and the loop is free, in the order of `dueMs`. */
interface Task {
  dueMs: number;
  sequence: number;
  run: () => void;
}

/** A clock on which work takes time: a timer that is due waits for the work before it. */
class SimulatedLoop implements Clock {
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

/** What a request does: it works, and waits for others `waits` times. */
interface Handler {
  name: string;
  /** Work in all, in ms; each request needs 0.5 to 1.5 times this. */
  workMs: number;
  /** Each wait for a database or a service, in ms. */
  waitMs: number;
  waits: number;
  /** Whether work varies without bound, instead of by half. */
  exponential?: boolean;
}

const REFUSAL_MS = 0.05;

class Service {
  readonly loop = new SimulatedLoop();
  readonly lag = new LoopLag({ clock: this.loop });
  readonly shedder: AdaptiveShedder;
  served: { arrivedMs: number; doneMs: number; criticality: Criticality }[] = [];
  shed: { arrivedMs: number; criticality: Criticality; answeredMs: number }[] = [];
  #state: number;

  constructor(readonly handler: Handler, seed: number) {
    this.#state = seed;
    const clock = this.loop;
    const cpu = new CpuUsage({ clock, usedMs: () => this.loop.busyMs });
    const signal = new LoopSignal({ clock, lag: this.lag, cpu });
    this.shedder = new AdaptiveShedder({ clock, signal, random: () => this.random() });
  }

  random(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }

  get capacityPerMs(): number {
    return 1 / this.handler.workMs;
  }

  /** Lets requests come, one after the other at random, at `load` times the capacity. */
  offer(load: number, durationMs: number): void {
    const endMs = this.loop.now() + durationMs;
    const next = (afterMs: number) => {
      const dueMs = afterMs - Math.log(1 - this.random()) / (load * this.capacityPerMs);
      if (dueMs >= endMs) return;
      this.loop.at(dueMs, () => {
        next(dueMs);
        this.#arrive(dueMs);
      });
    };
    next(this.loop.now());
    this.loop.runUntil(endMs);
  }

  #arrive(arrivedMs: number): void {
    const chance = this.random();
    const criticality = chance < 0.05 ? "critical" : chance < 0.7 ? "normal" : "sheddable";
    const token = this.shedder.tryAllow({ criticality });
    if (!token) {
      this.loop.work(REFUSAL_MS);
      this.shed.push({ arrivedMs, criticality, answeredMs: this.loop.now() });
      return;
    }
    const spread = this.handler.exponential ? -Math.log(1 - this.random()) : 0.5 + this.random();
    const sliceMs = this.handler.workMs * spread / (this.handler.waits + 1);
    const step = (left: number) => {
      this.loop.work(sliceMs);
      if (left > 0) {
        return this.loop.at(this.loop.now() + this.handler.waitMs, () => step(left - 1));
      }
      token.pass();
      this.served.push({ arrivedMs, doneMs: this.loop.now(), criticality });
    };
    step(this.handler.waits);
  }
}

function p99(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)]!;
}

const handlers: readonly Handler[] = [
  { name: "5 ms of work", workMs: 5, waitMs: 0, waits: 0 },
  { name: "20 ms of work", workMs: 20, waitMs: 0, waits: 0 },
  { name: "5 ms of work and a wait of 20 ms", workMs: 5, waitMs: 20, waits: 1 },
  { name: "4 ms of work and three waits of 10 ms", workMs: 4, waitMs: 10, waits: 3 },
];

const PHASE_MS = 60_000;

/** One phase of constant load: what part of the capacity was served, how fast, and what was shed. */
function phase(service: Service, load: number) {
  service.served = [];
  service.shed = [];
  service.offer(load, PHASE_MS);
  const { served, shed } = service;
  const criticalShed = shed.filter(({ criticality }) => criticality === "critical").length;
  const critical = served.filter(({ criticality }) => criticality === "critical").length;
  return {
    goodput: served.length / (PHASE_MS * service.capacityPerMs),
    p99Ms: p99(served.map(({ arrivedMs, doneMs }) => doneMs - arrivedMs)),
    sheds: shed.length,
    criticalShare: critical / (critical + criticalShed),
    bulkShare: shareServed(service, "sheddable"),
    normalShare: shareServed(service, "normal"),
  };
}

function shareServed({ served, shed }: Service, criticality: Criticality): number {
  const count = (list: readonly { criticality: Criticality }[]) =>
    list.filter((request) => request.criticality === criticality).length;
  return count(served) / (count(served) + count(shed));
}

for (const handler of handlers) {
  for (const seed of [1, 2]) {
    Deno.test(`AdaptiveShedder bears overload of ${handler.name}, seed ${seed}`, () => {
      const service = new Service(handler, seed);
      const unloaded = phase(service, 0.2);
      const steady = phase(service, 0.7);
      assertEquals([unloaded.sheds, steady.sheds], [0, 0]);
      const overloads = [1, 2, 5, 10].map((load) => ({ load, ...phase(service, load) }));
      const peak = Math.max(...overloads.map(({ goodput }) => goodput));
      for (const it of overloads) {
        const seen = JSON.stringify(it);
        assert(it.goodput >= 0.8 * peak, `goodput: ${seen}`);
        assert(it.criticalShare >= 0.98, `critical: ${seen}`);
        if (it.load === 1) continue; // On the edge a queue can only be told from a burst by waiting.
        assert(it.p99Ms <= 3 * unloaded.p99Ms, `p99, unloaded ${unloaded.p99Ms}: ${seen}`);
        assert(it.criticalShare >= 0.99, `critical: ${seen}`);
        assert(it.bulkShare <= it.normalShare, `tiers: ${seen}`);
      }
      const droppedMs = service.loop.now();
      const recovery = phase(service, 0.5);
      const late = service.shed.filter(({ answeredMs }) => answeredMs > droppedMs + 2000);
      assertEquals(late.length, 0, JSON.stringify(recovery));
    });
  }
}

Deno.test("AdaptiveShedder sheds little at 0.7 of capacity when work varies without bound", () => {
  const service = new Service({ name: "", workMs: 5, waitMs: 0, waits: 0, exponential: true }, 3);
  assertEquals(phase(service, 0.5).sheds, 0);
  // Here bursts of a second are common, and nothing tells them from overload while they last.
  const { sheds } = phase(service, 0.7);
  assert(sheds < 0.01 * service.served.length, `${sheds} of ${service.served.length}`);
});

Deno.test("AdaptiveShedder contains a sudden step to ten times the capacity", () => {
  const service = new Service(handlers[0]!, 4);
  phase(service, 0.5);
  const { goodput, criticalShare } = phase(service, 10);
  assert(goodput >= 0.8 && criticalShare >= 0.98, JSON.stringify({ goodput, criticalShare }));
  const slowest = Math.max(...service.served.map(({ arrivedMs, doneMs }) => doneMs - arrivedMs));
  assert(slowest < 500, `${slowest} ms`);
});

Deno.test("AdaptiveShedder lets the backlog of a stall drain", () => {
  const service = new Service(handlers[0]!, 5);
  service.offer(0.5, 10_000);
  service.loop.at(service.loop.now() + 100, () => service.loop.work(300));
  service.offer(0.5, 10_000);
  assertEquals(service.shed.length, 0);
});
