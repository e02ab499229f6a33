/**
 * Servers in a process of their own.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { type BackendCommand, type BackendInit, type Behaviour, lines } from "./backend.ts";

const PROGRAM = fromFileUrl(new URL("backend.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** Servers in a process of their own. */
export class BackendProcess implements AsyncDisposable {
  /** Where they listen, `host:port` each. */
  readonly addresses: readonly string[];
  readonly #child: Deno.ChildProcess;
  readonly #answers: AsyncGenerator<string>;
  readonly #commands: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(
    child: Deno.ChildProcess,
    answers: AsyncGenerator<string>,
    addresses: readonly string[],
  ) {
    this.#child = child;
    this.#answers = answers;
    this.#commands = child.stdin.getWriter();
    this.addresses = addresses;
  }

  /** Starts them, and resolves when they listen. */
  static async start(init: BackendInit): Promise<BackendProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--config", CONFIG, PROGRAM, JSON.stringify(init)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const answers = lines(child.stdout);
    const { value } = await answers.next();
    return new BackendProcess(child, answers, JSON.parse(value ?? "[]"));
  }

  /** The id of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Makes one of the servers behave so from now on. */
  async behave(server: number, how: Behaviour): Promise<void> {
    await this.#ask({ do: "behave", server, how });
  }

  /** The calls that have come to each. */
  async counts(): Promise<number[]> {
    return await this.#ask({ do: "count" });
  }

  /** Sends a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process has ended. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGCONT");
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await this.#commands.abort().catch(() => {});
    await this.#answers.return(undefined);
  }

  async #ask(command: BackendCommand): Promise<number[]> {
    await this.#commands.write(new TextEncoder().encode(JSON.stringify(command) + "\n"));
    const { value } = await this.#answers.next();
    return JSON.parse(value ?? "[]");
  }
}
