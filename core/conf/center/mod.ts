/**
 * Configuration that changes while the program runs: from a key of etcd, a file, or the program itself.
 *
 * @example Log level, limits and timeouts that follow the configuration
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConfigCenter, MemoryConfigSource, textParser } from "@zeno/zeno/core/conf/center";
 * import { ConcurrencyLimiter } from "@zeno/zeno/core/limit";
 * import { MemoryLog } from "@zeno/zeno/core/testing";
 * import { int, object, string } from "@zeno/zeno/core/schema";
 *
 * const schema = object({
 *   Level: string().options(["debug", "info", "error"]).default("info"),
 *   Timeout: int().default(3000),
 *   MaxConns: int().range("[1:]").default(100),
 * });
 * const source = new MemoryConfigSource("Level: info");
 * await using center = await ConfigCenter.open(source, textParser(schema));
 *
 * const log = new MemoryLog();
 * using _level = center.apply(({ Level }) => Level, (level) => log.setLevel(level));
 * const timeoutMs = center.live(({ Timeout }) => Timeout);
 * const limiter = center.live(({ MaxConns }) => MaxConns, (max) => new ConcurrencyLimiter(max));
 *
 * source.set("Level: error\nTimeout: 500\nMaxConns: 10");
 * assertEquals([log.enabled("info"), timeoutMs.value, limiter.value.limit], [false, 500, 10]);
 * ```
 *
 * @module
 */

export * from "./config_center.ts";
export * from "./etcd_source.ts";
export * from "./file_source.ts";
export * from "./live_config.ts";
export * from "./memory_source.ts";
export * from "./parser.ts";
export * from "./source.ts";
export * from "./subscription_source.ts";
