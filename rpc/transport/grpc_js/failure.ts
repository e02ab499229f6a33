/**
 * Why a call failed.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { Deadline } from "../../../core/timeout/deadline.ts";
import type { Metadata } from "../../metadata.ts";
import { errorOfStatus } from "../../status.ts";
import { markUnsent } from "../unsent.ts";
import type { WireStatus } from "./driver.ts";

/** The package's word for a call that was given up. */
export const CANCELLED = 1;

/** What is known of a call beside its status. */
export interface CallFacts {
  /** What was called. */
  readonly path: string;
  /** The instant by which the call must have ended. */
  readonly deadline: Deadline | undefined;
  /** Whether it was sent. */
  readonly hasLeft: boolean;
  /** Resolves, when the package has had time to find out, with whether the connection is still there. */
  readonly stillConnected: () => Promise<boolean>;
}

/**
 * The error of a status that is not success. The caller has not given the call up.
 *
 * A server resets a stream with the code of a cancelled call when its own clock says that time is up, and the runtime does when
 * the connection breaks.
 */
export async function failureOf(
  { code, details }: WireStatus,
  trailer: Metadata,
  { path, deadline, hasLeft, stillConnected }: CallFacts,
): Promise<Error> {
  // What the package makes of a message that is compressed in a way it does not know.
  if (typeof code !== "number") return broken(path, "nobody agreed on how it is compressed");
  if (code === CANCELLED) {
    try {
      if (deadline?.expired) deadline.throwIfEnded();
    } catch (error) {
      if (error instanceof Error) return error;
    }
    if (!await stillConnected()) {
      return cut(path);
    }
  }
  // The package says so of a connection that broke while something was written.
  if (details.includes("triggered by internal client error")) return cut(path);
  const error = errorOfStatus({ code, message: details }, trailer);
  return hasLeft ? error : markUnsent(error);
}

function cut(path: string): ServiceError {
  return new ServiceError("unavailable", `Cannot finish ${path}: the connection broke`);
}

/** The error of an answer that cannot be understood. */
export function broken(path: string, what: string, cause?: unknown): ServiceError {
  return new ServiceError("internal", `Cannot read answer of ${path}: ${what}`, { cause });
}
