/**
 * The tokens of those who may call an RPC server.
 *
 * @module
 */

import { redisKeyConfig, type RedisKeyConfInput } from "./config.ts";
import type { RedisOptions } from "./options.ts";
import { Redis } from "./redis.ts";

/**
 * The tokens of applications in a hash of Redis, one field for each application, as go-zero keeps them. An RPC server with
 * `Auth: true` takes it as its option `tokens`, and keeps what it has looked up for five minutes.
 *
 * @example
 * ```ts ignore
 * import { loadConfig } from "@zeno/zeno/core/conf";
 * import { RpcServer, rpcServerConfig } from "@zeno/zeno/rpc";
 * import { RedisTokenStore } from "@zeno/zeno/store/redis";
 *
 * const config = await loadConfig(rpcServerConfig, "etc/greet.yaml");
 * await using tokens = await RedisTokenStore.connect(config.Redis!);
 * await using server = new RpcServer(config, { tokens });
 * ```
 */
export class RedisTokenStore implements AsyncDisposable {
  readonly #redis: Redis;
  readonly #key: string;
  #owned = false;

  /** Makes a store of the hash `key`. The client is the caller's to dispose. */
  constructor(redis: Redis, key: string) {
    if (key === "") throw new TypeError("Cannot make token store: empty redis key");
    this.#redis = redis;
    this.#key = key;
  }

  /**
   * Makes a store with a client of its own from the section `Redis` of an RPC server's configuration.
   *
   * @throws {ValidationError} If the section is not valid.
   * @throws {RedisConnectionError} If `NonBlock` is off and Redis does not answer.
   */
  static async connect(
    config: RedisKeyConfInput,
    options: RedisOptions = {},
  ): Promise<RedisTokenStore> {
    const { Key, ...section } = redisKeyConfig.parse(config, { durationMs: true });
    const store = new RedisTokenStore(await Redis.connect(section, options), Key);
    store.#owned = true;
    return store;
  }

  /** The token of `app`, or `undefined` if there is no such application. Rejects if Redis cannot say. */
  async get(app: string): Promise<string | undefined> {
    return await this.#redis.hget(this.#key, app) ?? undefined;
  }

  /** Ends the client if it is the store's own. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#owned) await this.#redis[Symbol.asyncDispose]();
  }
}
