import type { DebugRegistry } from "../admin/debug_registry.ts";
import type { MetricRegistry } from "../metric/registry.ts";
import { type FromWorker, isZenoMessage, type ToWorker, type WorkerState } from "./messages.ts";

/** The name of the worker with this number; by its name it knows that it is supervised. */
export function workerName(number: number): string {
  return `${PREFIX}${number}`;
}

const PREFIX = "zeno-worker-";

/** What a worker lets its supervisor see. */
export interface WorkerParts {
  /** Its figures, which the supervisor adds to those of the others. */
  metrics: MetricRegistry;
  /** The state of its parts, which the supervisor shows beside those of the others. */
  debug: DebugRegistry;
}

/** What is used of the global scope of a worker. */
interface WorkerScope extends EventTarget {
  readonly name: string;
  postMessage(message: unknown): void;
  close(): void;
}

function isWorkerScope(scope: object): scope is WorkerScope {
  return "name" in scope && typeof scope.name === "string" && "postMessage" in scope &&
    typeof scope.postMessage === "function";
}

/** A supervised worker's line to its supervisor. */
export class WorkerLink {
  /** Number of the worker, from 1. */
  readonly number: number;
  readonly #scope: WorkerScope;
  readonly #stopping = Promise.withResolvers<void>();
  #parts: WorkerParts | undefined;

  /** Listens to the supervisor. Programs take {@link workerLink}. */
  constructor(scope: WorkerScope) {
    this.#scope = scope;
    this.number = Number(scope.name.slice(PREFIX.length));
    scope.addEventListener("message", (event) => {
      if (event instanceof MessageEvent && isZenoMessage(event.data)) {
        this.#answer(event.data as ToWorker);
      }
    });
  }

  /** Resolves when the supervisor asks the worker to stop. */
  get stopping(): Promise<void> {
    return this.#stopping.promise;
  }

  /** Says that the worker serves. */
  ready(parts: WorkerParts): void {
    this.#parts = parts;
    this.#post({ zeno: "ready" });
  }

  /** Says that the worker has done its work, and ends it. */
  stopped(): void {
    this.#post({ zeno: "stopped" });
    this.#scope.close();
  }

  /** Says why the worker cannot go on, and ends it. */
  failed(message: string): void {
    this.#post({ zeno: "failed", message });
    this.#scope.close();
  }

  #answer(message: ToWorker): void {
    switch (message.zeno) {
      case "stop":
        return this.#stopping.resolve();
      case "snapshot":
        return this.#post({ ...message, value: this.#parts?.metrics.snapshot() ?? [] });
      case "state":
        return this.#post({ ...message, value: this.#state() });
    }
  }

  #state(): WorkerState {
    const debug = this.#parts?.debug;
    if (!debug) return {};
    return Object.fromEntries(debug.topics().map((topic) => [topic, debug.read(topic) ?? {}]));
  }

  #post(message: FromWorker): void {
    this.#scope.postMessage(message);
  }
}

let link: WorkerLink | undefined;

/** Whether this code runs in a worker that has a supervisor, which then has what a process can have but once. */
export function isSupervised(): boolean {
  const scope: object = globalThis;
  return isWorkerScope(scope) && scope.name.startsWith(PREFIX);
}

/** The line to the supervisor; `undefined` in a program that has none. */
export function workerLink(): WorkerLink | undefined {
  const scope: object = globalThis;
  if (!link && isWorkerScope(scope) && isSupervised()) link = new WorkerLink(scope);
  return link;
}
