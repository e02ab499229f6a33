/**
 * A little harness for comparisons in one process: cases are interleaved round by round, the order is
 * reversed every other round, and what is printed is the median with the spread, as ratios.
 *
 * @module
 */

/** Options for {@link compare}. */
export interface CompareOptions {
  /** Rounds that count, an integer >= 1; one more is run first and thrown away. @default {9} */
  rounds?: number;
  /** Calls of each case in each round, an integer >= 1. @default {100_000} */
  iterations?: number;
  /** The case that the others are measured against. @default {the first} */
  baseline?: string;
}

type Case = () => unknown | Promise<unknown>;

interface Row {
  readonly name: string;
  readonly medianNs: number;
  readonly minNs: number;
  readonly maxNs: number;
}

/**
 * Measures the cases against each other and prints a table. A case that returns a promise is awaited,
 * one call at a time; the others run in a plain loop.
 *
 * @returns The median time of one call of each case, in nanoseconds.
 */
export async function compare(
  title: string,
  cases: Readonly<Record<string, Case>>,
  options: CompareOptions = {},
): Promise<Record<string, number>> {
  const { rounds = 9, iterations = 100_000, baseline = Object.keys(cases)[0] } = options;
  if (baseline === undefined || !(baseline in cases)) {
    throw new RangeError(`Cannot compare ${title}: baseline "${baseline}" is no case`);
  }
  const samples = new Map<string, number[]>();
  const order = Object.entries(cases);
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of order) {
      const ns = await measure(run, iterations);
      // Round 0 is the compiler's.
      samples.set(name, round === 0 ? [] : [...samples.get(name)!, ns]);
    }
    order.reverse();
  }
  const rows = Object.keys(cases).map((name) => toRow(name, samples.get(name)!));
  print(title, rows, baseline, { rounds, iterations });
  return Object.fromEntries(rows.map(({ name, medianNs }) => [name, medianNs]));
}

async function measure(run: Case, iterations: number): Promise<number> {
  const first = run();
  const isAsync = first instanceof Promise;
  await first;
  const started = performance.now();
  if (isAsync) await runAsync(run, iterations);
  else runSync(run, iterations);
  return (performance.now() - started) * 1e6 / iterations;
}

function runSync(run: Case, iterations: number): void {
  for (let i = 0; i < iterations; i++) run();
}

async function runAsync(run: Case, iterations: number): Promise<void> {
  for (let i = 0; i < iterations; i++) await run();
}

function toRow(name: string, samples: number[]): Row {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    name,
    medianNs: sorted[sorted.length >> 1]!,
    minNs: sorted[0]!,
    maxNs: sorted[sorted.length - 1]!,
  };
}

function print(
  title: string,
  rows: readonly Row[],
  baseline: string,
  { rounds, iterations }: { rounds: number; iterations: number },
): void {
  const base = rows.find(({ name }) => name === baseline)!.medianNs;
  const load = Deno.loadavg()[0]!.toFixed(2);
  console.log(`\n${title} (${rounds} rounds of ${iterations} calls, load average ${load})`);
  const width = Math.max(...rows.map(({ name }) => name.length), "case".length);
  const heads = ["median ns", "min", "max", "ratio", "over base"];
  const line = (name: string, cells: readonly string[]) =>
    console.log(name.padEnd(width) + cells.map((cell) => cell.padStart(11)).join(""));
  line("case", heads);
  for (const { name, medianNs, minNs, maxNs } of rows) {
    const over = medianNs - base;
    line(name, [
      medianNs.toFixed(1),
      minNs.toFixed(1),
      maxNs.toFixed(1),
      (medianNs / base).toFixed(2),
      (over < 0 ? "" : "+") + over.toFixed(1),
    ]);
  }
}
