/**
 * Where a command writes to.
 *
 * @module
 */

import { getColorEnabled, setColorEnabled } from "@std/fmt/colors";

/** Output of a command. Tests pass one that keeps what is written. */
export interface Terminal {
  /** Writes a line of what the command was asked for. */
  print(text: string): void;
  /** Writes a line about how things go; silent with `--quiet` and `--json`. */
  info(text: string): void;
  /** Writes a line to the error stream. */
  error(text: string): void;
}

/** Options for {@link systemTerminal}. */
export interface TerminalOptions {
  /** Whether {@link Terminal.info} is silent. @default {false} */
  quiet?: boolean;
}

/** The terminal of the process. */
export function systemTerminal({ quiet = false }: TerminalOptions = {}): Terminal {
  return {
    print: (text) => console.log(text),
    info: (text) => {
      if (!quiet) console.log(text);
    },
    error: (text) => console.error(text),
  };
}

/** A terminal that writes to `base`, without its {@link Terminal.info} lines when `quiet`. */
export function quieten(base: Terminal, quiet: boolean): Terminal {
  if (!quiet) return base;
  return { print: (text) => base.print(text), info: () => {}, error: (text) => base.error(text) };
}

/**
 * Turns colours on or off for the process.
 *
 * @param mode `auto` means colours on a terminal, unless `NO_COLOR` is set.
 * @returns Whether they are on now.
 * @see https://no-color.org
 */
export function chooseColor(mode: string | undefined): boolean {
  const auto = !Deno.noColor && Deno.stdout.isTerminal() && Deno.stderr.isTerminal();
  setColorEnabled(mode === "always" || (mode !== "never" && auto));
  return getColorEnabled();
}
