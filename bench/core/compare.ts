/**
 * A little harness for comparisons in one process: cases are interleaved round by round, the order is
 * reversed every other round, and what counts is the ratio within a round, its median and its spread. The
 * time is that of the processor, so that what else the machine does counts little.
 *
 * Names say who is who: a case that begins with `zeno` is ours, one that begins with `bare` or says `alone`
 * is the floor, which is what any solution would cost, and every other is a peer.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { type Comparison, report, type Spread } from "./table.ts";

/** Options for {@link compare}. */
export interface CompareOptions {
  /** Rounds that count, an integer >= 1; one more is run first and thrown away. @default {9} */
  rounds?: number;
  /** Calls of each case in each round, an integer >= 1. @default {100_000} */
  iterations?: number;
  /**
   * Calls after which the event loop gets a turn that is not measured, for what watches it; an integer
   * >= 1 or `Infinity`. Of asynchronous cases only.
   * @default {Infinity}
   */
  breatheEvery?: number;
  /** The case that the printed ratios are against. @default {the first} */
  baseline?: string;
}

type Case = () => unknown | Promise<unknown>;

/** Nanoseconds of processor time of a call, one figure a round. */
type Samples = readonly number[];

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
  const { rounds = 9, iterations = 100_000, breatheEvery = Infinity } = options;
  const { baseline = Object.keys(cases)[0] } = options;
  if (baseline === undefined || !(baseline in cases)) {
    throw new RangeError(`Cannot compare ${title}: baseline "${baseline}" is no case`);
  }
  const samples = new Map<string, number[]>();
  const order = Object.entries(cases);
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of order) {
      const ns = await measure(run, iterations, Math.min(iterations, breatheEvery));
      // Round 0 is the compiler's.
      samples.set(name, round === 0 ? [] : [...samples.get(name)!, ns]);
    }
    order.reverse();
  }
  const names = Object.keys(cases);
  print(title, names.map((name) => [name, samples.get(name)!]), baseline, { rounds, iterations });
  report(comparisonsOf(title, names, samples));
  return Object.fromEntries(names.map((name) => [name, spread(samples.get(name)!).median]));
}

async function measure(run: Case, iterations: number, atOnce: number): Promise<number> {
  const first = run();
  const isAsync = first instanceof Promise;
  await first;
  if (!isAsync) return timeSync(run, iterations) * 1e6 / iterations;
  let spentMs = 0;
  for (let done = 0; done < iterations; done += atOnce) {
    if (done > 0) await new Promise((resolve) => setTimeout(resolve));
    spentMs += await timeAsync(run, Math.min(atOnce, iterations - done));
  }
  return spentMs * 1e6 / iterations;
}

function timeSync(run: Case, iterations: number): number {
  const started = processorMs();
  for (let i = 0; i < iterations; i++) run();
  return processorMs() - started;
}

async function timeAsync(run: Case, iterations: number): Promise<number> {
  const started = processorMs();
  for (let i = 0; i < iterations; i++) await run();
  return processorMs() - started;
}

/** Processor time of this process in ms, of all its threads: what is garbage is paid for by who made it. */
function processorMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
}

function comparisonsOf(
  title: string,
  names: readonly string[],
  samples: ReadonlyMap<string, Samples>,
): Comparison[] {
  const ours = names.filter((name) => name.startsWith("zeno"));
  const isFloor = (name: string) => /^bare\b|\balone\b/.test(name);
  const floor = names.find(isFloor);
  const peers = names.filter((name) => !name.startsWith("zeno") && !isFloor(name));
  return ours.map((name) => {
    const mine = samples.get(name)!;
    const ratiosTo = (peer: string) => samples.get(peer)!.map((ns, round) => ns / mine[round]!);
    const overNs = (floor: string) => mine.map((ns, round) => ns - samples.get(floor)![round]!);
    return {
      title,
      ours: name.replace(/^zeno,? ?/, ""),
      peers: peers.map((peer) => ({ name: peer, timesAsFast: spread(ratiosTo(peer)) })),
      overNs: floor === undefined ? undefined : spread(overNs(floor)).median,
    };
  });
}

function spread(samples: Samples): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    median: sorted[sorted.length >> 1]!,
    min: sorted[0]!,
    max: sorted[sorted.length - 1]!,
  };
}

function print(
  title: string,
  rows: readonly (readonly [string, Samples])[],
  baseline: string,
  { rounds, iterations }: { rounds: number; iterations: number },
): void {
  const base = rows.find(([name]) => name === baseline)![1];
  const load = Deno.loadavg()[0]!.toFixed(2);
  console.log(`\n${title} (${rounds} rounds of ${iterations} calls, load average ${load})`);
  const width = Math.max(...rows.map(([name]) => name.length), "case".length);
  const line = (name: string, cells: readonly string[]) =>
    console.log(name.padEnd(width) + cells.map((cell) => cell.padStart(11)).join(""));
  line("case", ["median ns", "min", "max", "ratio", "over base"]);
  for (const [name, samples] of rows) {
    const { median, min, max } = spread(samples);
    const ratio = spread(samples.map((ns, round) => ns / base[round]!)).median;
    const over = spread(samples.map((ns, round) => ns - base[round]!)).median;
    line(name, [
      median.toFixed(1),
      min.toFixed(1),
      max.toFixed(1),
      ratio.toFixed(2),
      (over < 0 ? "" : "+") + over.toFixed(1),
    ]);
  }
}
