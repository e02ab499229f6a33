/**
 * `deno task test`: runs every test and every example in the docs, then says how many passed, failed and were
 * skipped, and which were skipped.
 *
 * @module
 */

import { requirePinnedDeno } from "./version.ts";

/** What a run came to. */
export interface Tally {
  /** Tests that ran to their end. */
  passed: number;
  /** Tests that did not. */
  failed: number;
  /** Names of tests that did not run. */
  skipped: string[];
}

/** Reads a JUnit report. */
export function tally(report: string): Tally {
  const result: Tally = { passed: 0, failed: 0, skipped: [] };
  for (const [, attributes = "", body = ""] of report.matchAll(TEST_CASE)) {
    if (body.includes("<skipped")) result.skipped.push(nameOf(attributes));
    else if (/<(failure|error)\b/.test(body)) result.failed++;
    else result.passed++;
  }
  return result;
}

const TEST_CASE = /<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;

function nameOf(attributes: string): string {
  const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? "?";
  return name.replace(/&(quot|apos|lt|gt|amp|#10);/g, (_, entity: string) => ENTITIES[entity]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  lt: "<",
  gt: ">",
  amp: "&",
  "#10": " ",
};

async function main(args: string[]): Promise<number> {
  requirePinnedDeno("test");
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--doc", "--parallel", `--junit-path=${report}`, ...args],
      // Tests that read output must not meet colours; traces of a stripped binary say nothing.
      env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
      stdin: "null",
    }).spawn().status;
    const { passed, failed, skipped } = tally(await Deno.readTextFile(report));
    for (const name of skipped) console.log(`skipped: ${name}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    return code;
  } finally {
    await Deno.remove(report);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
