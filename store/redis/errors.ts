/**
 * What goes wrong with Redis.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";

/** Replies that say that the command was not carried out, and may be another time or by another server. */
const PASSING: ReadonlySet<string> = new Set([
  "LOADING",
  "READONLY",
  "MASTERDOWN",
  "CLUSTERDOWN",
  "TRYAGAIN",
  "MOVED",
  "ASK",
]);

/** What to do about some replies. */
const REMEDIES: Readonly<Record<string, string>> = {
  CROSSSLOT: "give the keys of one command the same {tag}",
  MOVED: "this server is a member of a cluster, set Type: cluster",
  NOAUTH: "set User and Pass",
  WRONGPASS: "check User and Pass",
};

/** Thrown when Redis answers with an error. Code `unavailable` if it may pass by itself, else `internal`. */
export class RedisReplyError extends ServiceError {
  /** The first word of the answer, such as `WRONGTYPE`. */
  readonly prefix: string;

  /** `command` is what was asked, `reply` the text of the answer. */
  constructor(command: string, reply: string, options?: ErrorOptions) {
    const prefix = /^[A-Z]+/.exec(reply)?.[0] ?? "ERR";
    const remedy = REMEDIES[prefix];
    const message = `Cannot run ${command}: ${reply}${remedy ? `; ${remedy}` : ""}`;
    super(PASSING.has(prefix) ? "unavailable" : "internal", message, options);
    this.name = "RedisReplyError";
    this.prefix = prefix;
  }

  /** Whether the command was not carried out, and may be another time. */
  get isPassing(): boolean {
    return PASSING.has(this.prefix);
  }
}

/** Thrown when Redis cannot be reached, or the connection breaks before the answer is there. Code `unavailable`. */
export class RedisConnectionError extends ServiceError {
  /** Whether the command may have been carried out: it was sent, and its answer is lost. */
  readonly mayHaveRun: boolean;
  /** What happened. */
  readonly reason: string;

  /** `address` is where Redis should be, `reason` what happened. */
  constructor(address: string, reason: string, options: ErrorOptions & { mayHaveRun: boolean }) {
    const lost = options.mayHaveRun ? "; the command may have been carried out" : "";
    super("unavailable", `Cannot reach Redis at ${address}: ${reason}${lost}`, options);
    this.name = "RedisConnectionError";
    this.mayHaveRun = options.mayHaveRun;
    this.reason = reason;
  }
}
