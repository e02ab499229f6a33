/**
 * The client.
 *
 * @module
 */

import type { BreakerReport } from "../../core/breaker/breaker.ts";
import { reasonOf } from "../../core/log/value_renderer.ts";
import { BlockingNode } from "./blocking_node.ts";
import { type ClientCore, createCore } from "./client_core.ts";
import {
  type CommandOptions,
  type RedisCall,
  type RedisValue,
  type SendCall,
  singleCall,
} from "./command.ts";
import type { TypedCommand } from "./commands/command_set.ts";
import { GeneralCommands } from "./commands/general.ts";
import type { ScoredMember } from "./commands/sorted_sets.ts";
import { type RedisConf, redisConfig, type RedisConfInput } from "./config.ts";
import type { Connection } from "./connection.ts";
import { RedisConnectionError } from "./errors.ts";
import { type HeldLock, type HoldOptions, RedisLock, type RedisLockOptions } from "./lock.ts";
import { type RedisOptions, settingsOf } from "./options.ts";
import { type PipelineAnswer, RedisPipeline } from "./pipeline.ts";
import { type Decode, float, pairsOf, text, texts } from "./reply.ts";
import { scanAll, type ScanOptions } from "./scan.ts";
import { type ConnectionLease, leaseConnection, openConnection } from "./shared_connection.ts";
import { RedisSubscription, type SubscribeOptions } from "./subscription.ts";

/**
 * A client of one Redis or of a cluster. Clients of the same server with the same account share one connection, which is opened
 * with the first command and closed with the last client.
 *
 * Each command ends in time, by default in three seconds and never after the current deadline; it goes through a breaker for
 * its server; it is traced, counted, and logged if it is slow. One that fails is sent again only if that does no harm. What is
 * not there is `null`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { provisionRedis } from "../../core/testing/provision_redis.ts";
 * await using server = await provisionRedis();
 * await using redis = new Redis({ Host: server.host });
 * await redis.setex("greeting", "hello", 60);
 * assertEquals([await redis.get("greeting"), await redis.get("nothing")], ["hello", null]);
 * const [, visits] = await redis.pipelined((pipe) => [pipe.set("page", "/"), pipe.incr("visits")]);
 * assertEquals(visits, 1);
 * ```
 */
export class Redis extends GeneralCommands implements AsyncDisposable {
  /** The configuration, with all defaults. */
  readonly config: RedisConf;
  readonly #core: ClientCore;
  readonly #lease: ConnectionLease;
  readonly #options: RedisOptions;
  #send: SendCall;
  readonly #shown = new DisposableStack();
  #closing: Promise<void> | undefined;

  /**
   * Makes a client, which connects with its first command.
   *
   * @throws {ValidationError} If `config` is not valid.
   * @throws {SyntaxError | TypeError | RangeError} If parts of it do not go together; names them.
   */
  constructor(config: RedisConfInput, options: RedisOptions = {}) {
    super();
    this.config = redisConfig.parse(config, { durationMs: true });
    this.#options = options;
    const settings = settingsOf(this.config, options);
    this.#core = createCore(options);
    this.#lease = leaseConnection(settings, options.clock);
    this.#send = this.#core.chainOver(this.#lease.connection);
    this.#shown.use(this.#core.countSockets(this.#lease.connection));
    this.#shown.use(this.#core.show(this.#lease.connection));
  }

  /**
   * Makes a client, and without `NonBlock` sees that Redis answers.
   *
   * @throws {RedisConnectionError} If it does not within `PingTimeout`.
   */
  static async connect(config: RedisConfInput, options: RedisOptions = {}): Promise<Redis> {
    const redis = new Redis(config, options);
    const { NonBlock, Host, PingTimeout } = redis.config;
    if (NonBlock) return redis;
    try {
      const timeoutMs = PingTimeout > 0 ? PingTimeout : 1_000;
      await redis.#send({ ...singleCall({ name: "ping", args: [] }), timeoutMs });
      return redis;
    } catch (cause) {
      await redis[Symbol.asyncDispose]();
      const why = cause instanceof RedisConnectionError ? cause.reason : reasonOf(cause);
      const reason = `redis connect error, addr: ${Host}: ${why}`;
      throw new RedisConnectionError(Host, reason, { cause, mayHaveRun: false });
    }
  }

  /** What the breaker of the server knows; in a cluster of the one that has `key`. */
  explain(key?: string): BreakerReport {
    const command = key === undefined ? { name: "ping", args: [] } : { name: "get", args: [key] };
    return this.#core.explain(this.#connection, singleCall(command));
  }

  /** Whether Redis answers. Never rejects. */
  async ping(options?: CommandOptions): Promise<boolean> {
    try {
      return await this.execute({ name: "ping", args: [], decode: text }, options) === "PONG";
    } catch {
      return false;
    }
  }

  /**
   * Sends several commands at once. `fill` queues them on the pipeline it is given; what it returns, one of their promises or a
   * list of them, is what is resolved with. In a cluster each server is sent its part.
   *
   * @throws The first error among the replies, in the order of the commands; all were carried out that could be.
   */
  pipelined<const T>(
    fill: (pipeline: RedisPipeline) => T,
    options?: CommandOptions,
  ): Promise<PipelineAnswer<T>> {
    return this.#sendAll("pipeline", fill, options);
  }

  /**
   * As {@link pipelined}, and no other client's command comes between: MULTI and EXEC. Nothing is carried out if the server
   * cannot make sense of one of them. In a cluster all keys must have the same `{tag}`.
   */
  txPipelined<const T>(
    fill: (pipeline: RedisPipeline) => T,
    options?: CommandOptions,
  ): Promise<PipelineAnswer<T>> {
    return this.#sendAll("transaction", fill, options);
  }

  /** The keys, in no order; in a cluster those of all servers. Some may come twice. */
  async *scan(options: ScanOptions = {}): AsyncGenerator<string, void> {
    const servers = await this.#core.within(() => this.#connection.servers(), options.signal);
    for (const server of servers) {
      yield* this.#scan("scan", undefined, texts, options, server);
    }
  }

  /** The fields of a hash with their values. Some may come twice. */
  hscan(key: string, options: ScanOptions = {}): AsyncGenerator<[string, string], void> {
    return this.#scan("hscan", key, pairsOf(text, text), options);
  }

  /** The members of a set. Some may come twice. */
  sscan(key: string, options: ScanOptions = {}): AsyncGenerator<string, void> {
    return this.#scan("sscan", key, texts, options);
  }

  /** The members of a sorted set with their scores. Some may come twice. */
  zscan(key: string, options: ScanOptions = {}): AsyncGenerator<ScoredMember, void> {
    return this.#scan("zscan", key, scoredMembers, options);
  }

  /** Makes a connection for commands that wait on the server; dispose it. */
  blocking(): BlockingNode {
    const settings = { ...this.#connection.settings, silenceMs: Infinity };
    const connection = openConnection(settings, this.#options.clock);
    return new BlockingNode(connection, this.#core.chainOver(connection));
  }

  /** Gets the messages of a channel, over a connection of its own; dispose it. */
  subscribe(channel: string, options: SubscribeOptions = {}): RedisSubscription {
    return new RedisSubscription(this.#connection.settings, channel, options);
  }

  /**
   * Takes a lock that one at a time can hold, and waits for it if told to; `null` if another holds it all the while. Dispose
   * it. See {@link RedisLock} for what it can promise.
   */
  lock(key: string, options: RedisLockOptions & HoldOptions): Promise<HeldLock | null> {
    return new RedisLock(this, key, options).hold(options);
  }

  /** Where Redis is, as the configuration has it. */
  override toString(): string {
    return this.config.Host;
  }

  /** Ends the use of the connection, which is closed with its last user. The second time does nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** Sends a command. */
  protected execute<T>(command: TypedCommand<T>, options?: CommandOptions): Promise<T> {
    return this.#send(singleCall(command, options)).then(command.decode);
  }

  get #connection(): Connection {
    return this.#lease.connection;
  }

  async #close(): Promise<void> {
    const { Host } = this.config;
    const gone = { mayHaveRun: false };
    this.#send = () =>
      Promise.reject(new RedisConnectionError(Host, "the client is disposed", gone));
    this.#core.close();
    await this.#lease[Symbol.asyncDispose]();
    this.#shown[Symbol.dispose]();
    this.#core[Symbol.dispose]();
  }

  async #sendAll<T>(
    kind: "pipeline" | "transaction",
    fill: (pipeline: RedisPipeline) => T,
    { signal }: CommandOptions = {},
  ): Promise<PipelineAnswer<T>> {
    const pipeline = new RedisPipeline();
    const answer = fill(pipeline);
    const commands = pipeline.close();
    if (commands.length > 0) {
      await this.#settle(pipeline, { name: "Pipeline", commands, kind, isBlocking: false, signal });
    }
    return await (Array.isArray(answer) ? Promise.all(answer) : answer) as PipelineAnswer<T>;
  }

  async #settle(pipeline: RedisPipeline, call: RedisCall): Promise<void> {
    let answers: unknown;
    try {
      answers = await this.#send(call);
    } catch (error) {
      pipeline.fail(error);
      throw error;
    }
    const list: unknown[] = Array.isArray(answers) ? answers : [];
    pipeline.settle(list);
    const failed = list.find((answer) => answer instanceof Error);
    if (failed) throw failed;
  }

  #scan<T>(
    name: string,
    key: string | undefined,
    decode: Decode<T[]>,
    options: ScanOptions,
    server?: string,
  ): AsyncGenerator<T, void> {
    const ask = (args: readonly RedisValue[]) =>
      this.#send({ ...singleCall({ name, args }, options), server });
    return scanAll(ask, key, decode, options);
  }
}

const scoredMembers: Decode<ScoredMember[]> = (reply) =>
  pairsOf(text, float)(reply).map(([member, score]) => ({ member, score }));
