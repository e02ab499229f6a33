/**
 * Headers as they are passed on inside a client.
 *
 * @module
 */

/** Headers by lower-case name, one value each. */
export type HeaderPairs = Iterable<readonly [name: string, value: string]>;

const NONE: HeaderPairs = [];

/**
 * Checks headers and writes their names in lower case.
 *
 * @throws {TypeError} If HTTP cannot carry a name or a value. The message repeats neither.
 */
export function checkedHeaders(init: HeadersInit | undefined): HeaderPairs {
  if (init === undefined) return NONE;
  try {
    return new Headers(init);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TypeError("Cannot use headers: HTTP cannot carry one of the names or values");
  }
}
