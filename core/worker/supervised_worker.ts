import { ServiceError } from "../errors.ts";
import { type FromWorker, isZenoMessage, type ToWorker } from "./messages.ts";

/** What is used of a `Worker`. */
export interface WorkerPort extends EventTarget {
  /** Sends a message. */
  postMessage(message: unknown): void;
  /** Ends the worker at once. */
  terminate(): void;
}

/** One worker as its supervisor sees it: it becomes ready, answers, and ends. */
export class SupervisedWorker {
  /** Number of the worker, from 1. */
  readonly number: number;
  readonly #port: WorkerPort;
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<string | undefined>();
  readonly #questions = new Map<number, (value: unknown) => void>();
  #nextId = 0;
  #isReady = false;

  /** Takes charge of a worker that has just been made. */
  constructor(number: number, port: WorkerPort) {
    this.number = number;
    this.#port = port;
    this.#ready.promise.catch(() => {}); // Whoever waits for it is told; nobody has to.
    port.addEventListener("message", (event) => {
      if (event instanceof MessageEvent && isZenoMessage(event.data)) {
        this.#hear(event.data as FromWorker);
      }
    });
    port.addEventListener("error", (event) => {
      event.preventDefault(); // The default is the end of the process.
      this.#end(event instanceof ErrorEvent ? event.message : "unknown error");
    });
  }

  /** Resolves when it serves; rejects if it ends before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Whether it serves. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Resolves when it has ended: with the reason if it broke, with nothing if it was done. */
  get ended(): Promise<string | undefined> {
    return this.#ended.promise;
  }

  /** Asks for something; `undefined` if the worker ends before it answers. */
  ask(what: "snapshot" | "state"): Promise<unknown> {
    if (!this.#isReady) return Promise.resolve(undefined);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
      this.#post({ zeno: what, id });
    });
  }

  /** Asks it to end. */
  stop(): void {
    this.#post({ zeno: "stop" });
  }

  /** Ends it at once. */
  terminate(): void {
    this.#port.terminate();
    this.#end(undefined);
  }

  #hear(message: FromWorker): void {
    switch (message.zeno) {
      case "ready":
        this.#isReady = true;
        return this.#ready.resolve();
      case "stopped":
        return this.#end(undefined);
      case "failed":
        return this.#end(message.message);
      default:
        this.#questions.get(message.id)?.(message.value);
        this.#questions.delete(message.id);
    }
  }

  #end(reason: string | undefined): void {
    this.#isReady = false;
    const why = reason ?? "it ended before it served";
    this.#ready.reject(
      new ServiceError("unavailable", `Cannot start worker ${this.number}: ${why}`),
    );
    for (const resolve of this.#questions.values()) resolve(undefined);
    this.#questions.clear();
    this.#ended.resolve(reason);
  }

  #post(message: ToWorker): void {
    this.#port.postMessage(message);
  }
}
