/**
 * Services that are found through an etcd, and a client of them.
 *
 * @module
 */

import { systemClock } from "../../../core/clock.ts";
import { GatewayClient } from "../../../core/discovery/etcd/gateway_client.ts";
import { MetricRegistry } from "../../../core/metric/registry.ts";
import { FaultProxy } from "../../../core/testing/fault_proxy.ts";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { EtcdProcess } from "../../../core/testing/provision_etcd.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import { echo, echoService } from "../echo_service.ts";
import { BackendProcess } from "./backend_process.ts";
import { sleep } from "./cluster.ts";
import { Load } from "./load.ts";
import { SHUTDOWN } from "./s7.ts";

const KEY = "echo.rpc";

/** Services in processes of their own, found through an etcd that all reach by one proxy. */
export class EtcdCluster implements AsyncDisposable {
  /** The services. */
  readonly services: BackendProcess[] = [];
  /** What the client has logged. */
  readonly log: MemoryLog = new MemoryLog();
  /** Calls the services. */
  readonly client: RpcClient;

  private constructor(
    /** The etcd. */
    readonly etcd: EtcdProcess,
    /** What stands before it. */
    readonly proxy: FaultProxy,
    /** Asks the etcd, not by the proxy. */
    readonly keys: GatewayClient,
  ) {
    const Etcd = { Hosts: [proxy.address], Key: KEY };
    const shared = { log: this.log, metrics: new MetricRegistry() };
    this.client = new RpcClient({ Etcd, Timeout: 3_000 }, shared);
  }

  /** Starts all. */
  static async open(services: number): Promise<EtcdCluster> {
    const etcd = await EtcdProcess.start();
    const proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
    const cluster = new EtcdCluster(etcd, proxy, new GatewayClient({ hosts: [etcd.host] }));
    for (let i = 0; i < services; i++) await cluster.add();
    await cluster.client.ready(10_000);
    await cluster.until(() => cluster.registered(services));
    await sleep(1_000);
    return cluster;
  }

  /** Starts one more service. */
  async add(): Promise<BackendProcess> {
    const service = await BackendProcess.start({
      servers: 1,
      asService: true,
      config: { Shutdown: SHUTDOWN, Etcd: { Hosts: [this.proxy.address], Key: KEY } },
    });
    this.services.push(service);
    return service;
  }

  /** Begins to call. */
  load(perSecond: number): Load {
    const { look } = this.client.stub(echoService);
    return new Load(() => look(echo("a")), perSecond);
  }

  /** The entries of the services in etcd: keys, addresses, leases. */
  async entries(): Promise<readonly { key: string; value: string; lease: string }[]> {
    return (await this.keys.range({ key: `${KEY}/`, prefix: true })).entries;
  }

  /** Whether so many services are registered. */
  async registered(count: number): Promise<boolean> {
    return (await this.entries().catch(() => [])).length === count;
  }

  /** Waits until something holds; gives how long that took, in ms, at most a minute. */
  async until(holds: () => boolean | Promise<boolean>): Promise<number> {
    const startedMs = systemClock.now();
    while (systemClock.now() - startedMs < 60_000 && !await holds()) await sleep(20);
    return systemClock.now() - startedMs;
  }

  /** Waits until a service gets calls; gives how long that took, in ms. */
  async untilCalled(service: BackendProcess): Promise<number> {
    return await this.until(async () => ((await service.counts())[0] ?? 0) > 0);
  }

  /** Ends all. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    for (const service of this.services) await service[Symbol.asyncDispose]();
    await this.keys[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
    await this.etcd[Symbol.asyncDispose]();
  }
}
