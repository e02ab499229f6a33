/**
 * A real etcd for tests.
 *
 * `ZENO_TEST_ETCD_URL` names one that runs already. Tests that stop, wipe or freeze theirs start one of their own: `etcd`
 * on the PATH, else the one that `apt-get` installs where that may be done.
 *
 * @module
 */

import { systemClock } from "../clock.ts";
import { findProgram, freePort } from "./install_package.ts";

/** Where tests may connect to, and what ends it. */
export interface TestEtcd extends AsyncDisposable {
  /** `host:port`. */
  readonly host: string;
}

/** How long etcd may take to answer for the first time, in ms. */
const START_TIMEOUT_MS = 30_000;

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
export class EtcdProcess implements TestEtcd {
  readonly host: string;
  readonly #binary: string;
  readonly #folder: string;
  readonly #options: EtcdProcessOptions;
  readonly #name: string;
  readonly #peer: string;
  /** Members of the cluster, `name=url` each. */
  #cluster: string;
  #child: Deno.ChildProcess | undefined;

  private constructor(
    binary: string,
    folder: string,
    options: EtcdProcessOptions,
    name = "default",
  ) {
    this.#name = name;
    this.#binary = binary;
    this.#folder = folder;
    this.#options = options;
    this.host = `127.0.0.1:${freePort()}`;
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

  /** Its port. */
  get port(): number {
    return Number(this.host.split(":")[1]);
  }

  /** Starts it again after {@link kill}, with its data unless told otherwise. */
  async restart(options: { wipe?: boolean } = {}): Promise<void> {
    await this.kill();
    if (options.wipe) await Deno.remove(`${this.#folder}/data`, { recursive: true });
    const url = `${this.#options.scheme ?? "http"}://${this.host}`;
    this.#child = new Deno.Command(this.#binary, {
      args: [
        ...["--data-dir", `${this.#folder}/data`, "--log-level", "error"],
        ...["--listen-client-urls", url, "--advertise-client-urls", url],
        ...["--listen-peer-urls", this.#peer, "--initial-advertise-peer-urls", this.#peer],
        ...["--name", this.#name, "--initial-cluster", this.#cluster],
        // Short, so that leases may be short too.
        ...["--heartbeat-interval", "50", "--election-timeout", "500"],
        ...(this.#options.args ?? []),
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await this.#answers(url);
  }

  /** Ends it at once, as a power cut does. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    await child.status;
  }

  /** Stops it in its tracks; connections stay open and nothing is answered. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Kills it and removes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #answers(url: string): Promise<void> {
    // A certificate is not what is asked about: a port that takes connections is enough then.
    const isSecure = url.startsWith("https:");
    const startedAt = systemClock.now();
    while (systemClock.now() - startedAt < START_TIMEOUT_MS) {
      if (isSecure ? await connects(this.port) : await isHealthy(url)) return;
      await systemClock.sleep(25, { keepAlive: true });
    }
    await this[Symbol.asyncDispose]();
    throw new Error(`Cannot start etcd: no answer at ${url} within ${START_TIMEOUT_MS} ms`);
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

async function connects(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
