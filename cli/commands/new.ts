/**
 * `zeno new`, `zeno api new` and `zeno rpc new`.
 *
 * @module
 */

import { basename, resolve } from "@std/path";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../errors.ts";
import { checkName, nameOf, type NewService, newService } from "../project/new.ts";
import { newMonorepo } from "../project/monorepo/new_monorepo.ts";
import { newRpcService } from "../project/new_rpc.ts";
import type { TemplateName } from "../templates.ts";

/** Makes a service in a folder; the last part of its path names the service. */
export async function newAction(invocation: Invocation): Promise<number> {
  const template = TEMPLATES[invocation.flags.text("template") as TemplateName];
  return await make(invocation, nameOf, template);
}

/** Makes a service in a folder that is called as the service is. */
export async function apiNewAction(invocation: Invocation): Promise<number> {
  return await make(invocation, folderName, REST);
}

/** Makes an RPC service in a folder that is called as the service is. */
export async function rpcNewAction(invocation: Invocation): Promise<number> {
  return await make(invocation, folderName, RPC);
}

function folderName(dir: string): string {
  const name = basename(dir);
  checkName(name);
  return name;
}

/** A kind of service. */
interface Template {
  readonly create: (dir: string, name: string) => Promise<NewService>;
  /** What to try once it runs. */
  readonly then: string;
}

const REST: Template = { create: newService, then: "curl localhost:8888/from/you" };
const RPC: Template = { create: newRpcService, then: "deno run -P call.ts" };
const MONOREPO: Template = { create: newMonorepo, then: "curl localhost:8888/items/pen" };

const TEMPLATES: Readonly<Record<TemplateName, Template>> = {
  rest: REST,
  rpc: RPC,
  monorepo: MONOREPO,
};

async function make(
  { args, json, terminal }: Invocation,
  chooseName: (dir: string) => string,
  template: Template,
): Promise<number> {
  const given = args[0]!;
  const dir = resolve(given);
  const { name, changes } = await template.create(dir, chooseName(dir));
  if (json) {
    const files = changes.map(({ kind, path }) => ({ kind, path }));
    terminal.print(JSON.stringify({ name, dir, files }, null, 2));
    return EXIT_OK;
  }
  const created = changes.filter(({ kind }) => kind === "create").length;
  terminal.info(`Made service ${name} in ${given}: ${created} files created`);
  terminal.info(`\nNext:\n  cd ${given} && deno task start\n  ${template.then}`);
  return EXIT_OK;
}
