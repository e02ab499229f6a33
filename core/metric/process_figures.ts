import process from "node:process";

/** What the runtime knows of its own process. None of it needs a permission. */
export interface ProcessFigures {
  /** Processor time spent so far, in microseconds. */
  cpu(): { readonly user: number; readonly system: number };
  /** Memory in bytes. */
  memory(): {
    readonly rss: number;
    readonly heapUsed: number;
    readonly heapTotal: number;
    readonly external: number;
  };
  /** Time since the process began, in seconds. */
  uptime(): number;
}

/** The figures of this process. */
export const processFigures: ProcessFigures = {
  cpu: () => process.cpuUsage(),
  memory: () => process.memoryUsage(),
  uptime: () => process.uptime(),
};
