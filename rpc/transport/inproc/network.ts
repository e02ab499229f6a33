/**
 * Who serves under which name within the process.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { ServedMethod } from "../transport.ts";
import type { InprocCall } from "./incoming_call.ts";

/** A service within the process. */
export interface InprocService {
  /** Its methods by path. */
  readonly methods: ReadonlyMap<string, ServedMethod>;
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
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

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
    this.#waiting.get(name)?.resolve();
    this.#waiting.delete(name);
  }

  /** Gives a name back. */
  remove(name: string, service: InprocService): void {
    if (this.#services.get(name) === service) this.#services.delete(name);
  }

  /** Who serves under a name. */
  find(name: string): InprocService | undefined {
    return this.#services.get(name);
  }

  /** Resolves when somebody serves under a name. */
  whenServed(name: string): Promise<void> {
    if (this.#services.has(name)) return Promise.resolve();
    const waiting = this.#waiting.get(name) ?? Promise.withResolvers();
    this.#waiting.set(name, waiting);
    return waiting.promise;
  }
}

/** The names of the process. */
export const processNetwork: InprocNetwork = new InprocNetwork();
