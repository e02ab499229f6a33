/**
 * The section of a configuration that says where Redis is.
 *
 * @module
 */

import { boolean, duration, int, string } from "../../core/schema/builders.ts";
import { object, type ObjectSchema } from "../../core/schema/object.ts";

/** Section `Redis`, with the keys that go-zero has, and two of our own. */
export interface RedisConf {
  /** `host:port`; the members of a cluster with commas between. */
  readonly Host: string;
  /** One server, or a cluster. @default {"node"} */
  readonly Type: "node" | "cluster";
  /** Name of the account. @default {""} */
  readonly User: string;
  /** Password of the account. @default {""} */
  readonly Pass: string;
  /** Whether TLS is talked. @default {false} */
  readonly Tls: boolean;
  /**
   * Whether the certificate of the server is taken unseen, as go-zero takes every one. Protects from nobody who can stand
   * in between. Not of go-zero. @default {false}
   */
  readonly InsecureSkipVerify: boolean;
  /** Whether to start though Redis does not answer; heeded by `Redis.connect`. @default {true} */
  readonly NonBlock: boolean;
  /** How long the answer to the first ping may take without `NonBlock`, in ms. @default {1000} */
  readonly PingTimeout: number;
  /** Whether the name of the client library is kept from the server, for proxies that refuse to hear it. @default {false} */
  readonly DisableIdentity: boolean;
  /** Version of the protocol; a server that knows no 3 is talked to in 2. @default {3} */
  readonly Protocol: 2 | 3;
  /** Accepted, and of no effect: a matter of go-zero's client. @default {"disabled"} */
  readonly MaintNotifications: "disabled" | "enabled" | "auto";
  /** Number of the database; a cluster has but 0. Not of go-zero. @default {0} */
  readonly Db: number;
}

/** A {@link RedisConf} with the name of a key in it. */
export interface RedisKeyConf extends RedisConf {
  /** The key. */
  readonly Key: string;
}

const notEmpty = (what: string) => (value: string) =>
  value === "" ? `empty redis ${what}` : undefined;

/**
 * Schema of {@link RedisConf}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseConfig } from "@zeno/zeno/core/conf";
 * const { Host, Type, PingTimeout } = parseConfig(redisConfig, "Host: 127.0.0.1:6379", "yaml");
 * assertEquals([Host, Type, PingTimeout], ["127.0.0.1:6379", "node", 1000]);
 * ```
 */
export const redisConfig: ObjectSchema<RedisConf> = object({
  Host: string().check(notEmpty("host")),
  Type: string().options(["node", "cluster"]).default("node"),
  User: string().default(""),
  Pass: string().default("").secret(),
  Tls: boolean().default(false),
  InsecureSkipVerify: boolean().default(false),
  NonBlock: boolean().default(true),
  PingTimeout: duration().default(1_000),
  DisableIdentity: boolean().default(false),
  Protocol: int().options([2, 3]).default(3),
  MaintNotifications: string().options(["disabled", "enabled", "auto"]).default("disabled"),
  Db: int().range("[0:]").default(0),
});

/** Schema of {@link RedisKeyConf}. */
export const redisKeyConfig: ObjectSchema<RedisKeyConf> = object({
  ...redisConfig.fields,
  Key: string().check(notEmpty("key")),
});

/** A {@link RedisConf} as written by hand: what has a default may be left out. */
export type RedisConfInput = Partial<RedisConf> & Pick<RedisConf, "Host">;

/** A {@link RedisKeyConf} as written by hand: what has a default may be left out. */
export type RedisKeyConfInput = Partial<RedisKeyConf> & Pick<RedisKeyConf, "Host" | "Key">;
