/**
 * Does harm to real servers and tells what their callers notice.
 *
 * ```sh
 * deno run -A --v8-flags=--expose-gc rpc/testing/faults/main.ts          # All rows.
 * deno run -A --v8-flags=--expose-gc rpc/testing/faults/main.ts s1 s2    # Some.
 * deno run -A rpc/testing/faults/main.ts etcd --only=E1 --minutes=5 --rate=1000
 * ```
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { formatRows, type Row } from "./row.ts";
import { etcd } from "./etcd.ts";
import { s1 } from "./s1.ts";
import { s2 } from "./s2.ts";
import { s4 } from "./s4.ts";
import { s7 } from "./s7.ts";
import { s8 } from "./s8.ts";
import { soak } from "./soak.ts";

/** What can be set from the command line. */
export interface RunOptions {
  /** Ids within a scenario. */
  readonly only: readonly string[];
  /** Calls a second. */
  readonly perSecond?: number;
  /** Length of the long scenarios, in minutes. */
  readonly minutes?: number;
}

const SCENARIOS: Readonly<Record<string, (options: RunOptions) => AsyncIterable<Row>>> = {
  s1,
  s2,
  s4,
  s7,
  s8,
  etcd,
  soak,
};

if (import.meta.main) {
  const flags = parseArgs(Deno.args, { string: ["only", "rate", "minutes"] });
  const names = flags._.length > 0 ? flags._.map(String) : Object.keys(SCENARIOS);
  const options: RunOptions = {
    only: flags.only ? String(flags.only).split(",") : [],
    ...flags.rate ? { perSecond: Number(flags.rate) } : {},
    ...flags.minutes ? { minutes: Number(flags.minutes) } : {},
  };
  const rows: Row[] = [];
  for (const name of names) {
    const scenario = SCENARIOS[name];
    if (!scenario) throw new TypeError(`Cannot run ${name}: need ${Object.keys(SCENARIOS).join()}`);
    for await (const row of scenario(options)) {
      rows.push(row);
      console.error(formatRows([row]).split("\n")[1]);
    }
  }
  console.log(formatRows(rows));
  Deno.exit(rows.every(({ ok }) => ok) ? 0 : 1);
}
