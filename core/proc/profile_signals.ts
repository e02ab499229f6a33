import { join } from "node:path";
import { type Clock, systemClock } from "../clock.ts";
import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { processId, processName } from "./process_info.ts";
import { listenSignals } from "./signals.ts";

/** Options for {@link dumpProfilesOnSignals}. */
export interface DumpProfilesOptions {
  /** Where files go. @default {the system's folder for temporary files} */
  folder?: string | undefined;
  /** Signal that asks for what is in memory. @default {"SIGUSR1"} */
  heapSignal?: Deno.Signal | undefined;
  /** Signal that asks where time goes, and that ends a profile early. @default {"SIGUSR2"} */
  cpuSignal?: Deno.Signal | undefined;
  /** How long time is watched, in ms, > 0. @default {60_000} */
  cpuMs?: number | undefined;
  /** Told where files are and what failed. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Watches for signals. Disposing it ends that, and a profile that is being taken; its file is written. */
export interface ProfileDumps extends AsyncDisposable {
  /** Resolves once nothing is being written. */
  idle(): Promise<void>;
  /** Ends the watch, and resolves once nothing is being written. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Lets an operator look into a process that is running: `kill -USR1` writes what is in memory to
 * `<name>-<pid>-heap-<MMDDhhmmss>.heapsnapshot`, `kill -USR2` watches for a minute where time goes
 * and writes `<name>-<pid>-cpu-<MMDDhhmmss>.cpuprofile`. Chrome's developer tools open both.
 *
 * One dump is taken at a time. A second `USR2` ends the profile early; any other signal meanwhile is
 * only logged. The process stands still while a snapshot is taken, about a second for each 50 MB, and
 * the file holds every text of the process, secrets included.
 *
 * Needs `--allow-write` for the folder, and `--allow-sys=inspector` for the profile. On Windows, which
 * has no such signals, it does nothing.
 *
 * @throws {RangeError} If `cpuMs` is not above 0.
 */
export function dumpProfilesOnSignals(options: DumpProfilesOptions = {}): ProfileDumps {
  const { heapSignal = "SIGUSR1", cpuSignal = "SIGUSR2" } = options;
  const dumper = new ProfileDumper(options);
  const signals = Deno.build.os === "windows" ? [] : [heapSignal, cpuSignal];
  const listening = listenSignals(signals, (signal) => {
    if (signal === heapSignal) dumper.dumpHeap();
    else dumper.dumpCpu();
  });
  return {
    idle: () => dumper.idle(),
    async [Symbol.asyncDispose]() {
      listening[Symbol.dispose]();
      dumper.stop();
      await dumper.idle();
    },
  };
}

/** Takes one dump at a time. */
class ProfileDumper {
  readonly #folder: string | undefined;
  readonly #cpuMs: number;
  readonly #logger: Logger;
  readonly #clock: Clock;
  #running: Promise<void> | undefined;
  #stopProfile: AbortController | undefined;

  constructor(options: DumpProfilesOptions) {
    const { cpuMs = 60_000, logger = consoleLogger, clock = systemClock } = options;
    if (!(cpuMs > 0)) {
      throw new RangeError(`Cannot dump profiles: need cpuMs > 0, got ${cpuMs}`);
    }
    this.#folder = options.folder;
    this.#cpuMs = cpuMs;
    this.#logger = logger;
    this.#clock = clock;
  }

  dumpHeap(): void {
    this.#start("heap", "heapsnapshot", async (path) => {
      // Loaded when asked for: the import takes milliseconds, and few processes ever need it.
      const { heapSnapshot } = await import("../admin/profiler.ts");
      await Deno.writeFile(path, heapSnapshot(), { mode: 0o600 });
    });
  }

  dumpCpu(): void {
    if (this.#stopProfile) return this.stop();
    this.#start("cpu", "cpuprofile", async (path) => {
      const { cpuProfile } = await import("../admin/profiler.ts");
      const { signal } = this.#stopProfile = new AbortController();
      this.#logger.info(`Taking a CPU profile for ${this.#cpuMs / 1000}s`);
      try {
        const profile = await cpuProfile(this.#cpuMs, { signal, clock: this.#clock });
        await Deno.writeTextFile(path, profile, { mode: 0o600 });
      } finally {
        this.#stopProfile = undefined;
      }
    });
  }

  stop(): void {
    this.#stopProfile?.abort();
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  #start(kind: string, extension: string, dump: (path: string) => Promise<void>): void {
    if (this.#running) {
      this.#logger.error(`Cannot dump ${kind}: another dump is being taken`);
      return;
    }
    this.#running = this.#write(kind, extension, dump).finally(() => this.#running = undefined);
  }

  async #write(
    kind: string,
    extension: string,
    dump: (path: string) => Promise<void>,
  ): Promise<void> {
    try {
      const folder = this.#folder ?? temporaryFolder();
      const stamp = shortTime(new Date(this.#clock.wallTime()));
      const path = join(folder, `${processName()}-${processId()}-${kind}-${stamp}.${extension}`);
      await dump(path);
      this.#logger.info(`Wrote ${path}`);
    } catch (error) {
      this.#logger.error(`Cannot dump ${kind}: ${reasonOf(error)}`, { error });
    }
  }
}

function temporaryFolder(): string {
  for (const name of ["TMPDIR", "TMP", "TEMP"]) {
    const { state } = Deno.permissions.querySync({ name: "env", variable: name });
    const folder = state === "granted" ? Deno.env.get(name) : undefined;
    if (folder) return folder;
  }
  return "/tmp";
}

function shortTime(date: Date): string {
  const parts = [
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ];
  return parts.map((part) => String(part).padStart(2, "0")).join("");
}
