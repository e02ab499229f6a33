/**
 * The lines of formatted text: indentation, empty lines and aligned columns.
 *
 * @module
 */

import type { Head } from "./comments.ts";
import type { Comment } from "./token.ts";

/** One line: cells in columns, or one cell of any text. */
interface Line {
  readonly depth: number;
  readonly cells: readonly string[];
  readonly behind: string;
}

const BLANK: Line = { depth: 0, cells: [""], behind: "" };

/** Collects lines and renders them. */
export class Lines {
  readonly #lines: Line[] = [];
  #depth = 0;
  /** Whether an empty line would stand first in a block, where none belongs. */
  #fresh = true;

  /** Adds a line. Cells of neighbouring lines stand below each other; `comments` follow it. */
  add(cells: string | readonly string[], comments: readonly Comment[] = []): void {
    const behind = comments.map((comment) => ` ${comment.text}`).join("");
    const list = typeof cells === "string" ? [cells] : cells;
    this.#lines.push({ depth: this.#depth, cells: list, behind });
    this.#fresh = false;
  }

  /** Adds an empty line, unless one is there or a block just began. */
  blank(): void {
    if (!this.#fresh && this.#lines.at(-1) !== BLANK) this.#lines.push(BLANK);
  }

  /** Adds the comments above a construct, with the empty lines that part them. */
  head({ comments, detached }: Head): void {
    for (const comment of comments) {
      if (comment.blankBefore) this.blank();
      this.add(comment.text);
    }
    if (detached && comments.length > 0) this.blank();
  }

  /** Adds what `body` adds, one level deeper. */
  indented(body: () => void): void {
    this.#depth++;
    this.#fresh = true;
    body();
    this.#depth--;
    this.#fresh = false;
  }

  /** The text; it ends with one line end, or is empty. */
  render(): string {
    while (this.#lines.at(-1) === BLANK) this.#lines.pop();
    const widths = columnWidths(this.#lines);
    return this.#lines.map((line, row) => `${renderLine(line, widths[row] ?? [])}\n`).join("");
  }
}

function renderLine(line: Line, widths: readonly number[]): string {
  const last = line.cells.length - 1;
  const cells = line.cells.map((cell, column) =>
    column === last ? cell : cell.padEnd((widths[column] ?? 0) + 1)
  );
  return `${"\t".repeat(line.depth)}${cells.join("")}${line.behind}`.trimEnd();
}

/**
 * The width of each cell that another one follows: that of the longest in the run of neighbouring
 * lines, of one depth, in which the column is followed by another.
 */
function columnWidths(lines: readonly Line[]): number[][] {
  const widths: number[][] = lines.map(() => []);
  const columns = lines.reduce((most, line) => Math.max(most, line.cells.length), 0);
  for (let column = 0; column < columns - 1; column++) {
    for (let start = 0; start < lines.length;) {
      let end = start;
      let width = 0;
      while (continuesRun(lines, start, end, column)) {
        width = Math.max(width, lines[end]!.cells[column]!.length);
        end++;
      }
      for (let row = start; row < end; row++) widths[row]![column] = width;
      start = Math.max(end, start + 1);
    }
  }
  return widths;
}

function continuesRun(lines: readonly Line[], start: number, row: number, column: number): boolean {
  const line = lines[row];
  return line !== undefined && line.depth === lines[start]?.depth &&
    line.cells.length > column + 1;
}
