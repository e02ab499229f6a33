/**
 * What etcd refuses.
 *
 * @module
 */

import { type ErrorCode, ServiceError } from "../../errors.ts";

/** Thrown when etcd cannot be reached or refuses. `code` says why. */
export class EtcdError extends ServiceError {
  /** Makes an error. */
  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(code, message, options);
    this.name = "EtcdError";
  }
}

/** Thrown by a watch from a revision that etcd no longer keeps: what happened since is lost, so it must be listed anew. */
export class CompactedError extends EtcdError {
  /** The oldest revision that is kept; 0 if etcd does not say. */
  readonly compactRevision: bigint;

  /** Makes an error. */
  constructor(compactRevision: bigint) {
    super(
      "failed_precondition",
      `Cannot watch etcd: the revision has been compacted, the oldest one is ${compactRevision}`,
    );
    this.name = "CompactedError";
    this.compactRevision = compactRevision;
  }
}
