/**
 * Servers and clients of go-zero.
 *
 * @module
 */

import {
  type Caller,
  type Config,
  type Instance,
  type Order,
  type Outcome,
  outcomesOf,
  type Report,
  type Side,
} from "./side.ts";
import type { GoPrograms } from "./toolchain.ts";

/** The side that runs the programs of go-zero. */
export function goZeroSide(programs: GoPrograms): Side {
  return {
    name: "go-zero",
    async serve(config: Config): Promise<Instance> {
      const process = programs.start("peer", "zrpc-server", JSON.stringify(config));
      await process.readLine();
      return { [Symbol.asyncDispose]: () => process.terminate() };
    },
    open(config: Config): Caller {
      const process = programs.start("peer", "zrpc-client", JSON.stringify(config));
      return {
        async call(order: Order): Promise<Report> {
          await process.writeLine(JSON.stringify(order));
          return JSON.parse(await process.readLine());
        },
        [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
      };
    },
    async interop(config: Config): Promise<Outcome[]> {
      const { stdout } = await programs.run("peer", "zrpc-interop", JSON.stringify(config));
      return outcomesOf(stdout);
    },
  };
}
