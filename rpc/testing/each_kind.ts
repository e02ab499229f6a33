/**
 * One test over every transport.
 *
 * @module
 */

import type { PairKind } from "./pair.ts";

/** The transports. */
const KINDS: readonly PairKind[] = ["inproc", "grpc_js"];

/** Registers a test for every transport; `name` goes on from `RpcServer over …`. */
export function testEachKind(name: string, run: (kind: PairKind) => Promise<void>): void {
  for (const kind of KINDS) Deno.test(`RpcServer over ${kind} ${name}`, () => run(kind));
}
