/**
 * Where a configuration comes from that changes while the program runs.
 *
 * @module
 */

/** A text that may change. */
export interface ConfigSource extends AsyncDisposable {
  /** What it is called in messages, such as `etc/greet.yaml` or `etcd key "greet"`. */
  readonly name: string;
  /**
   * The text now, as soon as it is known; empty if there is none. Rejects if it cannot be had now, and once the signal is
   * aborted.
   */
  read(options?: { signal?: AbortSignal | undefined }): Promise<string>;
  /** Tells `listener` of the text whenever it has changed, until the answer is disposed. It is empty when it was deleted. */
  subscribe(listener: (text: string) => void): Disposable;
}
