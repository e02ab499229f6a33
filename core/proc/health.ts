/** Says whether one part of a process can do its work. */
export interface Probe extends Disposable {
  /** What the probe is called in reports. */
  readonly name: string;
  /** Whether the part can do its work. New probes are not ready. */
  readonly ready: boolean;
  /** Says that it can. */
  markReady(): void;
  /** Says that it cannot. */
  markNotReady(): void;
  /** Takes the probe out of its registry. */
  [Symbol.dispose](): void;
}

/** The state of all probes of a {@link HealthRegistry} at one moment. */
export interface HealthReport {
  /** Whether there is a probe, and all are ready. */
  readonly ready: boolean;
  /** Each probe, in the order they were registered. */
  readonly probes: readonly { readonly name: string; readonly ready: boolean }[];
}

class RegisteredProbe implements Probe {
  #ready = false;
  readonly #remove: (probe: RegisteredProbe) => void;

  constructor(readonly name: string, remove: (probe: RegisteredProbe) => void) {
    this.#remove = remove;
  }

  get ready(): boolean {
    return this.#ready;
  }

  markReady(): void {
    this.#ready = true;
  }

  markNotReady(): void {
    this.#ready = false;
  }

  [Symbol.dispose](): void {
    this.#remove(this);
  }
}

/**
 * The readiness of a process: it is ready when at least one probe exists and all are ready.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const health = new HealthRegistry();
 * using probe = health.register("rest-0.0.0.0:8888");
 * assertEquals(health.ready, false);
 * probe.markReady();
 * assertEquals(health.ready, true);
 * ```
 */
export class HealthRegistry {
  readonly #probes = new Set<RegisteredProbe>();

  /** Adds a probe, which is not ready yet. Two may have the same name. */
  register(name: string): Probe {
    const probe = new RegisteredProbe(name, (it) => this.#probes.delete(it));
    this.#probes.add(probe);
    return probe;
  }

  /** Whether there is a probe, and all are ready. */
  get ready(): boolean {
    return this.report().ready;
  }

  /** The state of all probes. */
  report(): HealthReport {
    const probes = Array.from(this.#probes, ({ name, ready }) => ({ name, ready }));
    return { ready: probes.length > 0 && probes.every(({ ready }) => ready), probes };
  }

  /**
   * Answers a health check: 200 with `body` when ready, else 503 with a line for each probe.
   *
   * @param body What a healthy process says. `OK` by default.
   */
  respond(body = "OK"): Response {
    const { ready, probes } = this.report();
    const headers = { "content-type": "text/plain; charset=utf-8" };
    if (ready) return new Response(body, { headers });
    const lines = probes.map((probe) =>
      `${probe.name} is ${probe.ready ? "ready" : "not ready"}\n`
    );
    return new Response(`Service Unavailable\n${lines.join("")}\n`, { status: 503, headers });
  }
}
