/**
 * Who serves under which name within the process.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { ListenOptions, ServedMethod } from "../transport.ts";
import type { InprocCall } from "./incoming_call.ts";

/** A service within the process. */
export interface InprocService {
  /** Its methods by path. */
  readonly methods: ReadonlyMap<string, ServedMethod>;
  /** Told of what goes wrong with nobody waiting for it. */
  readonly onError: ListenOptions["onError"];
  /** The calls in flight. */
  readonly live: Set<InprocCall>;
  /** A call has ended. */
  leave(call: InprocCall): void;
}

/**
 * Names within a process and who serves there. Servers and clients that are to meet share one; all that are not told of
 * another share that of the process.
 */
export class InprocNetwork {
  readonly #services = new Map<string, InprocService>();
  readonly #watchers = new Map<string, Set<() => void>>();

  /**
   * Gives a name to a service.
   *
   * @throws {ServiceError} If somebody has it.
   */
  add(name: string, service: InprocService): void {
    if (this.#services.has(name)) {
      throw new ServiceError(
        "failed_precondition",
        `Cannot listen on inproc:///${name}: the name is in use; stop the server that holds it`,
      );
    }
    this.#services.set(name, service);
    this.#tell(name);
  }

  /** Gives a name back. */
  remove(name: string, service: InprocService): void {
    if (this.#services.get(name) !== service) return;
    this.#services.delete(name);
    this.#tell(name);
  }

  /** Who serves under a name. */
  find(name: string): InprocService | undefined {
    return this.#services.get(name);
  }

  /** Calls `listener` when somebody takes a name or gives it back, until the answer is disposed. */
  watch(name: string, listener: () => void): Disposable {
    const watchers = this.#watchers.get(name) ?? new Set();
    this.#watchers.set(name, watchers);
    const entry = () => listener(); // Of its own, though somebody may watch twice.
    watchers.add(entry);
    return {
      [Symbol.dispose]: () => {
        watchers.delete(entry);
        if (watchers.size === 0) this.#watchers.delete(name);
      },
    };
  }

  #tell(name: string): void {
    for (const listener of this.#watchers.get(name) ?? []) listener();
  }
}

/** The names of the process. */
export const processNetwork: InprocNetwork = new InprocNetwork();
