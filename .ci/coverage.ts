/**
 * `deno task coverage`: runs the tests of a part and says what share of its lines they reach, in all and for
 * each file that falls short. Fails below 95 percent. The part is `core` unless named: `deno task coverage rest`.
 *
 * @module
 */

import { fromFileUrl, join, relative } from "@std/path";
import { requirePinnedDeno } from "./version.ts";

/** Least share of lines, in percent. */
const LEAST = 95;

/** How much of a file the tests reach. */
export interface FileCoverage {
  /** The file, relative to the repository. */
  readonly file: string;
  /** Lines that can run. */
  readonly lines: number;
  /** Lines that ran. */
  readonly hit: number;
}

/** Reads an LCOV report; leaves out tests and what is outside of `folder`. */
export function readCoverage(lcov: string, folder: string): FileCoverage[] {
  const files: FileCoverage[] = [];
  for (const record of lcov.split("end_of_record")) {
    const file = relative(folder, /^SF:(.*)$/m.exec(record)?.[1] ?? folder).replaceAll("\\", "/");
    if (file === "" || file.startsWith("..") || isTest(file)) continue;
    const counts = [...record.matchAll(/^DA:\d+,(\d+)/gm)].map(([, count]) => Number(count));
    if (counts.length === 0) continue;
    files.push({ file, lines: counts.length, hit: counts.filter((count) => count > 0).length });
  }
  return files;
}

function isTest(file: string): boolean {
  return /_(test|bench)\.ts$/.test(file) || file.includes("/testdata/");
}

/** Share of lines that ran, in percent. */
export function percent(files: readonly FileCoverage[]): number {
  const sum = (pick: (file: FileCoverage) => number) =>
    files.reduce((total, file) => total + pick(file), 0);
  const lines = sum((file) => file.lines);
  return lines === 0 ? 0 : 100 * sum((file) => file.hit) / lines;
}

async function run(args: string[]): Promise<string> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (code === 0) return text;
  console.log(text);
  throw new Error(`Cannot measure coverage: deno ${args[0]} ended with code ${code}`);
}

async function main([part = "core"]: string[]): Promise<number> {
  requirePinnedDeno("coverage");
  const root = fromFileUrl(new URL("../", import.meta.url));
  const scratch = await Deno.makeTempDir();
  try {
    await run(["test", "-A", "--parallel", "--quiet", `--coverage=${scratch}`, join(root, part)]);
    const lcov = await run(["coverage", "--lcov", "--quiet", scratch]);
    const files = readCoverage(lcov, root).filter(({ file }) => file.startsWith(`${part}/`));
    const short = files.filter((file) => percent([file]) < LEAST);
    for (const file of short.toSorted((a, b) => percent([a]) - percent([b]))) {
      console.log(`${percent([file]).toFixed(1).padStart(5)}%  ${file.file}`);
    }
    const total = percent(files);
    console.log(`${total.toFixed(1)}% of the lines of ${part}, ${files.length} files`);
    if (total >= LEAST) return 0;
    console.error(`Cannot accept coverage: need ${LEAST}% of the lines`);
    return 1;
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
