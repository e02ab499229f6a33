/**
 * Telling others where a service is.
 *
 * @module
 */

/** Makes an instance of a service known to its callers. */
export interface Registrar {
  /**
   * Makes `address`, which is `host:port`, known until the answer is disposed, whatever happens to the registry meanwhile.
   * Resolves when it is known, or when the registrar will see to it.
   */
  register(address: string): Promise<AsyncDisposable>;
}
