/**
 * What the package has to say.
 *
 * @module
 */

import type { Logger } from "../../../core/log/logger.ts";

/** A logger for the package. It asks for more than errors only if its own `GRPC_VERBOSITY` says so. */
export interface WireLog {
  /** Takes an error. */
  error(message: unknown): void;
  /** Takes what may be of interest. */
  info(message: unknown): void;
  /** Takes the rest. */
  debug(message: unknown): void;
}

/** Of metadata that cannot be read, with which peers could fill the log, and of ports, of which `listen` tells. */
const UNWANTED = /^(Failed to add metadata entry|No address added)/;

/** Writes to `log` what is told nowhere else. */
export function wireLog(log: Pick<Logger, "error" | "info" | "debug">): WireLog {
  return {
    error(message) {
      const text = String(message);
      if (!UNWANTED.test(text)) log.error(`gRPC: ${text}`);
    },
    info: (message) => log.info(`gRPC: ${message}`),
    debug: (message) => log.debug(`gRPC: ${message}`),
  };
}
