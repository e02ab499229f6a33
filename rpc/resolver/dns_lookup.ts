/**
 * Names as the system knows them, the file of hosts included.
 *
 * @module
 */

import { lookup } from "node:dns/promises";

/** All addresses of a name. Rejects if there are none. */
export async function systemLookup(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}
