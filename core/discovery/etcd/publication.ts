/**
 * An entry in etcd that comes back whenever it is lost.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { ServiceError } from "../../errors.ts";
import { consoleLogger } from "../../log/create_logger.ts";
import { type Logger, noopLogger } from "../../log/logger.ts";
import { Feed, type FollowOptions } from "../feed.ts";
import { OutageLog } from "../outage_log.ts";
import type { Publication, PublicationState } from "../registry.ts";
import { retryDelayMs } from "../retry_delay.ts";
import { Alarm } from "./_alarm.ts";
import { LeasedKey } from "./_leased_key.ts";
import type { EtcdClient } from "./client.ts";
import { KeySource, type KeySourceOptions } from "./key_source.ts";

/** Options for {@link EtcdPublication}. */
export interface EtcdPublicationOptions extends FollowOptions, KeySourceOptions {
  /** Key below the service's; the lease's number without it. */
  readonly id?: string | undefined;
  /** Seconds that the entry outlives its owner, an integer >= 1. @default {10} */
  readonly leaseTtlS?: number | undefined;
}

/** What is to be. */
type Wish = "registered" | "paused" | "closed";

/**
 * Keeps one key of etcd alive. Its lease is renewed three times within its life; when etcd says that the lease is gone,
 * a new one is made; when the key is gone while the lease is not, the key is put again.
 */
export class EtcdPublication implements Publication {
  readonly service: string;
  readonly value: string;
  readonly #client: EtcdClient;
  readonly #options: EtcdPublicationOptions;
  readonly #ttlS: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #outages: OutageLog;
  readonly #alarm: Alarm;
  #registration: LeasedKey | undefined;
  #wish: Wish = "registered";
  #state: PublicationState = "registering";
  #failures = 0;
  #running: Promise<void> | undefined;
  /** What those wait for who wish; all of them for the last wish. */
  #settled: PromiseWithResolvers<void> = Promise.withResolvers();
  #isSettled = false;
  /** Ends what is under way when something else is wished for. */
  #work = new AbortController();

  /** Makes a publication; {@link start} begins it. */
  constructor(
    client: EtcdClient,
    service: string,
    value: string,
    options: EtcdPublicationOptions = {},
  ) {
    const { leaseTtlS = 10, clock = systemClock, logger = consoleLogger } = options;
    if (!(Number.isInteger(leaseTtlS) && leaseTtlS >= 1)) {
      throw new RangeError(
        `Cannot publish "${service}": need an integer leaseTtlS >= 1, got ${leaseTtlS}`,
      );
    }
    this.service = service;
    this.value = value;
    this.#client = client;
    this.#options = options;
    this.#ttlS = leaseTtlS;
    this.#clock = clock;
    this.#logger = logger;
    this.#outages = new OutageLog(`own entry of "${service}" in ${client.name}`, clock, logger);
    this.#alarm = new Alarm(clock);
  }

  get key(): string | undefined {
    return this.#registration?.key;
  }

  get state(): PublicationState {
    return this.#state;
  }

  /**
   * Registers, and keeps it so from then on.
   *
   * @throws {EtcdError} If the first registration fails; nothing goes on then.
   * @throws {ServiceError} With code `canceled` if it is closed meanwhile.
   */
  async start(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const onAbort = () => this.#work.abort(signal!.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    const first = this.#register(this.#work.signal);
    this.#running = first.then(() => this.#run(), () => this.#end());
    try {
      await first;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    if (this.#wish !== "closed") return;
    await this.#running;
    throw this.#closedError();
  }

  /** Keeps it registered from now on, whether or not etcd can be reached. */
  startSoon(): void {
    this.#running ??= this.#run();
  }

  pause(): Promise<void> {
    return this.#want("paused");
  }

  resume(): Promise<void> {
    return this.#want("registered");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#want("closed");
    await this.#running;
  }

  #want(wish: Wish): Promise<void> {
    if (this.#wish === "closed" || this.#wish === wish) return this.#settled.promise;
    this.#wish = wish;
    if (this.#isSettled) this.#settled = Promise.withResolvers();
    this.#isSettled = false;
    if (!this.#running) this.#settle("closed");
    this.#work.abort(wish === "closed" ? this.#closedError() : undefined);
    return this.#settled.promise;
  }

  #settle(state: PublicationState): void {
    this.#state = state;
    this.#isSettled = true;
    this.#settled.resolve();
  }

  #closedError(): ServiceError {
    return new ServiceError("canceled", `Cannot publish "${this.service}": closed meanwhile`);
  }

  async #run(): Promise<void> {
    while (this.#wish !== "closed") {
      this.#work = new AbortController();
      const { signal } = this.#work;
      if (this.#wish === "paused") await this.#rest(signal);
      else if (this.#registration) await this.#hold(this.#registration, signal);
      else await this.#comeBack(signal);
    }
    await this.#leave();
    this.#end();
  }

  #end(): void {
    this.#wish = "closed";
    this.#settle("closed");
  }

  /** Takes the entry out and waits until something else is wished for. */
  async #rest(signal: AbortSignal): Promise<void> {
    await this.#leave();
    if (signal.aborted) return;
    this.#settle("paused");
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  }

  /** Registers, or waits for the next time to try. */
  async #comeBack(signal: AbortSignal): Promise<void> {
    this.#state = "registering";
    try {
      await this.#register(signal);
      this.#logger.info(`Published "${this.service}" as ${this.key}`);
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
      await this.#alarm.wait(retryDelayMs(this.#failures, this.#options), signal);
    }
  }

  async #register(signal: AbortSignal): Promise<void> {
    const { service, value } = this;
    const init = { service, value, id: this.#options.id, ttlS: this.#ttlS, clock: this.#clock };
    this.#registration = await LeasedKey.put(this.#client, init, signal);
    this.#succeeded();
  }

  /** Keeps the entry until it is lost or something else is wished for. */
  async #hold(registration: LeasedKey, signal: AbortSignal): Promise<void> {
    this.#settle("registered");
    const source = new KeySource(this.#client, { key: registration.key }, this.#options);
    await using feed = new Feed(source, {
      ...this.#options,
      lastGood: undefined,
      lossGraceMs: 0,
      logger: noopLogger, // An outage is told of by the renewal.
    });
    const isMissing = () => feed.state === "live" && !feed.entries.has(registration.key);
    const check = () => {
      if (isMissing()) this.#alarm.ring();
    };
    using _attached = feed.attach({ onChanges: check, onOutcome: check });
    while (!signal.aborted) {
      await this.#alarm.wait(this.#pauseMs(), signal);
      if (signal.aborted) return;
      if (!await this.#renew(registration, isMissing, signal)) {
        this.#registration = undefined;
        return;
      }
    }
  }

  /** Until the next renewal: a third of the lease's life, less while etcd is away. */
  #pauseMs(): number {
    if (this.#failures === 0) return this.#ttlS * 1_000 / 3;
    return retryDelayMs(this.#failures, this.#options);
  }

  /** Renews the registration. False if its lease is gone. */
  async #renew(
    registration: LeasedKey,
    isMissing: () => boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      if (!await registration.renew(isMissing, signal)) return false;
      this.#succeeded();
      this.#state = "registered";
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
      // etcd alone knows whether the lease has run out: it is asked until it answers.
    }
    return true;
  }

  /** Takes the entry out, if etcd can be reached; else it goes with its lease. */
  async #leave(): Promise<void> {
    const registration = this.#registration;
    this.#registration = undefined;
    if (!registration) return;
    try {
      await registration.revoke();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#logger.error(
        `Cannot take out ${registration.key}: ${why}; it goes within ${this.#ttlS} s`,
      );
    }
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#outages.found();
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#state = "registering";
    this.#outages.lost(error);
  }
}
