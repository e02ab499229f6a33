/**
 * Scripts that run on the server.
 *
 * @module
 */

import { createHash } from "node:crypto";

/**
 * A script in Lua, which the server carries out as one command. Make it once: the text is sent to a server only if it does not
 * know it yet.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const script = new RedisScript("return redis.call('get', KEYS[1])");
 * assertEquals(script.sha, "4e6d8fc8bb01276962cce5371fa795a7763657ae");
 * // const value = await redis.runScript(script, ["key"]);
 * ```
 */
export class RedisScript {
  /** The text. */
  readonly source: string;
  /** What servers know it by: its SHA-1 in hexadecimal digits. */
  readonly sha: string;

  /** Makes a script of its text. */
  constructor(source: string) {
    this.source = source;
    this.sha = createHash("sha1").update(source).digest("hex");
  }
}
