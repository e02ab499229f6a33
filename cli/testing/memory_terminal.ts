/**
 * A terminal for tests.
 *
 * @module
 */

import { stripAnsiCode } from "@std/fmt/colors";
import type { Terminal } from "../terminal.ts";

/** Keeps what is written, without colours. */
export class MemoryTerminal implements Terminal {
  /** Lines of standard output. */
  readonly out: string[] = [];
  /** Lines of the error stream. */
  readonly err: string[] = [];

  /** Keeps a line of output. */
  print(text: string): void {
    this.out.push(stripAnsiCode(text));
  }

  /** Keeps a line of output. */
  info(text: string): void {
    this.print(text);
  }

  /** Keeps a line of the error stream. */
  error(text: string): void {
    this.err.push(stripAnsiCode(text));
  }
}
