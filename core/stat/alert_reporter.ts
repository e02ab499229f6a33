import { type Clock, systemClock } from "../clock.ts";

/** Options for {@link AlertReporter}. */
export interface AlertReporterOptions {
  /** Takes the text of an alert, such as the `alert` of a logger. What it throws is swallowed. */
  deliver: (text: string) => void;
  /** Least time between two alerts, in ms, >= 0. @default {300_000} */
  intervalMs?: number | undefined;
  /** Named in the text. @default {the environment's CLUSTER_NAME, if it may be read} */
  cluster?: string | undefined;
  /** Named in the text. @default {the system's host name, if it may be read} */
  host?: string | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Tells somebody that a protection acted, at most once in five minutes: one alert that is read beats a
 * thousand that are not. Those in between are counted, and the next one says how many there were.
 *
 * Reporting never throws, as those who call it are busy refusing work.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "../testing/fake_clock.ts";
 * const texts: string[] = [];
 * const alerts = new AlertReporter({
 *   deliver: (text) => texts.push(text),
 *   host: "web-1",
 *   cluster: "",
 *   clock: new FakeClock(),
 * });
 * for (let i = 0; i < 10; i++) alerts.report("disk full");
 * assertEquals(texts.length, 1);
 * ```
 */
export class AlertReporter {
  readonly #deliver: (text: string) => void;
  readonly #intervalMs: number;
  readonly #cluster: string | undefined;
  readonly #host: string | undefined;
  readonly #clock: Clock;
  #lastMs: number | undefined;
  #suppressed = 0;

  /**
   * Makes a reporter whose first alert goes out at once.
   *
   * @throws {RangeError} If `intervalMs` is negative or not a number.
   */
  constructor(options: AlertReporterOptions) {
    const { intervalMs = 300_000, clock = systemClock } = options;
    if (!(intervalMs >= 0)) {
      throw new RangeError(`Cannot make alert reporter: need intervalMs >= 0, got ${intervalMs}`);
    }
    this.#deliver = options.deliver;
    this.#intervalMs = intervalMs;
    this.#cluster = options.cluster ?? clusterName();
    this.#host = options.host ?? hostName();
    this.#clock = clock;
  }

  /** Alerts since the last one that went out which did not. */
  get suppressed(): number {
    return this.#suppressed;
  }

  /** Reports, unless it was done a short while ago. A function is called only if the alert goes out. */
  report(message: string | (() => string)): void {
    const nowMs = this.#clock.now();
    if (this.#lastMs !== undefined && nowMs - this.#lastMs < this.#intervalMs) {
      this.#suppressed++;
      return;
    }
    this.#lastMs = nowMs;
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    try {
      this.#deliver(this.#text(typeof message === "string" ? message : message(), suppressed));
    } catch {
      // The caller is in the middle of refusing work; there is nobody left to tell.
    }
  }

  #text(message: string, suppressed: number): string {
    const lines = [localTime(new Date(this.#clock.wallTime()))];
    if (this.#cluster) lines.push(`cluster: ${this.#cluster}`);
    if (this.#host) lines.push(`host: ${this.#host}`);
    if (suppressed > 0) lines.push(`dropped: ${suppressed}`);
    return [...lines, message.trim()].join("\n");
  }
}

// Asking without permission would stop the program at a prompt, so the permission is asked about first.

function clusterName(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "CLUSTER_NAME" });
  return state === "granted" ? Deno.env.get("CLUSTER_NAME") : undefined;
}

function hostName(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return state === "granted" ? Deno.hostname() : undefined;
}

function localTime(date: Date): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join("-");
  return `${day} ${date.toTimeString().slice(0, 8)}`;
}
