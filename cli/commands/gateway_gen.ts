/**
 * `zeno gateway gen`.
 *
 * @module
 */

import { basename, dirname, join, relative, resolve } from "@std/path";
import { parseTarget } from "../../rpc/resolver/target.ts";
import type { Invocation } from "../command.ts";
import { UsageError } from "../errors.ts";
import type { FlagValues } from "../flags.ts";
import { planGateway } from "../generate/gateway/gateway_service.ts";
import { type GatewayModel, servedRoutes } from "../generate/gateway/model.ts";
import type {
  GatewayOptions,
  ServiceAddress,
  UpstreamOptions,
} from "../generate/gateway/options.ts";
import { curlOf } from "../generate/gateway/sample.ts";
import { unroutedHint } from "../generate/gateway/unrouted.ts";
import { shellWord } from "../generate/shell_word.ts";
import { RPC_PORT } from "../generate/rpc/options.ts";
import { linkFrom } from "../project/framework.ts";
import { carryOut, flagWords } from "./carry_out.ts";
import { loadProtoFiles } from "./load_protos.ts";

/** Where a new RPC service listens. */
const DEFAULT_TARGET = `127.0.0.1:${RPC_PORT}`;

/** Generates a gateway, or shows what generating it would change. */
export async function gatewayGenAction(invocation: Invocation): Promise<number> {
  const { args, flags, terminal } = invocation;
  const files = [...args, ...flags.list("proto")];
  if (files.length === 0) throw new UsageError("FILE is missing");
  const given = flags.text("dir") ?? join(dirname(files[0]!), "..", "gateway");
  const dir = resolve(given);
  const options = optionsOf(files, dir, flags);
  const { program, diagnostics, sources } = await loadProtoFiles(files, flags.list("proto_path"));
  const plan = program === undefined ? undefined : planGateway(program, options);
  const { exitCode, changes, writes } = await carryOut({
    dir,
    by: { generator: "gateway", sources: options.sources },
    files: plan?.files,
    diagnostics: [...diagnostics, ...plan?.diagnostics ?? []],
    sources,
  }, invocation);
  if (writes && plan !== undefined) {
    const isNew = changes.some(({ kind, path }) => kind === "create" && path === "main.ts");
    const hint = isNew ? nextCommands(given, plan.model) : unroutedHint(plan.model, changes);
    if (hint !== undefined) terminal.info(hint);
  }
  return exitCode;
}

function nextCommands(dir: string, model: GatewayModel): string {
  const [first] = servedRoutes(model);
  return `\nNext:\n  cd ${dir} && deno task start\n  ${
    first === undefined ? "deno task test" : curlOf(first.sample, 8888)
  }`;
}

/** @throws {UsageError} If a target is none. */
function optionsOf(files: readonly string[], dir: string, flags: FlagValues): GatewayOptions {
  const below = (path: string) => relative(dir, resolve(path)).replaceAll("\\", "/") || ".";
  return {
    sources: [...new Set(files.map(below))],
    service: wordOf(basename(dir)),
    upstreams: upstreamsOf(files, flags.list("target")),
    tests: flags.on("test"),
    flags: [
      ...flags.list("proto_path").map((path) => `-I ${shellWord(below(path))}`),
      ...flags.list("target").map((target) => `--target ${shellWord(target)}`),
      ...flagWords(["test"], flags),
    ],
    link: linkFrom(dir),
  };
}

/** Files are of one service, unless each has a target of its own. */
function upstreamsOf(files: readonly string[], targets: readonly string[]): UpstreamOptions[] {
  if (targets.length > 1 && targets.length !== files.length) {
    throw new UsageError(
      `Cannot generate gateway: ${targets.length} targets for ${files.length} files; give one for all, or one for each`,
    );
  }
  const groups = targets.length > 1 ? files.map((file) => [file]) : [files];
  const names = new Set<string>();
  return groups.map((group, index) => ({
    name: freeName(stemOf(group[0]!), names),
    files: group.map((file) => resolve(file)),
    address: addressOf(targets[index] ?? DEFAULT_TARGET),
  }));
}

/** `shop/v1/order.proto` is called order. */
function stemOf(file: string): string {
  return wordOf(basename(file).replace(/\.proto$/, ""));
}

function wordOf(name: string): string {
  return name.replace(/[^\w.-]+/g, "_") || "gateway";
}

/** Descriptor sets are called as the files are, and two files of one name stand in several folders. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
  taken.add(free);
  return free;
}

/** @throws {UsageError} If the text is no target. */
function addressOf(text: string): ServiceAddress {
  const isList = !text.includes("://");
  try {
    const target = parseTarget(isList ? `direct:///${text}` : text);
    if (target.scheme === "direct") {
      for (const address of target.addresses) parseTarget(address);
      return { kind: "endpoints", addresses: target.addresses };
    }
    return target.scheme === "etcd"
      ? { kind: "etcd", hosts: target.hosts, key: target.key }
      : { kind: "target", target: text };
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message);
    throw error;
  }
}
