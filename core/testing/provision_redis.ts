/**
 * A real Redis for tests.
 *
 * `ZENO_TEST_REDIS_URL` names one that runs already. Tests that stop, freeze or configure theirs, and those of a cluster,
 * start one of their own: `redis-server` on the PATH, else the one that `apt-get` installs where that may be done.
 *
 * @module
 */

import { systemClock } from "../clock.ts";
import { findProgram } from "./find_program.ts";
import { connects, freePort, ServerProcess } from "./server_process.ts";

/** Where tests may connect to, and what ends it. */
export interface TestRedis extends AsyncDisposable {
  /** `host:port`. */
  readonly host: string;
}

/** How long the members of a cluster may take to agree, in ms. */
const AGREE_TIMEOUT_MS = 30_000;
const REMEDY = "install Redis 7 or later, or set ZENO_TEST_REDIS_URL to one that runs";

/**
 * The Redis that `ZENO_TEST_REDIS_URL` names, `redis://host:port`, or one of the test's own. Others may use the first, too: a
 * test's keys have names that no other has.
 *
 * @throws {Error} If there is none, saying what is missing.
 */
export async function provisionRedis(): Promise<TestRedis> {
  const url = Deno.env.get("ZENO_TEST_REDIS_URL");
  if (!url) return await RedisProcess.start();
  const { hostname, port } = new URL(url);
  const host = `${hostname}:${port || 6379}`;
  return { host, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Options for {@link RedisProcess.start}. */
export interface RedisProcessOptions {
  /** Further arguments, such as `["--requirepass", "s3cret"]`. */
  readonly args?: readonly string[] | undefined;
  /** Whether its port talks TLS; `args` must name the certificates. @default {false} */
  readonly tls?: boolean | undefined;
}

/** A Redis of a test's own, which can be killed, frozen and started again. It keeps its port, and what was saved. */
export class RedisProcess extends ServerProcess implements TestRedis {
  readonly #binary: string;
  readonly #options: RedisProcessOptions;

  private constructor(binary: string, folder: string, options: RedisProcessOptions) {
    super(folder);
    this.#binary = binary;
    this.#options = options;
  }

  /** Starts one and waits until it answers. */
  static async start(options: RedisProcessOptions = {}): Promise<RedisProcess> {
    const binary = await findProgram("redis-server", { package: "redis-server", remedy: REMEDY });
    const folder = await Deno.makeTempDir({ prefix: "zeno_redis_" });
    const redis = new RedisProcess(binary, folder, options);
    await redis.restart();
    return redis;
  }

  /** Starts it again after {@link kill}. */
  async restart(): Promise<void> {
    await this.kill();
    const { args = [], tls = false } = this.#options;
    const { port } = this;
    await this.run({
      name: "Redis",
      binary: this.#binary,
      args: [
        ...["--bind", "127.0.0.1", "--dir", this.folder, "--save", "", "--appendonly", "no"],
        ...(tls ? ["--port", "0", "--tls-port", `${port}`] : ["--port", `${port}`]),
        ...args,
      ],
      answers: () => connects(port),
    });
  }
}

/** Options for {@link RedisCluster.start}. */
export interface RedisClusterOptions extends RedisProcessOptions {
  /** Replicas of each master, an integer >= 0. @default {0} */
  readonly replicas?: number | undefined;
}

/** A cluster of three masters of a test's own. */
export class RedisCluster implements TestRedis {
  readonly host: string;
  /** Its members. */
  readonly members: readonly RedisProcess[];

  private constructor(members: readonly RedisProcess[]) {
    this.members = members;
    this.host = members.map(({ host }) => host).join(",");
  }

  /** Starts the members, gives each master a third of the slots, and waits until all know of all. */
  static async start(options: RedisClusterOptions = {}): Promise<RedisCluster> {
    const { replicas = 0 } = options;
    const starting = Array.from({ length: 3 * (1 + replicas) }, () => {
      // The port of the cluster's own talk is 10,000 higher unless told, which may be no port any more.
      const bus = ["--cluster-port", `${freePort()}`];
      const args = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", ...bus];
      return RedisProcess.start({ ...options, args: [...args, ...(options.args ?? [])] });
    });
    const cluster = new RedisCluster(await Promise.all(starting));
    const create = [
      ...["--cluster", "create", ...cluster.members.map(({ host }) => host)],
      ...["--cluster-replicas", `${replicas}`, "--cluster-yes"],
    ];
    const { success, stdout } = await new Deno.Command("redis-cli", { args: create }).output();
    // The members agree some moments later.
    const up = success ? await Promise.all(cluster.members.map(isUp)) : [false];
    if (!up.includes(false)) return cluster;
    await cluster[Symbol.asyncDispose]();
    throw new Error(`Cannot create Redis cluster: ${new TextDecoder().decode(stdout)}`);
  }

  /** Ends all members. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member[Symbol.asyncDispose]()));
  }
}

/** Resolves once a member of a cluster says that the cluster is up. */
async function isUp({ port }: RedisProcess): Promise<boolean> {
  const args = ["-p", `${port}`, "cluster", "info"];
  const startedAt = systemClock.now();
  while (systemClock.now() - startedAt < AGREE_TIMEOUT_MS) {
    const { stdout } = await new Deno.Command("redis-cli", { args }).output();
    if (new TextDecoder().decode(stdout).includes("cluster_state:ok")) return true;
    await systemClock.sleep(25, { keepAlive: true });
  }
  return false;
}
