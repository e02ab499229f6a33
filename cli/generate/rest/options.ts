/**
 * What the generator of REST services is told.
 *
 * @module
 */

import type { FileStyle } from "../naming.ts";

/** How 64-bit integers read: a number with a safe-integer check, a `bigint`, or decimal text. */
export type Int64Mode = "number" | "bigint" | "string";

/** Options of the generator. */
export interface RestOptions {
  /** Path of the `.api` file as the headers name it: relative to the target folder, with `/`. */
  readonly source: string;
  /** Names files. */
  readonly style: FileStyle;
  /** How 64-bit integers read. */
  readonly int64: Int64Mode;
  /** Types of one group only go into a file of that group. */
  readonly typeGroup: boolean;
  /** Scaffold a handler file a route, for full control of request and response. */
  readonly handlers: boolean;
  /** Scaffold tests. */
  readonly tests: boolean;
  /** Flags that give these options, for the `gen` task of the service. */
  readonly flags: readonly string[];
  /** Value of `links` in `deno.json`: the folder of the framework, when it is a clone. */
  readonly link: string | undefined;
}
