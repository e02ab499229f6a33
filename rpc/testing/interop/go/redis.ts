/**
 * A Redis that knows an application.
 *
 * @module
 */

import { provisionRedis, type TestRedis } from "../../../../core/testing/provision_redis.ts";
import { Redis } from "../../../../store/redis/redis.ts";

/** The hash of tokens. */
export const TOKENS = "interop:tokens";

/** Starts one whose hash {@link TOKENS} has `s3cret` for `shop`. */
export async function startRedis(): Promise<TestRedis> {
  const server = await provisionRedis();
  await using redis = await Redis.connect({ Host: server.host });
  await redis.hset(TOKENS, "shop", "s3cret");
  return server;
}
