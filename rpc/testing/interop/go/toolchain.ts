/**
 * The programs of the other side, built from source.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";

const SOURCE = fromFileUrl(new URL("../testdata/go_peer/", import.meta.url));
const TOOLS = ["github.com/fullstorydev/grpcurl/cmd/grpcurl", "github.com/bojand/ghz/cmd/ghz"];

/** What a program that has ended said. */
export interface Ended {
  /** Whether its code was 0. */
  readonly success: boolean;
  /** Its output. */
  readonly stdout: string;
  /** What it said beside that. */
  readonly stderr: string;
}

/** The programs: `peer` of our own, `grpcurl`, `ghz`. */
export class GoPrograms implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Builds them. The first time, modules are downloaded.
   *
   * @throws {Error} If Go is missing or cannot build them, saying what to do.
   */
  static async build(): Promise<GoPrograms> {
    const version = await run("go", ["version"]).catch(() => undefined);
    if (!version?.success) {
      throw new Error("Cannot build the peers: Go is not on the PATH; install Go 1.24 or later");
    }
    const folder = await Deno.makeTempDir({ prefix: "zeno_go_peer_" });
    const built = await run("go", ["build", "-o", `${folder}/`, ".", ...TOOLS], SOURCE);
    if (built.success) return new GoPrograms(folder);
    await Deno.remove(folder, { recursive: true });
    throw new Error(
      `Cannot build the peers: the first time, go needs the network for modules\n${built.stderr}`,
    );
  }

  /** Runs one to its end. */
  run(name: "peer" | "grpcurl" | "ghz", ...args: string[]): Promise<Ended> {
    return run(join(this.#folder, name), args);
  }

  /** Starts one, which is spoken with by lines. */
  start(name: "peer", ...args: string[]): LineProcess {
    return new LineProcess(join(this.#folder, name), args);
  }

  /** Removes them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function run(program: string, args: string[], cwd?: string): Promise<Ended> {
  const command = new Deno.Command(program, { args, cwd, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A program that takes lines and gives lines, and ends with its input. */
export class LineProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #rest = "";

  /** Starts it. */
  constructor(program: string, args: string[]) {
    this.#child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped" }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /**
   * The next line that it prints.
   *
   * @throws {Error} If it has ended.
   */
  async readLine(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const { done, value } = await this.#output.read();
      if (done) throw new Error(`Cannot read a line: the program has ended with ${this.#rest}`);
      this.#rest += value;
    }
  }

  /** Gives it a line. */
  async writeLine(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Asks it to end as an orchestrator would, and waits until it has. */
  async terminate(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this[Symbol.asyncDispose]();
  }

  /** Ends its input and waits until it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {}); // It may have ended by itself.
    await this.#output.cancel();
    await this.#child.status;
  }
}
