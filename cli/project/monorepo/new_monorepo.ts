/**
 * Makes a new workspace: a gateway before two RPC services.
 *
 * @module
 */

import { join } from "@std/path";
import { FileError } from "../../errors.ts";
import { listFolder } from "../../files.ts";
import { loadProtoFiles } from "../../commands/load_protos.ts";
import { planGateway } from "../../generate/gateway/gateway_service.ts";
import { onceFile, type TextFile } from "../../generate/generated_file.ts";
import type { Generation } from "../../generate/manifest.ts";
import { parseStyle } from "../../generate/naming.ts";
import { planRpcService } from "../../generate/rpc/rpc_service.ts";
import type { Change } from "../../generate/writer.ts";
import { linkFrom } from "../framework.ts";
import { checkFolder, type NewService } from "../new.ts";
import { BY_HAND, writeFiles } from "../write_files.ts";
import { ORDER_FILES, ORDER_YAML } from "./order_files.ts";
import { STOCK_FILES } from "./stock_files.ts";
import { workspaceFiles } from "./workspace_files.ts";

/** A member that is an RPC service. */
interface RpcMember {
  readonly name: "stock" | "order";
  readonly port: number;
  readonly client: string;
  /** Files that are written by hand. */
  readonly files: Readonly<Record<string, string>>;
  /** What its yaml file has besides. */
  readonly yaml: string;
}

const STOCK: RpcMember = {
  name: "stock",
  port: 8081,
  client: "stock",
  files: STOCK_FILES,
  yaml: "",
};
const ORDER: RpcMember = {
  name: "order",
  port: 8082,
  client: "orders",
  files: ORDER_FILES,
  yaml: ORDER_YAML,
};

/** Who writes what stands at the root. */
const WORKSPACE: Generation = { generator: "workspace", sources: [] };

/**
 * Makes a workspace in `dir`, which must be empty, absent, or made by this command before: then its generated files are
 * written anew and all others stay.
 *
 * @param dir Absolute path of the folder.
 * @param name What it is called.
 * @throws {FileError} If the folder holds something else.
 */
export async function newMonorepo(dir: string, name: string): Promise<NewService> {
  await checkFolder(dir, WORKSPACE.generator);
  const root = workspaceFiles(name, linkFrom(dir));
  const changes = await writeFiles(dir, "", root, WORKSPACE);
  for (const member of [STOCK, ORDER]) changes.push(...await writeService(dir, member));
  changes.push(...await writeGateway(dir));
  return { name, changes };
}

async function writeService(dir: string, member: RpcMember): Promise<Change[]> {
  const { name, port, client } = member;
  const sources = [`../proto/shop/${name}.proto`];
  const { program } = await loadProtoFiles([protoOf(dir, name)], [join(dir, "proto")]);
  const plan = program && planRpcService(program, {
    sources,
    service: name,
    port,
    style: parseStyle("go_zero"),
    multiple: false,
    client: true,
    messagesOnly: false,
    tests: true,
    flags: ["-I ../proto", "--test"],
    link: undefined,
    member: {
      name: `@shop/${name}`,
      exports: { "./client": `./client/${client}_client.gen.ts` },
    },
  });
  if (plan === undefined || plan.diagnostics.length > 0) throw broken(dir, name);
  const planned = new Set(plan.files.map(({ path }) => path));
  const isNew = await listFolder(join(dir, name)) === undefined;
  const others = Object.entries(member.files).filter(([path]) => isNew && !planned.has(path))
    .map(([path, text]) => onceFile(path, text));
  return [
    ...await writeFiles(dir, name, plan.files.map((file) => ownFile(file, member)), {
      generator: "rpc",
      sources,
    }),
    ...(isNew ? await writeFiles(dir, name, others, BY_HAND) : []),
  ];
}

/** A planned file, or what is written by hand in its place. */
function ownFile(file: TextFile, { name, files, yaml }: RpcMember): TextFile {
  const { path, content } = file;
  if (path === `etc/${name}.yaml`) return onceFile(path, content + yaml);
  return Object.hasOwn(files, path) ? onceFile(path, files[path]!) : file;
}

async function writeGateway(dir: string): Promise<Change[]> {
  const members = [STOCK, ORDER];
  const paths = members.map(({ name }) => protoOf(dir, name));
  const { program } = await loadProtoFiles(paths, [join(dir, "proto")]);
  const addresses = members.map(({ port }) => `127.0.0.1:${port}`);
  const sources = members.map(({ name }) => `../proto/shop/${name}.proto`);
  const plan = program && planGateway(program, {
    sources,
    service: "gateway",
    upstreams: members.map(({ name }, index) => ({
      name,
      files: [paths[index]!],
      address: { kind: "endpoints", addresses: [addresses[index]!] },
    })),
    tests: true,
    flags: ["-I ../proto", ...addresses.map((it) => `--target ${it}`), "--test"],
    link: undefined,
    member: { name: "@shop/gateway" },
  });
  if (plan === undefined || plan.diagnostics.length > 0) throw broken(dir, "order");
  return await writeFiles(dir, "gateway", plan.files, { generator: "gateway", sources });
}

function protoOf(dir: string, name: string): string {
  return join(dir, `proto/shop/${name}.proto`);
}

function broken(dir: string, name: string): FileError {
  const path = protoOf(dir, name);
  return new FileError(
    `Cannot generate services: ${path} has errors; run zeno rpc gen -I ${
      join(dir, "proto")
    } ${path}`,
  );
}
