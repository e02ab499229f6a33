/**
 * What is asked of etcd, whoever asks it.
 *
 * @module
 */

/** A key with what etcd knows of it. */
export interface EtcdEntry {
  /** The key. */
  readonly key: string;
  /** Its value; empty if only keys were asked for. */
  readonly value: string;
  /** The revision in which it was last set. */
  readonly modRevision: bigint;
  /** The lease it hangs on, in decimal digits; `"0"` for none. */
  readonly lease: string;
}

/** Which keys are meant. */
export interface KeyRange {
  /** The key, or what the keys begin with. */
  readonly key: string;
  /** Whether all keys that begin with `key` are meant. @default {false} */
  readonly prefix?: boolean | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options for {@link EtcdClient.range}. */
export interface RangeOptions extends CallOptions {
  /** Most entries to read, an integer >= 1; all without it. */
  readonly limit?: number | undefined;
  /** Reads only what was set in this revision or later; {@link RangeAnswer.count} counts all. */
  readonly minModRevision?: bigint | undefined;
  /** Leaves values out. @default {false} */
  readonly keysOnly?: boolean | undefined;
}

/** Answer of {@link EtcdClient.range}. */
export interface RangeAnswer {
  /** The revision of the whole store that was read. */
  readonly revision: bigint;
  /** What was read, in the order of keys. */
  readonly entries: readonly EtcdEntry[];
  /** How many keys there are in the range. */
  readonly count: number;
}

/** A change that a watch has seen. */
export interface EtcdEvent {
  /** What has happened to the key. */
  readonly type: "put" | "delete";
  /** The key as it is now; a deleted one has no value. */
  readonly entry: EtcdEntry;
}

/** Options for {@link EtcdClient.watch}. */
export interface WatchOptions extends CallOptions {
  /** The first revision to be told of. */
  readonly fromRevision: bigint;
  /** Told of the changes of one revision, or of some. */
  readonly onEvents: (events: readonly EtcdEvent[]) => void;
}

/**
 * A connection to an etcd cluster. Calls reject with an `EtcdError`, soon, if no member can be reached.
 */
export interface EtcdClient extends AsyncDisposable {
  /** Where it is, for logs. */
  readonly name: string;
  /** Reads keys. */
  range(range: KeyRange, options?: RangeOptions): Promise<RangeAnswer>;
  /** Sets a key. With a lease that is gone it rejects with code `not_found`. */
  put(key: string, value: string, options?: CallOptions & { lease?: string }): Promise<void>;
  /** Deletes keys; resolves with how many there were. */
  delete(range: KeyRange, options?: CallOptions): Promise<number>;
  /** Makes a lease of `ttlS` seconds; resolves with its id in decimal digits. */
  grantLease(ttlS: number, options?: CallOptions): Promise<string>;
  /** Renews a lease; resolves with the seconds it has left, 0 if it is gone. */
  keepLeaseAlive(lease: string, options?: CallOptions): Promise<number>;
  /** Ends a lease, and with it its keys. One that is gone already does no harm. */
  revokeLease(lease: string, options?: CallOptions): Promise<void>;
  /**
   * Watches keys. Rejects when the connection or the member's leader is lost, with a `CompactedError` if the revision is
   * no longer kept, and with the reason of the signal once aborted. Does not resolve.
   */
  watch(range: KeyRange, options: WatchOptions): Promise<never>;
}
