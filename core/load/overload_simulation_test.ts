/**
 * Overload and recovery on a simulated event loop, where handlers, timers and refusals wait for each other, and time
 * is virtual. The seeds are fixed, so that a run repeats.
 */
import { assert, assertEquals } from "@std/assert";
import { type Handler, type Request, Service } from "./_simulated_service_test.ts";
import type { Criticality } from "./shedder.ts";

const PHASE_MS = 60_000;

/** For so long a rise to the very capacity cannot be told from a burst. */
const SETTLING_MS = 15_000;

const handlers: readonly Handler[] = [
  { name: "1 ms of work", workMs: 1, waitMs: 0, waits: 0 },
  { name: "2 ms of work", workMs: 2, waitMs: 0, waits: 0 },
  { name: "5 ms of work", workMs: 5, waitMs: 0, waits: 0 },
  { name: "20 ms of work", workMs: 20, waitMs: 0, waits: 0 },
  {
    name: "work without bound, 5 ms on average",
    workMs: 5,
    waitMs: 0,
    waits: 0,
    exponential: true,
  },
  { name: "1 ms of work and a wait of 50 ms", workMs: 1, waitMs: 50, waits: 1 },
  { name: "5 ms of work and a wait of 20 ms", workMs: 5, waitMs: 20, waits: 1 },
  { name: "4 ms of work and three waits of 10 ms", workMs: 4, waitMs: 10, waits: 3 },
];

function p99(requests: readonly Request[]): number {
  const times = requests.map(({ arrivedMs, doneMs }) => doneMs - arrivedMs);
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
}

/** What part of the requests of a criticality was served. */
function shareServed({ served, shed }: Service, criticality: Criticality): number {
  const count = (list: readonly Request[]) =>
    list.filter((request) => request.criticality === criticality).length;
  return count(served) / (count(served) + count(shed));
}

/** One phase of constant load: what part of the capacity was served, how fast, and what was shed. */
function phase(service: Service, load: number) {
  const startMs = service.loop.now();
  service.served = [];
  service.shed = [];
  service.offer(load, PHASE_MS);
  const { served, shed } = service;
  return {
    load,
    goodput: served.length / (PHASE_MS * service.capacityPerMs),
    p99Ms: p99(served),
    settledMs: p99(served.filter(({ arrivedMs }) => arrivedMs > startMs + SETTLING_MS)),
    sheds: shed.length,
    critical: shareServed(service, "critical"),
    normal: shareServed(service, "normal"),
    sheddable: shareServed(service, "sheddable"),
    /** Sheds later than two seconds after the load changed. */
    late: shed.filter(({ doneMs }) => doneMs > startMs + 2000).length,
  };
}

/**
 * How many times the latency of a service at rest one in a hundred of the requests may take. At ten times a
 * capacity of many requests a millisecond, refusals and critical requests alone take two thirds of the loop, so
 * there is a queue whatever becomes of the others.
 */
function borne({ workMs, exponential }: Handler, load: number): number {
  if (load === 1 && exponential) return 4;
  return load === 10 && workMs <= 2 ? 4.5 : 3;
}

for (
  const { handler, routes } of handlers.flatMap((handler) => [
    { handler, routes: false },
    { handler, routes: true },
  ])
) {
  const shedders = routes ? "ShedderGroup of three routes" : "AdaptiveShedder";
  Deno.test(`${shedders} bears overload of ${handler.name}`, () => {
    const service = new Service(handler, 1, { routes });
    const rest = phase(service, 0.1);
    const light = [rest, phase(service, 0.5), phase(service, 0.7)];
    assertEquals(light.map(({ sheds }) => sheds), [0, 0, 0]);

    const overloads = [1, 2, 5, 10].map((load) => phase(service, load));
    const peak = Math.max(...overloads.map(({ goodput }) => goodput));
    for (const it of overloads) {
      const seen = JSON.stringify(it);
      assert(it.goodput >= (it.load === 1 ? 0.75 : 0.8) * peak, `goodput: ${seen}`);
      assert(it.critical >= 0.99, `critical: ${seen}`);
      const slow = (it.load === 1 ? it.settledMs : it.p99Ms) / rest.p99Ms;
      assert(slow <= borne(handler, it.load), `p99 is ${slow} times ${rest.p99Ms} ms: ${seen}`);
      if (it.load === 1) continue;
      assert(it.normal < it.critical, `tiers: ${seen}`);
      // A route of its own also has a limit of its own.
      if (!routes) assert(it.sheddable < it.normal, `tiers: ${seen}`);
    }

    const recovery = phase(service, 0.5);
    assertEquals(recovery.late, 0, JSON.stringify(recovery));
  });
}

for (const seed of [2, 3, 4]) {
  Deno.test(`AdaptiveShedder sheds nothing at 0.7 of capacity, seed ${seed}`, () => {
    for (const handler of handlers.slice(2)) {
      const service = new Service(handler, seed);
      phase(service, 0.3);
      assertEquals(phase(service, 0.7).sheds, 0, handler.name);
    }
  });
}

Deno.test("AdaptiveShedder contains a sudden step to ten times the capacity", () => {
  const service = new Service(handlers[2]!, 4);
  phase(service, 0.5);
  const { goodput, critical } = phase(service, 10);
  assert(goodput >= 0.8 && critical >= 0.99, JSON.stringify({ goodput, critical }));
  const slowest = Math.max(...service.served.map(({ arrivedMs, doneMs }) => doneMs - arrivedMs));
  assert(slowest < 500, `${slowest} ms`);
});

Deno.test("AdaptiveShedder lets the backlog of a stall drain", () => {
  const service = new Service(handlers[2]!, 5);
  service.offer(0.5, 10_000);
  service.loop.at(service.loop.now() + 100, () => service.loop.work(300));
  service.offer(0.5, 10_000);
  assertEquals(service.shed.length, 0);
});

for (const handler of handlers.slice(0, 4)) {
  Deno.test(`AdaptiveShedder bears a neighbour on its processor, ${handler.name}`, () => {
    const service = new Service(handler, 6);
    const { loop } = service;
    /** Takes the processor for up to 20 ms, a fifth of the time. */
    const steal = () => {
      const pauseMs = 20 * service.random();
      loop.work(pauseMs);
      loop.at(loop.now() + 2 * 40 * service.random(), steal);
    };
    loop.at(0, steal);
    assertEquals([0.2, 0.4, 0.5].map((load) => phase(service, load).sheds), [0, 0, 0]);
  });
}
