/**
 * The greeting service of the demo: generated from its `.api` file into a temporary folder, running in a process of its
 * own.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { main as zeno } from "../cli/main.ts";
import { sleep, stop } from "./demo_process.ts";

const EXAMPLE = fromFileUrl(new URL("./greet/", import.meta.url));

/** The service. */
export interface Greeting extends AsyncDisposable {
  /** The folder it was generated into. */
  readonly dir: string;
  /** Where it listens. */
  readonly url: string;
  /** Its process. */
  readonly process: Deno.ChildProcess;
}

/** Generates and starts the service. */
export async function startGreeting(port: number, stdout: "inherit" | "null"): Promise<Greeting> {
  const dir = await Deno.makeTempDir({ prefix: "zeno-demo-" });
  await generate(dir);
  const config = join(dir, "etc/greet.yaml");
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(config, text.replace(/^Port:.*$/m, `Port: ${port}`));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "start"],
    cwd: dir,
    stdin: "null",
    stdout,
    stderr: "inherit",
  }).spawn();
  const greeting: Greeting = {
    dir,
    url: `http://localhost:${port}`,
    process,
    async [Symbol.asyncDispose]() {
      await stop(process);
      await Deno.remove(dir, { recursive: true });
    },
  };
  await untilReady(greeting);
  return greeting;
}

/** The layout comes from the `.api` file; the logic is the one that stands in `examples/greet`. */
async function generate(dir: string): Promise<void> {
  const api = join(dir, "greet.api");
  await Deno.copyFile(join(EXAMPLE, "greet.api"), api);
  const code = await zeno(["api", "gen", api, "--dir", dir, "--quiet"]);
  if (code !== 0) Deno.exit(code);
  for (const path of ["internal/book", "internal/logic", "internal/middleware", "internal/svc"]) {
    await copyHandWritten(join(EXAMPLE, path), join(dir, path));
  }
}

async function copyHandWritten(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyHandWritten(join(from, name), join(to, name));
    else if (!name.endsWith(".gen.ts")) await Deno.copyFile(join(from, name), join(to, name));
  }
}

/** Waits for the health route; a service that ends instead has said why. */
async function untilReady({ url, process }: Greeting): Promise<void> {
  const ended = process.status.then(({ code }) => {
    throw new Error(`Cannot start demo: the service ended with code ${code}; see above`);
  });
  ended.catch(() => {});
  const ready = (async () => {
    for (let tries = 0; tries < 300; tries++) {
      const answer = await fetch(`${url}/healthz`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await sleep(100);
    }
    throw new Error("Cannot start demo: the service did not answer within 30 seconds");
  })();
  await Promise.race([ready, ended]);
}
