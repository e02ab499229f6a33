/**
 * Requests to the JSON gateway of etcd: which member, which token, how long.
 *
 * @module
 */

import { type Clock, systemClock, systemRandom } from "../../clock.ts";
import { EtcdError } from "./errors.ts";
import { type Authenticate, Login, type Pass } from "./_login.ts";
import type { EtcdOptions } from "./options.ts";
import { openPool, type Pool } from "./_pool.ts";
import { GatewayRefusal, refusal } from "./_refusal.ts";
import { RequestTimer } from "./_request_timer.ts";

/** A request that is answered by several members one after the other until one can. */
interface Attempt {
  readonly path: string;
  readonly body: unknown;
  readonly signal: AbortSignal | undefined;
}

/** What is done with a response; `signal` ends it when the caller goes, or time is up. */
type Read<T> = (response: Response, timer: RequestTimer) => Promise<T>;

/** Sends requests to any member of a cluster that can answer. */
export class Gateway implements Disposable {
  readonly #origins: readonly string[];
  readonly #pool: Pool;
  readonly #login: Login;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** The member that answered last. */
  #current: number;

  /** Makes a gateway; connects when first asked. */
  constructor(options: EtcdOptions) {
    const { hosts, tls, user, password, requestTimeoutMs = 3_000 } = options;
    if (hosts.length === 0) throw new TypeError("Cannot connect to etcd: empty etcd hosts");
    if (!(requestTimeoutMs > 0)) {
      throw new RangeError(
        `Cannot connect to etcd: need requestTimeoutMs > 0, got ${requestTimeoutMs}`,
      );
    }
    this.#origins = originsOf(hosts, tls !== undefined);
    this.#pool = openPool(options);
    const authenticate: Authenticate = (name, password, signal) =>
      this.#anywhere(
        { path: "auth/authenticate", body: { name, password }, signal },
        { token: undefined },
        (response) => response.json(),
      );
    this.#login = new Login(user, password, authenticate);
    this.#clock = options.clock ?? systemClock;
    this.#timeoutMs = requestTimeoutMs;
    this.#current = Math.floor((options.random ?? systemRandom)() * hosts.length);
  }

  /** Sends a message and reads the answer. One that `parse` cannot make sense of is none: the next member is asked. */
  call<T>(
    path: string,
    body: unknown,
    parse: (answer: unknown) => T,
    signal?: AbortSignal,
  ): Promise<T> {
    const read = async (response: Response) => parse(await response.json());
    return this.#withToken({ path, body, signal }, read);
  }

  /** Sends a message and hands the stream of answers to `read`, which stops the timer once the first has come. */
  stream<T>(path: string, body: unknown, read: Read<T>, signal?: AbortSignal): Promise<T> {
    return this.#withToken({ path, body, signal }, read);
  }

  /** Closes the connections. */
  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
  }

  async #withToken<T>(attempt: Attempt, read: Read<T>): Promise<T> {
    const pass = await this.#login.pass(attempt.signal);
    try {
      return await this.#anywhere(attempt, pass, read);
    } catch (error) {
      if (!this.#login.expired(error, pass)) throw error;
      return await this.#anywhere(attempt, await this.#login.pass(attempt.signal), read);
    }
  }

  /** Asks one member after the other, beginning with the one that answered last. */
  async #anywhere<T>(attempt: Attempt, pass: Pass, read: Read<T>): Promise<T> {
    const { length } = this.#origins;
    for (let tried = 1;; tried++) {
      const member = this.#current;
      try {
        return await this.#once(this.#origins[member]!, attempt, pass, read);
      } catch (error) {
        attempt.signal?.throwIfAborted();
        if (error instanceof GatewayRefusal && this.#pool.speakGrpc()) continue;
        if (!isUnreachable(error)) throw error;
        if (this.#current === member) this.#current = (member + 1) % length;
        if (tried >= length) throw error;
      }
    }
  }

  async #once<T>(
    origin: string,
    { path, body, signal }: Attempt,
    { token }: Pass,
    read: Read<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const timer = new RequestTimer(this.#clock, this.#timeoutMs, signal);
    try {
      const response = await this.#pool.fetch(`${origin}/v3/${path}`, {
        method: "POST",
        body: JSON.stringify(body),
        // A member that has no leader must say so instead of keeping silent.
        headers: {
          "Grpc-Metadata-hasleader": "true",
          ...(token === undefined ? {} : { Authorization: token }),
        },
        signal: timer.signal,
      });
      if (!response.ok) throw await refusal(response, path);
      return await read(response, timer);
    } catch (error) {
      signal?.throwIfAborted();
      if (timer.isOver) {
        this.#pool.renew();
        throw unreachable(origin, `no answer within ${this.#timeoutMs} ms`, error);
      }
      if (error instanceof EtcdError) throw error;
      this.#pool.refresh();
      throw unreachable(origin, wordsOf(error), error);
    } finally {
      timer.stop();
    }
  }
}

function originsOf(hosts: readonly string[], isSecure: boolean): string[] {
  const origins = hosts.map((host) => originOf(host, isSecure));
  const schemes = new Set(origins.map((origin) => new URL(origin).protocol));
  // What one member may hear in the clear, no other has to hear in secret.
  if (schemes.size > 1 || isSecure && !schemes.has("https:")) {
    throw new TypeError(
      `Cannot connect to etcd: ${
        hosts.join(", ")
      } mix http and https, need the same for all members`,
    );
  }
  return origins;
}

function originOf(host: string, isSecure: boolean): string {
  const origin = /^https?:\/\//.test(host)
    ? host.replace(/\/+$/, "")
    : `${isSecure ? "https" : "http"}://${host}`;
  const isOrigin = URL.canParse(origin) && /^https?:\/\/[^/?#@]+$/.test(origin);
  if (!isOrigin) throw new TypeError(`Cannot connect to etcd: need host:port, got "${host}"`);
  return origin;
}

/** What went wrong, which `fetch` says in the cause alone. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function isUnreachable(error: unknown): boolean {
  return error instanceof EtcdError && error.code === "unavailable";
}

function unreachable(origin: string, why: string, cause: unknown): EtcdError {
  return new EtcdError("unavailable", `Cannot reach etcd at ${origin}: ${why}`, { cause });
}
