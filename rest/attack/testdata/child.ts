/**
 * Runs a target in a process of its own.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { ListenerConf, ListenerKind } from "../../listener/config.ts";

/** How to run it. */
export interface ChildOptions {
  /** What it may open; 0 leaves it to the system. @default {0} */
  fileLimit?: number;
  /** `Shutdown.WrapUpTime`, in ms. @default {1000} */
  wrapUpMs?: number;
}

/** A process that serves. */
export class Child implements AsyncDisposable {
  readonly port: number;
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  /** Starts it and waits until it serves. */
  static async start(
    kind: ListenerKind,
    limits: Partial<ListenerConf> = {},
    { fileLimit = 0, wrapUpMs = 1_000 }: ChildOptions = {},
  ): Promise<Child> {
    const script = fromFileUrl(new URL("server_process.ts", import.meta.url));
    const args = ["run", "-A", "--no-check", "--quiet", "--v8-flags=--expose-gc", script];
    const shell = `ulimit -n ${fileLimit || '"$(ulimit -n)"'}; exec "$0" "$@"`;
    const process = new Deno.Command("sh", {
      args: ["-c", shell, Deno.execPath(), ...args, kind, JSON.stringify(limits), String(wrapUpMs)],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    return new Child(process, await portOf(process));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Asks for a path and reads the answer, as text. */
  async text(path: string): Promise<string> {
    return await (await fetch(this.url + path)).text();
  }

  /** Its memory in bytes, garbage collected. */
  async memory(): Promise<{ rss: number; heapUsed: number }> {
    return JSON.parse(await this.text("/memory"));
  }

  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** How the process ended. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#process.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#process.status;
  }
}

/** The first line that is a number. The rest of the output is let go of. */
async function portOf(process: Deno.ChildProcess): Promise<number> {
  const lines = process.stdout.pipeThrough(new TextDecoderStream());
  let text = "";
  const port = Promise.withResolvers<number>();
  (async () => {
    for await (const part of lines) {
      text += part;
      const line = /^(\d+)$/m.exec(text);
      if (line) port.resolve(Number(line[1]));
    }
    port.reject(new Error(`Cannot start target: it ended with ${text}`));
  })();
  return await port.promise;
}
