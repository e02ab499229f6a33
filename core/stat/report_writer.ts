/** The figures of one interval. Members are named as on the wire. */
export interface StatReport {
  /** What is reported on. */
  readonly name: string;
  /** When, in seconds since the Unix epoch. */
  readonly tm: number;
  /** The process. */
  readonly pid: number;
  /** Requests a second. */
  readonly qps: number;
  /** Requests refused. */
  readonly drops: number;
  /** Mean time, in ms. */
  readonly avg: number;
  /** Median time, in ms. */
  readonly med: number;
  /** 90th percentile, in ms. */
  readonly t90: number;
  /** 99th percentile, in ms. */
  readonly t99: number;
  /** 99.9th percentile, in ms. */
  readonly t99p9: number;
}

/** Takes reports. What it throws is logged. */
export interface ReportWriter {
  /** Takes one report. */
  write(report: StatReport): void | Promise<void>;
}

/** Options for {@link remoteWriter}. */
export interface RemoteWriterOptions {
  /** Sends the request. @default {fetch} */
  fetch?: typeof fetch | undefined;
  /** Longest time one report may take, in ms, > 0. @default {5000} */
  timeoutMs?: number | undefined;
}

/**
 * A writer that posts each report as JSON. Any answer but 200 is an error.
 *
 * @throws {TypeError} If `url` is no HTTP address.
 */
export function remoteWriter(url: string | URL, options: RemoteWriterOptions = {}): ReportWriter {
  const { timeoutMs = 5000 } = options;
  const target = new URL(url);
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    throw new TypeError(`Cannot write reports: need an http or https address, got ${target}`);
  }
  if (!(timeoutMs > 0 && timeoutMs < Infinity)) {
    throw new RangeError(`Cannot write reports: need a finite timeoutMs > 0, got ${timeoutMs}`);
  }
  return {
    async write(report) {
      const response = await (options.fetch ?? fetch)(target, {
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8" },
        body: JSON.stringify(report),
        // One request a minute: here the platform's own timer is cheap enough.
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (response.status !== 200) {
        throw new Error(`Cannot write report: code ${response.status}, ${response.statusText}`);
      }
    },
  };
}
