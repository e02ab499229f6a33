/**
 * Makes a new RPC service in a folder.
 *
 * @module
 */

import { join } from "@std/path";
import { FileError } from "../errors.ts";
import { listFolder, writeText } from "../files.ts";
import { onceFile } from "../generate/generated_file.ts";
import { parseStyle } from "../generate/naming.ts";
import { RPC_PORT } from "../generate/rpc/options.ts";
import { planRpcService } from "../generate/rpc/rpc_service.ts";
import { loadProtoFiles } from "../commands/load_protos.ts";
import { linkFrom } from "./framework.ts";
import { checkFolder, type NewService } from "./new.ts";
import { pingCall, pingLogic, pingProto } from "./ping.ts";
import { rpcReadme } from "./readme.ts";
import { BY_HAND, writeFiles } from "./write_files.ts";

/**
 * Makes a service that answers pings in `dir`, which must be empty, absent, or made by this command before:
 * then its generated files are written anew and all others stay.
 *
 * @param dir Absolute path of the folder.
 * @param name Name of the service: a letter, then letters, digits and `_`.
 * @throws {FileError} If the folder holds something else.
 */
export async function newRpcService(dir: string, name: string): Promise<NewService> {
  await checkFolder(dir, "rpc");
  const source = `${name}.proto`;
  const path = join(dir, source);
  await Deno.mkdir(dir, { recursive: true }).catch((error) => {
    throw FileError.of(`create ${dir}`, error);
  });
  const isNew = (await listFolder(dir))?.includes(source) !== true;
  if (isNew) await writeText(path, pingProto(name));
  const { program } = await loadProtoFiles([path]);
  const plan = program === undefined ? undefined : planRpcService(program, {
    sources: [source],
    service: name,
    port: RPC_PORT,
    style: parseStyle("go_zero"),
    multiple: false,
    client: true,
    messagesOnly: false,
    tests: true,
    flags: ["--test"],
    link: linkFrom(dir),
  }, pingLogic(name));
  if (plan === undefined || plan.diagnostics.length > 0) {
    throw new FileError(`Cannot generate service: ${path} has errors; run zeno rpc gen ${path}`);
  }
  const byHand = [
    onceFile("README.md", rpcReadme(name, RPC_PORT)),
    onceFile("call.ts", pingCall(name, RPC_PORT)),
  ];
  const changes = [
    ...await writeFiles(dir, "", plan.files, { generator: "rpc", sources: [source] }),
    ...(isNew ? await writeFiles(dir, "", byHand, BY_HAND) : []),
  ];
  return { name, changes };
}
