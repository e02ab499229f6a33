/**
 * A service on a simulated event loop, for tests. The seed is fixed, so that a run repeats.
 *
 * @module
 */

import { CpuUsage } from "../stat/cpu_usage.ts";
import { LoopLag } from "../stat/loop_lag.ts";
import { AdaptiveShedder } from "./adaptive_shedder.ts";
import { LoopSignal } from "./loop_signal.ts";
import type { Criticality, Shedder } from "./shedder.ts";
import { ShedderGroup } from "./shedder_group.ts";
import { SimulatedLoop } from "./_simulated_loop_test.ts";

/** What a request does: it works, and waits for others `waits` times. */
export interface Handler {
  name: string;
  /** Work in all, in ms; each request needs 0.5 to 1.5 times this. */
  workMs: number;
  /** Each wait for a database or a service, in ms. */
  waitMs: number;
  waits: number;
  /** Whether work varies without bound, instead of by half. */
  exponential?: boolean;
}

/** What it takes to answer 503, in ms: `Deno.serve` with a router and a chain takes about this long. */
const REFUSAL_MS = 0.02;

/** A request that has been answered. */
export interface Request {
  readonly criticality: Criticality;
  readonly arrivedMs: number;
  readonly doneMs: number;
}

/** A service with a shedder, on a loop of its own. One request in twenty is critical, three in ten sheddable. */
export class Service {
  readonly loop = new SimulatedLoop();
  readonly #shedderOf: (criticality: Criticality) => Shedder;
  served: Request[] = [];
  shed: Request[] = [];
  #state: number;

  /** `routes` gives each criticality a route, and so a shedder, of its own. */
  constructor(readonly handler: Handler, seed: number, { routes = false } = {}) {
    this.#state = seed;
    const clock = this.loop;
    const random = () => this.random();
    if (routes) {
      const group = new ShedderGroup({ clock, random });
      this.#shedderOf = (criticality) => group.get(criticality);
    } else {
      const cpu = new CpuUsage({ clock, usedMs: () => this.loop.busyMs });
      const signal = new LoopSignal({ clock, lag: new LoopLag({ clock }), cpu });
      const shedder = new AdaptiveShedder({ clock, signal, random });
      this.#shedderOf = () => shedder;
    }
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
    const token = this.#shedderOf(criticality).tryAllow({ criticality });
    if (!token) {
      this.loop.work(REFUSAL_MS);
      this.shed.push({ arrivedMs, criticality, doneMs: this.loop.now() });
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
