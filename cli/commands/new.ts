/**
 * `zeno new` and `zeno api new`.
 *
 * @module
 */

import { basename, resolve } from "@std/path";
import type { Invocation } from "../command.ts";
import { EXIT_OK, UsageError } from "../errors.ts";
import { checkName, nameOf, newService } from "../project/new.ts";

/** Makes a service in a folder; the last part of its path names the service. */
export async function newAction(invocation: Invocation): Promise<number> {
  const template = invocation.flags.text("template");
  if (template === "rpc" || template === "monorepo") {
    throw new UsageError(
      `Cannot use template ${template}: it comes with a later version; take --template rest`,
    );
  }
  if (template !== "rest") {
    throw new UsageError(`Cannot use template ${template}: there is rest`);
  }
  return await make(invocation, nameOf);
}

/** Makes a service in a folder that is called as the service is. */
export async function apiNewAction(invocation: Invocation): Promise<number> {
  return await make(invocation, (dir) => {
    const name = basename(dir);
    checkName(name);
    return name;
  });
}

async function make(
  { args, json, terminal }: Invocation,
  chooseName: (dir: string) => string,
): Promise<number> {
  const given = args[0]!;
  const dir = resolve(given);
  const { name, changes } = await newService(dir, chooseName(dir));
  if (json) {
    const files = changes.map(({ kind, path }) => ({ kind, path }));
    terminal.print(JSON.stringify({ name, dir, files }, null, 2));
    return EXIT_OK;
  }
  const created = changes.filter(({ kind }) => kind === "create").length;
  terminal.info(`Made service ${name} in ${given}: ${created} files created`);
  terminal.info(`\nNext:\n  cd ${given} && deno task start\n  curl localhost:8888/from/you`);
  return EXIT_OK;
}
