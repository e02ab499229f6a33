/**
 * An etcd client over the cluster's JSON gateway: `fetch` and nothing else, so it needs no package and no permission
 * but the network. Where a member has no gateway, or takes no certificate there, it speaks gRPC.
 *
 * @module
 */

import type {
  CallOptions,
  EtcdClient,
  EtcdEvent,
  KeyRange,
  RangeAnswer,
  RangeOptions,
  WatchOptions,
} from "./client.ts";
import { CompactedError, EtcdError } from "./errors.ts";
import { Gateway } from "./_gateway.ts";
import { jsonLines } from "../json_lines.ts";
import { clusterName, type EtcdOptions } from "./options.ts";
import type { RequestTimer } from "./_request_timer.ts";
import { bigintOf, encodeText, entryOf, eventOf, listOf, memberOf, rangeMembers } from "./_wire.ts";

/**
 * Talks to etcd 3.4 or later through its JSON gateway, which every member serves beside gRPC. It goes over to gRPC when a
 * member says that it has to: one that was started with `--enable-grpc-gateway=false`, or that wants passwords of clients
 * whose certificates have a name.
 *
 * @example
 * ```ts ignore
 * await using etcd = new GatewayClient({ hosts: ["127.0.0.1:2379"] });
 * await etcd.put("greeting", "hello");
 * const { entries } = await etcd.range({ key: "greeting" });
 * ```
 * @see https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/
 */
export class GatewayClient implements EtcdClient {
  /** Where it is, for logs. */
  readonly name: string;
  readonly #gateway: Gateway;

  /**
   * Makes a client; connects when first used.
   *
   * @throws {TypeError} If there are no hosts.
   */
  constructor(options: EtcdOptions) {
    this.name = `etcd ${clusterName(options.hosts)}`;
    this.#gateway = new Gateway(options);
  }

  /** Reads keys. */
  async range(range: KeyRange, options: RangeOptions = {}): Promise<RangeAnswer> {
    const { limit, minModRevision, keysOnly, signal } = options;
    const body = {
      ...rangeMembers(range),
      ...(limit === undefined ? {} : { limit: String(limit) }),
      ...(minModRevision === undefined ? {} : { min_mod_revision: String(minModRevision) }),
      ...(keysOnly ? { keys_only: true } : {}),
    };
    return await this.#gateway.call("kv/range", body, (answer) => ({
      revision: positiveOf(memberOf(answer, "header"), "revision"),
      entries: listOf(answer, "kvs").map(entryOf),
      count: Number(bigintOf(memberOf(answer, "count"))),
    }), signal);
  }

  /** Sets a key. With a lease that is gone it rejects with code `not_found`. */
  async put(
    key: string,
    value: string,
    options: CallOptions & { lease?: string } = {},
  ): Promise<void> {
    const { lease, signal } = options;
    const body = {
      key: encodeText(key),
      value: encodeText(value),
      ...(lease === undefined ? {} : { lease }),
    };
    await this.#gateway.call("kv/put", body, () => {}, signal);
  }

  /** Deletes keys; resolves with how many there were. */
  async delete(range: KeyRange, options: CallOptions = {}): Promise<number> {
    const count = (answer: unknown) => Number(bigintOf(memberOf(answer, "deleted")));
    const body = rangeMembers(range);
    return await this.#gateway.call("kv/deleterange", body, count, options.signal);
  }

  /** Makes a lease of `ttlS` seconds; resolves with its id in decimal digits. */
  async grantLease(ttlS: number, options: CallOptions = {}): Promise<string> {
    const id = (answer: unknown) => String(positiveOf(answer, "ID"));
    return await this.#gateway.call("lease/grant", { TTL: String(ttlS) }, id, options.signal);
  }

  /** Renews a lease; resolves with the seconds it has left, 0 if it is gone. */
  async keepLeaseAlive(lease: string, options: CallOptions = {}): Promise<number> {
    return await this.#gateway.call("lease/keepalive", { ID: lease }, secondsLeft, options.signal);
  }

  /** Ends a lease, and with it its keys. One that is gone already does no harm. */
  async revokeLease(lease: string, options: CallOptions = {}): Promise<void> {
    try {
      await this.#gateway.call("lease/revoke", { ID: lease }, () => {}, options.signal);
    } catch (error) {
      if (!(error instanceof EtcdError && error.code === "not_found")) throw error;
    }
  }

  /** Watches keys until the connection is lost, the revision was compacted, or the signal is aborted; rejects then. */
  async watch(range: KeyRange, options: WatchOptions): Promise<never> {
    const { fromRevision, onEvents, signal } = options;
    const body = {
      create_request: { ...rangeMembers(range), start_revision: String(fromRevision) },
    };
    const read = (response: Response, timer: RequestTimer) => readWatch(response, timer, onEvents);
    return await this.#gateway.stream("watch", body, read, signal);
  }

  /** Closes the connections that are idle; no more calls can be made. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#gateway[Symbol.dispose]();
    return Promise.resolve();
  }
}

/** A number that is never zero, so that an answer without it is not one of etcd. */
function positiveOf(value: unknown, name: string): bigint {
  const number = bigintOf(memberOf(value, name));
  if (number > 0n) return number;
  throw new SyntaxError(`what answered is no etcd: there is no ${name}`);
}

function secondsLeft(answer: unknown): number {
  const problem = memberOf(answer, "error");
  if (problem !== undefined) throw streamError(problem);
  const result = memberOf(answer, "result");
  positiveOf(result, "ID");
  return Number(bigintOf(memberOf(result, "TTL"))); // Left out if it is zero: the lease is gone.
}

async function readWatch(
  response: Response,
  timer: RequestTimer,
  onEvents: (events: readonly EtcdEvent[]) => void,
): Promise<never> {
  for await (const line of jsonLines(response.body!)) {
    const problem = memberOf(line, "error");
    if (problem !== undefined) throw streamError(problem);
    const result = memberOf(line, "result");
    // The first answer says that the watch is there. After it silence is what there is to expect.
    timer.answered();
    if (memberOf(result, "canceled")) throw cancellation(result);
    const events = listOf(result, "events").map(eventOf);
    if (events.length > 0) onEvents(events);
  }
  throw new EtcdError("unavailable", "Cannot watch etcd: the stream has ended");
}

function cancellation(result: unknown): EtcdError {
  const compacted = bigintOf(memberOf(result, "compact_revision"));
  if (compacted > 0n) return new CompactedError(compacted);
  const why = memberOf(result, "cancel_reason") ?? "no reason given";
  return new EtcdError("unavailable", `Cannot watch etcd: the watch was canceled, ${why}`);
}

/** The error of a stream, which has its own form. */
function streamError(problem: unknown): EtcdError {
  const why = memberOf(problem, "message") ?? JSON.stringify(problem);
  const number = memberOf(problem, "grpc_code");
  const code = number === 16 ? "unauthenticated" : "unavailable";
  return new EtcdError(code, `Cannot use etcd: ${why}`);
}
