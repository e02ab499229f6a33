/**
 * What is behind a gateway, and what it serves as far as is known.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import type { Route } from "../../../rest/route.ts";
import type { UpstreamConf } from "../config.ts";
import type { DescriptorPool } from "../dynamic/descriptor_pool.ts";
import type { GatewayService } from "../method.ts";
import { servicesOfPool } from "../service/described_service.ts";
import { pathOfMapping, type RouteMapping } from "../transcode/binding.ts";
import { type Dialer, type UpstreamCaller, upstreamName } from "./dial.ts";
import { httpUpstream } from "./http_upstream.ts";
import { readProtoSets } from "./proto_sets.ts";
import { reflect } from "./reflection.ts";

/** An upstream of a configuration. */
export class Upstream implements AsyncDisposable {
  /** What it is called in messages. */
  readonly name: string;
  /** Routes of what is passed on as it is. */
  readonly routes: readonly Route[];
  readonly #conf: UpstreamConf;
  #caller: UpstreamCaller | undefined;
  /** What was read when it was opened, for the first time that it is asked for. */
  #read: DescriptorPool | undefined;
  #services: readonly GatewayService[] | undefined;

  /**
   * Opens an upstream: descriptor sets are read and an RPC service is dialled, but not asked yet.
   *
   * @param dial Makes callers.
   * @throws {ServiceError | TypeError} If the configuration is wrong, a set cannot be read, or the caller cannot be had.
   */
  static async open(conf: UpstreamConf, dial: Dialer): Promise<Upstream> {
    const name = upstreamName(conf);
    if (!conf.Http && !conf.Grpc) {
      throw new TypeError(`Cannot use upstream ${name}: need Grpc or Http`);
    }
    const upstream = new Upstream(conf, name);
    if (conf.Grpc) {
      upstream.#read = await upstream.#sets();
      upstream.#caller = await dial(conf.Grpc, name);
    }
    return upstream;
  }

  private constructor(conf: UpstreamConf, name: string) {
    this.name = name;
    this.#conf = conf;
    const { Http, Mappings } = conf;
    const handler = Http && httpUpstream(Http, name);
    this.routes = handler === undefined ? [] : Mappings.map(({ Method, Path }) => ({
      method: Method.toUpperCase(),
      path: Path,
      handler,
    }));
    if (Http) this.#services = [];
  }

  /** Whether it is known what it serves. */
  get isKnown(): boolean {
    return this.#services !== undefined;
  }

  /** What it serves by RPC; nothing as long as that is not known. */
  get services(): readonly GatewayService[] {
    return this.#services ?? [];
  }

  /** Routes to its services, besides those that annotations name. */
  get mappings(): readonly RouteMapping[] {
    return this.#caller && this.isKnown ? this.#conf.Mappings : [];
  }

  /**
   * Finds out what it serves, by descriptor sets or by reflection. If that fails, what was known stays.
   *
   * @throws {ServiceError} If that cannot be had; the message names the upstream.
   * @throws {TypeError} If a mapping names no method of it.
   */
  async learn(): Promise<void> {
    const caller = this.#caller;
    if (!caller) return;
    const pool = this.#read ?? await this.#sets() ?? await this.#ask(caller);
    this.#read = undefined;
    const services = servicesOfPool(pool, caller);
    this.#check(services, this.#conf.Mappings);
    this.#services = services;
  }

  /** Closes what calls it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#caller?.[Symbol.asyncDispose]();
  }

  async #sets(): Promise<DescriptorPool | undefined> {
    const { ProtoSets } = this.#conf;
    return ProtoSets.length > 0 ? await readProtoSets(ProtoSets) : undefined;
  }

  async #ask(caller: UpstreamCaller): Promise<DescriptorPool> {
    try {
      return await reflect(caller);
    } catch (cause) {
      const { code, message } = ServiceError.from(cause);
      throw new ServiceError(
        code,
        `Cannot use upstream ${this.name}: ${message}; start it with reflection, or set ProtoSets`,
        { cause },
      );
    }
  }

  /** A mapping is of its own upstream, whatever the others serve. */
  #check(services: readonly GatewayService[], mappings: readonly RouteMapping[]): void {
    const paths = new Set(services.flatMap(({ methods }) => methods.map(({ path }) => path)));
    for (const { RpcPath = "" } of mappings) {
      if (paths.has(pathOfMapping(RpcPath))) continue;
      throw new TypeError(`Cannot use upstream ${this.name}: it has no method ${RpcPath}`);
    }
  }
}
