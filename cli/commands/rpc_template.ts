/**
 * `zeno rpc template`.
 *
 * @module
 */

import { basename } from "@std/path";
import type { Invocation } from "../command.ts";
import { EXIT_OK, FileError, UsageError } from "../errors.ts";
import { writeNewText } from "../files.ts";
import { checkName } from "../project/new.ts";
import { pingProto } from "../project/ping.ts";

/** Writes a `.proto` file to start from, and nothing over one that is there. */
export async function rpcTemplateAction(invocation: Invocation): Promise<number> {
  const { args, flags, json, terminal } = invocation;
  const path = args[0] ?? flags.text("o");
  if (path === undefined) throw new UsageError("FILE is missing");
  const name = basename(path).replace(/\.proto$/, "");
  if (name === basename(path)) {
    throw new UsageError(`Cannot write ${path}: its name does not end in .proto`);
  }
  checkName(name);
  if (!await writeNewText(path, pingProto(name))) {
    throw new FileError(`Cannot write ${path}: it is there already; name another one`);
  }
  if (json) terminal.print(JSON.stringify({ path }, null, 2));
  terminal.info(`Wrote ${path}\n\nNext:\n  zeno rpc gen ${path} --dir ${name} --test`);
  return EXIT_OK;
}
