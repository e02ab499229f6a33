/**
 * Where a service is.
 *
 * @module
 */

/**
 * Knows the addresses of a service and follows them until it is disposed. Also what clients of `rest` take as a
 * resolver.
 */
export interface Resolver extends AsyncDisposable {
  /**
   * The addresses now, as soon as they are known.
   *
   * @throws {ServiceError} With code `unavailable` if they cannot be found out now.
   */
  resolve(options?: { signal?: AbortSignal | undefined }): Promise<readonly string[]>;
  /** Tells `listener` of the addresses whenever they have changed, until the answer is disposed. The list may be empty. */
  subscribe(listener: (addresses: readonly string[]) => void): Disposable;
}
