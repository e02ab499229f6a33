/**
 * A real etcd for tests.
 *
 * `ZENO_TEST_ETCD_URL` names one that runs already. Tests that stop, wipe or freeze theirs start one of their own: `etcd`
 * on the PATH, else the one that `apt-get` installs where that may be done.
 *
 * @module
 */

import { findProgram } from "./find_program.ts";
import { connects, freePort, ServerProcess } from "./server_process.ts";

/** Where tests may connect to, and what ends it. */
export interface TestEtcd extends AsyncDisposable {
  /** `host:port`. */
  readonly host: string;
}

/**
 * The etcd that `ZENO_TEST_ETCD_URL` names, or one of the test's own.
 *
 * @throws {Error} If there is none, saying what is missing.
 */
export async function provisionEtcd(): Promise<TestEtcd> {
  const url = Deno.env.get("ZENO_TEST_ETCD_URL");
  if (!url) return await EtcdProcess.start();
  return { host: new URL(url).host, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** The path of an etcd binary, installed if it is not there. */
function findEtcd(): Promise<string> {
  const remedy = "install etcd 3.4 or later, or set ZENO_TEST_ETCD_URL to one that runs";
  return findProgram("etcd", { package: "etcd-server", remedy });
}

/** Options for {@link EtcdProcess.start}. */
export interface EtcdProcessOptions {
  /** Further arguments. */
  readonly args?: readonly string[] | undefined;
  /** What its URL begins with. @default {"http"} */
  readonly scheme?: "http" | "https" | undefined;
}

/** An etcd of a test's own, which can be killed, frozen, wiped and started again. It keeps its port. */
export class EtcdProcess extends ServerProcess implements TestEtcd {
  readonly #binary: string;
  readonly #options: EtcdProcessOptions;
  readonly #name: string;
  readonly #peer: string;
  /** Members of the cluster, `name=url` each. */
  #cluster: string;

  private constructor(
    binary: string,
    folder: string,
    options: EtcdProcessOptions,
    name = "default",
  ) {
    super(folder);
    this.#name = name;
    this.#binary = binary;
    this.#options = options;
    this.#peer = `http://127.0.0.1:${freePort()}`;
    this.#cluster = `${name}=${this.#peer}`;
  }

  /** Starts one and waits until it answers. */
  static async start(options: EtcdProcessOptions = {}): Promise<EtcdProcess> {
    const binary = await findEtcd();
    const etcd = new EtcdProcess(binary, await Deno.makeTempDir({ prefix: "zeno_etcd_" }), options);
    await etcd.restart();
    return etcd;
  }

  /** Starts a cluster of `size` members and waits until all answer. */
  static async startCluster(
    size: number,
    options: EtcdProcessOptions = {},
  ): Promise<EtcdProcess[]> {
    const binary = await findEtcd();
    const members: EtcdProcess[] = [];
    for (let i = 0; i < size; i++) {
      const folder = await Deno.makeTempDir({ prefix: "zeno_etcd_" });
      members.push(new EtcdProcess(binary, folder, options, `member${i}`));
    }
    const cluster = members.map((member) => member.#cluster).join(",");
    for (const member of members) member.#cluster = cluster;
    await Promise.all(members.map((member) => member.restart()));
    return members;
  }

  /** Starts it again after {@link kill}, with its data unless told otherwise. */
  async restart(options: { wipe?: boolean } = {}): Promise<void> {
    await this.kill();
    if (options.wipe) await Deno.remove(`${this.folder}/data`, { recursive: true });
    const { scheme = "http", args = [] } = this.#options;
    const url = `${scheme}://${this.host}`;
    await this.run({
      name: "etcd",
      binary: this.#binary,
      args: [
        ...["--data-dir", `${this.folder}/data`, "--log-level", "error"],
        ...["--listen-client-urls", url, "--advertise-client-urls", url],
        ...["--listen-peer-urls", this.#peer, "--initial-advertise-peer-urls", this.#peer],
        ...["--name", this.#name, "--initial-cluster", this.#cluster],
        // Short, so that leases may be short too.
        ...["--heartbeat-interval", "50", "--election-timeout", "500"],
        ...args,
      ],
      // A certificate is not what is asked about: a port that takes connections is enough then.
      answers: () => scheme === "https" ? connects(this.port) : isHealthy(url),
    });
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`);
    return (await response.text()).includes("true");
  } catch {
    return false;
  }
}
