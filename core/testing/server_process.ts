/**
 * A real server for tests, to which harm can be done.
 *
 * @module
 */

import { systemClock } from "../clock.ts";

/** How long a server may take to answer for the first time, in ms. */
const START_TIMEOUT_MS = 30_000;

/** How a server is run. */
export interface ServerCommand {
  /** What it is called in errors. */
  readonly name: string;
  /** The path of its program. */
  readonly binary: string;
  /** The program's arguments. */
  readonly args: readonly string[];
  /** Whether it answers. */
  readonly answers: () => Promise<boolean>;
}

/** A server of a test's own, which can be killed, frozen and started again. It keeps its port and its folder. */
export abstract class ServerProcess implements AsyncDisposable {
  /** Where it listens, `host:port`. */
  readonly host: string;
  /** Its port. */
  readonly port: number = freePort();
  /** Where its data is. */
  protected readonly folder: string;
  #child: Deno.ChildProcess | undefined;

  /** Makes a server that does not run yet. */
  constructor(folder: string) {
    this.folder = folder;
    this.host = `127.0.0.1:${this.port}`;
  }

  /** Runs it, and waits until it answers. */
  protected async run({ name, binary, args, answers }: ServerCommand): Promise<void> {
    const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
    this.#child = new Deno.Command(binary, { args: [...args], ...quiet }).spawn();
    const startedAt = systemClock.now();
    while (systemClock.now() - startedAt < START_TIMEOUT_MS) {
      if (await answers()) return;
      await systemClock.sleep(10, { keepAlive: true });
    }
    await this[Symbol.asyncDispose]();
    const limit = `within ${START_TIMEOUT_MS} ms`;
    throw new Error(`Cannot start ${name}: no answer at ${this.host} ${limit}`);
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

  /** Kills it and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Whether something listens at a port of this machine. */
export async function connects(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

/** A port of this machine on which nothing listens. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
