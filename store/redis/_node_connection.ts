import { nextTick } from "node:process";
import { type Clock, systemClock } from "../../core/clock.ts";
import type { RedisCall, RedisCommand } from "./command.ts";
import { type Connection, type ConnectionSettings, reconnectDelayMs } from "./connection.ts";
import { WireRedis, type WireRedisOptions } from "./driver.ts";
import { RedisConnectionError } from "./errors.ts";
import { endClient, Readiness } from "./_readiness.ts";
import { SilenceWatch } from "./_silence_watch.ts";
import {
  asKnown,
  checked,
  failureAt,
  type FailureOf,
  wireCommand,
  wireOptions,
  writeBatch,
  writeOne,
} from "./_wire.ts";

/** A connection to one server: one socket, on which the commands of all callers go out in turn. */
export class NodeConnection implements Connection {
  readonly settings: ConnectionSettings;
  readonly #client: WireRedis;
  readonly #readiness: Readiness;
  readonly #failure: FailureOf;
  readonly #clock: Clock;
  readonly #watch: SilenceWatch;
  #gathering: WireRedis["stream"];

  constructor(settings: ConnectionSettings, clock: Clock = systemClock) {
    this.settings = settings;
    this.#clock = clock;
    this.#client = new WireRedis(nodeOptions(settings));
    this.#watch = new SilenceWatch(settings.silenceMs, clock, () => this.reset());
    this.#failure = failureAt(settings.name);
    this.#readiness = new Readiness(
      this.#client,
      (error) =>
        new RedisConnectionError(settings.name, error?.message || "it is not connected", {
          cause: error,
          mayHaveRun: false,
        }),
    );
  }

  get sockets(): number {
    return this.#client.status === "ready" ? 1 : 0;
  }

  send(call: RedisCall): Promise<unknown> {
    if (this.#client.status === "ready") return this.#write(call);
    this.#watch.begin();
    const connected = this.#readiness.connected().finally(() => this.#watch.end(undefined));
    return connected.then(() => this.#write(call));
  }

  serverOf(): string {
    return this.settings.name;
  }

  servers(): Promise<readonly string[]> {
    return Promise.resolve([this.settings.name]);
  }

  reset(): void {
    if (this.#client.status !== "wait") this.#client.disconnect(true);
  }

  close(): Promise<void> {
    this.#watch[Symbol.dispose]();
    return endClient(this.#client, this.#clock);
  }

  #write(call: RedisCall): Promise<unknown> {
    this.#gather();
    const { kind, commands } = call;
    if (kind === "command") return this.#writeOne(commands[0]!);
    if (kind === "transaction") {
      this.#watch.begin();
      const answers = writeBatch(this.#client, call, this.#failure);
      return answers.finally(() => this.#watch.end(undefined));
    }
    return Promise.all(commands.map((command) => this.#outcomeOf(command)))
      .then((answers) => checked(answers, commands));
  }

  /** The reply to one of several commands, or its error. */
  #outcomeOf(command: RedisCommand): Promise<unknown> {
    this.#watch.begin();
    return this.#client.sendCommand(wireCommand(asKnown(command))).then(
      this.#watch.end,
      (thrown) => this.#watch.end(this.#failure(command.name, thrown)),
    );
  }

  #writeOne(command: RedisCommand): Promise<unknown> {
    this.#watch.begin();
    return writeOne(this.#client, command, this.#failure, this.#watch.end);
  }

  /** Lets all that is written before the next turn of the loop leave in one piece, which is twice as fast. */
  #gather(): void {
    const { stream } = this.#client;
    if (!stream || this.#gathering === stream) return;
    this.#gathering = stream;
    stream.cork();
    nextTick(() => {
      this.#gathering = undefined;
      stream.uncork();
    });
  }
}

function nodeOptions(settings: ConnectionSettings): WireRedisOptions {
  const { host, port } = settings.addresses[0]!;
  return {
    ...wireOptions(settings),
    host,
    port,
    // Commands that were sent fail when the connection breaks, and none waits for the next: whether one may be sent again
    // is not for the driver to say.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: reconnectDelayMs,
    // What was the master is one no more: the name may lead to the new one.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
    stringNumbers: true,
  };
}
