/**
 * The one table at the end of `deno task bench core`: what each script measured goes into a file, line by
 * line, and becomes rows of Markdown.
 *
 * @module
 */

/** Median, lowest and highest of the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One of our cases against all peers in the same comparison. */
export interface Comparison {
  /** What was compared. */
  readonly title: string;
  /** Which of our ways it is; may be empty. */
  readonly ours: string;
  readonly peers: readonly { readonly name: string; readonly timesAsFast: Spread }[];
  /** What a call of ours costs beyond the floor, in nanoseconds, if there is one. */
  readonly overNs: number | undefined;
}

/** Environment variable with the path of the file. */
export const RESULTS_FILE = "ZENO_BENCH_RESULTS";

/** Keeps comparisons for the table, if there is to be one. */
export function report(comparisons: readonly Comparison[]): void {
  const path = Deno.env.get(RESULTS_FILE);
  if (path === undefined) return;
  const lines = comparisons.map((comparison) => JSON.stringify(comparison) + "\n");
  Deno.writeTextFileSync(path, lines.join(""), { append: true });
}

const HEADS = ["what", "Zeno's", "times as fast as (lowest to highest)", "ns over bare"];

/** The rows of a results file as a table in Markdown, padded so that it reads well as text. */
export function renderTable(results: string): string {
  const comparisons = results.split("\n").filter(Boolean)
    .map((line) => JSON.parse(line) as Comparison);
  const rows = [HEADS, ...comparisons.map(rowOf)];
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[], fill = " ") =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(" | ")} |`;
  const rule = line(HEADS.map(() => ""), "-");
  const [head, ...body] = rows.map((row) => line(row));
  return [head, rule, ...body].join("\n");
}

function rowOf({ title, ours, peers, overNs }: Comparison): string[] {
  const ratios = peers.map(({ name, timesAsFast: { median, min, max } }) =>
    `${name} ${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`
  );
  return [title, ours, ratios.join("; "), overNs === undefined ? "" : overNs.toFixed(0)];
}
