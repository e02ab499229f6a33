/**
 * A server that takes part in a comparison, in a process of its own.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { PATTERNS } from "./patterns.ts";

/** A server that takes part. */
export interface Contestant {
  /** How the table calls it. */
  readonly name: string;
  /** What serves, in this folder; `.mjs` runs on Node. */
  readonly file: string;
  /** What it is told. */
  readonly mode?: string;
  /** What its ratio should be. */
  readonly target?: string;
}

/** Whether programs can be pinned to a core here; without, the generator disturbs the servers. */
const pinned = navigator.hardwareConcurrency > 1 && await exists("taskset");

/** Whether a program is on PATH. */
export async function exists(program: string): Promise<boolean> {
  try {
    const args = ["--version"];
    await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output();
    return true;
  } catch {
    return false;
  }
}

/** A command pinned to a core, where that can be. */
export function onCore(core: number, program: string, args: string[], cwd?: string): Deno.Command {
  const options = { stdin: "null", stdout: "piped", stderr: "inherit", cwd } as const;
  return pinned
    ? new Deno.Command("taskset", { args: ["-c", String(core), program, ...args], ...options })
    : new Deno.Command(program, { args, ...options });
}

const here = (file: string) => fromFileUrl(new URL(file, import.meta.url));

/** A folder from which Node finds Fastify. */
async function nodeFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const { success } = await new Deno.Command("npm", {
    args: ["install", "--silent", "--no-audit", "--no-fund", "fastify@5.12.8"],
    cwd: folder,
  }).output();
  if (!success) throw new Error("Cannot measure: npm could not install fastify");
  return folder;
}

let folder: Promise<string> | undefined;

/** Starts the server of a contestant, on core 0 unless told otherwise. */
export async function serve(
  contestant: Contestant,
  port: number,
  { pinned = true } = {},
): Promise<Deno.ChildProcess> {
  const { file, mode = "" } = contestant;
  if (file.endsWith(".mjs")) {
    const at = await (folder ??= nodeFolder());
    await Deno.copyFile(here(file), join(at, file));
    return onCore(0, "node", [file, String(port), ...PATTERNS], at).spawn();
  }
  const args = [
    ...["run", "-A", "--unstable-net", "--no-check", "--quiet", "--config", here("../deno.json")],
    ...[here(file), String(port), ...mode.split(" ")],
  ];
  const streams = { stdin: "null", stdout: "null", stderr: "inherit" } as const;
  return pinned
    ? onCore(0, Deno.execPath(), args).spawn()
    : new Deno.Command(Deno.execPath(), { args, ...streams }).spawn();
}

/** Ends a server, unless it has ended. */
export async function stop(server: Deno.ChildProcess): Promise<void> {
  try {
    server.kill("SIGKILL");
  } catch {
    // It failed to start, which is what the caller is about to say.
  }
  await server.status;
}
