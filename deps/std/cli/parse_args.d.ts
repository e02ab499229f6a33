export interface ParseOptions {
  "--"?: boolean;
  alias?: Record<string, string | readonly string[]>;
  boolean?: boolean | readonly string[];
  default?: Record<string, unknown>;
  stopEarly?: boolean;
  string?: readonly string[];
  collect?: readonly string[];
  negatable?: readonly string[];
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
export interface Args {
  [name: string]: unknown;
  _: (string | number)[];
  "--"?: string[];
}
export function parseArgs(args: string[], options?: ParseOptions): Args;
