/**
 * The one file that knows the package which speaks to Redis.
 *
 * @module
 */

export type {
  Client as WireClient,
  Pipeline as WirePipeline,
  RedisOptions as WireRedisOptions,
} from "./driver.d.ts";
// @ts-types="./driver.d.ts"
export { Cluster as WireCluster, Command as WireCommand, Redis as WireRedis } from "npm:ioredis@^6";
