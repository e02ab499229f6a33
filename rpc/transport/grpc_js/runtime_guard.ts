/**
 * Runtimes that gRPC servers must not run on.
 *
 * @module
 */

import { compareVersions } from "../../../core/stringx/compare_versions.ts";

/** The last version of Deno on which HTTP/2 servers were seen to hold. A test checks that it is the one we run on. */
export const LAST_SAFE_DENO = "2.9.3";

/** The versions on which they were seen to break. */
const FIRST_BROKEN = "2.9.4";
const LAST_BROKEN = "2.9.6";

/**
 * What is wrong with serving gRPC on this version of Deno, or `undefined`.
 *
 * Deno 2.9.4 to 2.9.6 end the process, with a message from its HTTP/2 library, when a client goes away whose calls
 * are open. Nothing a program does can prevent it.
 *
 * @param version The version of Deno. @default {that of the running one}
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * assertEquals(runtimeFault("2.9.3"), undefined);
 * assert(runtimeFault("2.9.5")?.includes("2.9.3"));
 * ```
 */
export function runtimeFault(version: string = Deno.version.deno): string | undefined {
  const [release = ""] = version.split("+", 1); // What follows names the build.
  if (compareVersions(release, FIRST_BROKEN) < 0) return undefined;
  if (compareVersions(release, LAST_BROKEN) <= 0) {
    return `Cannot serve gRPC safely on Deno ${version}: it ends the process when a client goes away in ` +
      `the middle of a call; use Deno ${LAST_SAFE_DENO}`;
  }
  return `Cannot say whether Deno ${version} serves gRPC safely: the last version tried is ${LAST_SAFE_DENO}, and ` +
    `${FIRST_BROKEN} to ${LAST_BROKEN} end the process when a client goes away`;
}
