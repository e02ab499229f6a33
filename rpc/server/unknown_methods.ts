/**
 * Slips in the names of methods.
 *
 * @module
 */

import type { RpcServerConf } from "./config.ts";

/** What the configuration says of methods that there are not, such as `MethodTimeouts: "/greet.Greeter/Sya"`. */
export function unknownMethods(
  { MethodTimeouts, Middlewares: { StatConf } }: RpcServerConf,
  paths: readonly string[],
): string[] {
  const known = new Set(paths);
  const named: Readonly<Record<string, readonly (string | undefined)[]>> = {
    MethodTimeouts: MethodTimeouts.map(({ FullMethod }) => FullMethod),
    MethodSlowThresholds: StatConf.MethodSlowThresholds.map(({ FullMethod }) => FullMethod),
    IgnoreContentMethods: StatConf.IgnoreContentMethods,
  };
  return Object.entries(named).flatMap(([key, methods]) =>
    methods.filter((method) => method && !known.has(method)).map((method) => `${key}: "${method}"`)
  );
}
