/**
 * The places where a server is known.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import { internalIp } from "../../core/netx/internal_ip.ts";
import { env } from "../../core/proc/env.ts";
import { publishedAddress } from "../../core/discovery/published_address.ts";
import type { Registrar } from "./registrar.ts";

/**
 * The machine's address, which only a server that listens wherever it can needs.
 *
 * @throws {ServiceError} If it may not be asked for; the message says what to do.
 */
function machineIp(listenOn: string): string | undefined {
  try {
    return internalIp();
  } catch (cause) {
    throw new ServiceError(
      "failed_precondition",
      `Cannot publish "${listenOn}": the machine's address may not be asked for; run with ` +
        "--allow-sys=networkInterfaces, set POD_IP, or name a host in ListenOn",
      { cause },
    );
  }
}

/** Takes a server from all places where it is known, once. */
export class Registration implements AsyncDisposable {
  readonly #places: readonly AsyncDisposable[];
  #removing: Promise<void> | undefined;

  private constructor(places: readonly AsyncDisposable[]) {
    this.#places = places;
  }

  /**
   * Makes a server known at every registrar; at none if one fails.
   *
   * @param listenOn Where the server was told to listen.
   * @param address Where it does, which says the port if it was told 0.
   */
  static async make(
    registrars: readonly Registrar[],
    listenOn: string,
    address: string,
  ): Promise<Registration> {
    if (registrars.length === 0) return new Registration([]);
    const port = address.slice(address.lastIndexOf(":"));
    const published = publishedAddress(listenOn.replace(/:\d*$/, port), {
      podIp: env("POD_IP"),
      get internalIp() {
        return machineIp(listenOn);
      },
    });
    const places: AsyncDisposable[] = [];
    try {
      for (const registrar of registrars) places.push(await registrar.register(published));
    } catch (error) {
      await new Registration(places)[Symbol.asyncDispose]();
      throw error;
    }
    return new Registration(places);
  }

  /** Takes the server from all places. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#removing ??= this.#remove();
  }

  async #remove(): Promise<void> {
    const outcomes = await Promise.allSettled(
      this.#places.map((place) => place[Symbol.asyncDispose]()),
    );
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  }
}
