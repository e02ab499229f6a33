import { type Clock, systemClock } from "../../core/clock.ts";
import type { RedisCall, RedisCommand } from "./command.ts";
import {
  type CallPart,
  type Connection,
  type ConnectionSettings,
  reconnectDelayMs,
} from "./connection.ts";
import { type WireClient, WireCluster } from "./driver.ts";
import { RedisConnectionError, RedisReplyError } from "./errors.ts";
import { endClient, FAREWELL_MS, Readiness, within } from "./_readiness.ts";
import {
  asKnown,
  failureAt,
  type FailureOf,
  wireCommand,
  wireOptions,
  writeBatch,
  writeOne,
} from "./_wire.ts";

/** Connections to the servers of a cluster, each of which has some of the keys. */
export class ClusterConnection implements Connection {
  readonly settings: ConnectionSettings;
  readonly #client: WireCluster;
  readonly #readiness: Readiness;
  readonly #failure: FailureOf;
  readonly #clock: Clock;

  constructor(settings: ConnectionSettings, clock: Clock = systemClock) {
    this.settings = settings;
    this.#clock = clock;
    this.#client = new WireCluster([...settings.addresses], {
      redisOptions: {
        ...wireOptions(settings),
        ...(settings.silenceMs === Infinity ? {} : { socketTimeout: settings.silenceMs }),
      },
      lazyConnect: true,
      // The driver would send again what may have been carried out.
      retryDelayOnFailover: 0,
      slotsRefreshTimeout: Math.min(settings.silenceMs, 3_000),
      clusterRetryStrategy: reconnectDelayMs,
    });
    this.#failure = failureAt(settings.name);
    this.#readiness = new Readiness(
      this.#client,
      (error) =>
        new RedisConnectionError(settings.name, reasonOf(error), {
          cause: error,
          mayHaveRun: false,
        }),
    );
  }

  get sockets(): number {
    return this.#client.nodes("all").filter(({ status }) => status === "ready").length;
  }

  async send(call: RedisCall): Promise<unknown> {
    if (this.#client.status !== "ready") await this.#readiness.connected();
    try {
      const client = this.#clientOf(call);
      if (call.kind === "command") {
        return await writeOne(client, call.commands[0]!, this.#failure);
      }
      const answers = await writeBatch(client, call, this.#failure);
      return call.kind === "pipeline" ? await this.#follow(call, answers) : answers;
    } catch (error) {
      // Whoever it was may have handed its slots to another.
      if (error instanceof RedisConnectionError) this.#client.refreshSlotsCache();
      throw error;
    }
  }

  serverOf(call: RedisCall): string {
    if (call.server) return call.server;
    for (const command of call.commands) {
      const server = this.#serverOf(command);
      if (server) return server;
    }
    return this.settings.name;
  }

  async split(call: RedisCall): Promise<readonly CallPart[]> {
    if (this.#client.status !== "ready") await this.#readiness.connected();
    if (call.kind === "transaction") return [partOf(call, call.commands.map((_, place) => place))];
    const places = new Map<string, number[]>();
    let server = "";
    for (const [place, command] of call.commands.entries()) {
      // What has no key may go anywhere, so it goes along.
      server = this.#serverOf(command) ?? server;
      const known = places.get(server);
      if (known) known.push(place);
      else places.set(server, [place]);
    }
    return Array.from(places.values(), (places) => partOf(call, places));
  }

  async servers(): Promise<readonly string[]> {
    if (this.#client.status !== "ready") await this.#readiness.connected();
    return this.#client.nodes("master").map(({ options }) => `${options.host}:${options.port}`);
  }

  reset(): void {
    if (this.#client.status !== "wait") this.#client.disconnect(true);
  }

  async close(): Promise<void> {
    // A look at the slots has a connection of its own, which is not to be left behind.
    if (this.#client.isRefreshing) {
      const looked = new Promise<void>((resolve) => this.#client.refreshSlotsCache(resolve));
      await within(FAREWELL_MS, this.#clock, looked);
    }
    const nodes = this.#client.nodes("all").filter(({ status }) => status !== "end");
    const closed = nodes.map((node) =>
      new Promise<void>((resolve) => node.on("end", () => resolve()))
    );
    await endClient(this.#client, this.#clock);
    await Promise.all(closed);
  }

  #clientOf({ server }: RedisCall): WireClient {
    if (!server) return this.#client;
    const found = this.#client.nodes("master")
      .find(({ options }) => `${options.host}:${options.port}` === server);
    if (found) return found;
    throw new RedisConnectionError(server, "it is no master any more", { mayHaveRun: false });
  }

  #serverOf(command: RedisCommand): string | undefined {
    const slot = wireCommand(command).getSlot();
    return slot === null ? undefined : this.#client.slots[slot]?.[0];
  }

  /** Sends on, one by one, what has moved to another server since the driver last looked. */
  async #follow({ commands }: RedisCall, answers: unknown[]): Promise<unknown[]> {
    for (const [place, reply] of answers.entries()) {
      if (!(reply instanceof RedisReplyError && reply.isPassing)) continue;
      answers[place] = await writeOne(this.#client, asKnown(commands[place]!), this.#failure)
        .catch((error) => error);
    }
    return answers;
  }
}

function partOf(call: RedisCall, places: readonly number[]): CallPart {
  return { call: { ...call, commands: places.map((place) => call.commands[place]!) }, places };
}

function reasonOf(error: Error | undefined): string {
  // The driver says no more than that all have failed, and keeps to itself why.
  const last = error && "lastNodeError" in error ? error.lastNodeError : undefined;
  const reason = last instanceof Error ? last.message : error?.message;
  if (reason?.includes("cluster support disabled")) return `${reason}; set Type: node`;
  if (!reason || reason === "Connection is closed.") return "none of its members answers";
  return reason;
}
