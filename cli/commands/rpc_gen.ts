/**
 * `zeno rpc gen`.
 *
 * @module
 */

import { basename, dirname, relative, resolve } from "@std/path";
import type { Invocation } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { parseStyle } from "../generate/naming.ts";
import { planRpcService } from "../generate/rpc/rpc_service.ts";
import { RPC_PORT, type RpcOptions } from "../generate/rpc/options.ts";
import { linkFrom } from "../project/framework.ts";
import { carryOut, flagWords } from "./carry_out.ts";
import { loadProtoFiles } from "./load_protos.ts";

/** Generates an RPC service, or shows what generating it would change. */
export async function rpcGenAction(invocation: Invocation): Promise<number> {
  const { args, flags } = invocation;
  const dir = resolve(flags.text("dir") ?? flags.text("zrpc_out") ?? dirname(args[0]!));
  const options = optionsOf(args, dir, flags);
  const { program, diagnostics, sources } = await loadProtoFiles(args, flags.list("proto_path"));
  const plan = program === undefined ? undefined : planRpcService(program, options);
  const { exitCode } = await carryOut({
    dir,
    by: { generator: "rpc", sources: options.sources },
    files: plan?.files,
    diagnostics: [...diagnostics, ...plan?.diagnostics ?? []],
    sources,
  }, invocation);
  return exitCode;
}

/** @throws {UsageError} If the style is none. */
function optionsOf(files: readonly string[], dir: string, flags: FlagValues): RpcOptions {
  const below = (path: string) => relative(dir, resolve(path)).replaceAll("\\", "/") || ".";
  return {
    sources: files.map(below),
    service: basename(files[0]!).replace(/\.proto$/, "").replace(/[^\w.-]+/g, "_"),
    port: RPC_PORT,
    style: parseStyle(flags.text("style")!, { compat: flags.on("style-compat") }),
    multiple: flags.on("multiple"),
    client: !flags.on("no-client"),
    messagesOnly: flags.on("messages"),
    tests: flags.on("test"),
    flags: [
      ...flags.list("proto_path").map((path) => `-I ${below(path)}`),
      ...flagWords(LASTING_FLAGS, flags),
    ],
    link: linkFrom(dir),
  };
}

/** Flags that have to be the same each time a service is generated. */
const LASTING_FLAGS = ["multiple", "no-client", "messages", "style", "style-compat", "test"];
