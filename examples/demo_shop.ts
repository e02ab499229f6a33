/**
 * The shop of the demo, running in a process of its own, and how to ask it.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { sleep, stop } from "./demo_process.ts";

/** What the shop said to one request. */
export interface Answer {
  /** Status; 0 if there was no answer. */
  readonly status: number;
  /** How long it took. */
  readonly ms: number;
  /** Seconds to wait, if it said so. */
  readonly retryAfter: string | undefined;
  /** The decision of the protection that refused, if one did. */
  readonly decision: string | undefined;
  /** What it is, as JSON. */
  readonly body: unknown;
}

/** Asks a running shop. */
export class Shop implements AsyncDisposable {
  /** Where its dev server listens. */
  readonly devUrl: string;
  /** What it alerted somebody of, oldest first. */
  readonly alerts: string[] = [];
  readonly #url: string;
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, ports: { port: number; devPort: number }) {
    this.#process = process;
    this.#url = `http://127.0.0.1:${ports.port}`;
    this.devUrl = `http://127.0.0.1:${ports.devPort}`;
  }

  /** Starts a shop. */
  static async open(devPort: number): Promise<Shop> {
    const script = fromFileUrl(new URL("./demo_chain_server.ts", import.meta.url));
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", script, String(devPort)],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const { value: first } = await linesOf(process.stdout).next();
    if (first === undefined) {
      throw new Error(`Cannot start demo: ${await new Response(process.stderr).text()}`);
    }
    const shop = new Shop(process, JSON.parse(first));
    shop.#listen();
    return shop;
  }

  /** Keeps what the service alerts somebody of, and passes on what is no line of its log. */
  async #listen(): Promise<void> {
    for await (const line of linesOf(this.#process.stderr)) {
      if (!line.startsWith("{")) console.error(line);
      else {
        const { level, content } = JSON.parse(line) as { level?: string; content?: string };
        if (level === "alert") this.alerts.push(content ?? "");
      }
    }
  }

  /** Sends one request. */
  async ask(path: string, method = "GET"): Promise<Answer> {
    const beganMs = performance.now();
    try {
      const response = await fetch(this.#url + path, { method, signal: AbortSignal.timeout(5000) });
      const text = await response.text();
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      const { decision } = Object(body) as { decision?: string };
      const retryAfter = response.headers.get("retry-after") ?? undefined;
      return {
        status: response.status,
        ms: performance.now() - beganMs,
        retryAfter,
        decision,
        body,
      };
    } catch {
      const ms = performance.now() - beganMs;
      return { status: 0, ms, retryAfter: undefined, decision: undefined, body: undefined };
    }
  }

  /** Sends `ratePerSecond` requests a second, answered or not, for some time. */
  async load(path: string, ratePerSecond: number, ms: number): Promise<Answer[]> {
    const beganMs = performance.now();
    const answers: Promise<Answer>[] = [];
    for (let passedMs = 0; passedMs < ms; passedMs = performance.now() - beganMs) {
      while (answers.length < passedMs * ratePerSecond / 1000) answers.push(this.ask(path));
      await sleep(5);
    }
    return await Promise.all(answers);
  }

  /** What a protection knew when it refused, from the dev server. */
  async explain(decision: string | undefined): Promise<Readonly<Record<string, unknown>>> {
    if (decision === undefined) return {};
    const response = await fetch(`${this.devUrl}/debug/decisions/${decision}`);
    return response.ok ? (await response.json()).report : (await response.body?.cancel(), {});
  }

  /** Ends its process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this.#process);
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
