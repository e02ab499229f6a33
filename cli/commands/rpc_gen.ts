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
import { shellWord } from "../generate/shell_word.ts";
import { RPC_PORT, type RpcOptions } from "../generate/rpc/options.ts";
import type { Change } from "../generate/writer.ts";
import { linkFrom } from "../project/framework.ts";
import { carryOut, flagWords } from "./carry_out.ts";
import { loadProtoFiles } from "./load_protos.ts";

/** Generates an RPC service, or shows what generating it would change. */
export async function rpcGenAction(invocation: Invocation): Promise<number> {
  const { args, flags, terminal } = invocation;
  const dir = resolve(flags.text("dir") ?? flags.text("zrpc_out") ?? dirname(args[0]!));
  const options = optionsOf(args, dir, flags);
  const { program, diagnostics, sources } = await loadProtoFiles(args, flags.list("proto_path"));
  const plan = program === undefined ? undefined : planRpcService(program, options);
  const { exitCode, changes, writes } = await carryOut({
    dir,
    by: { generator: "rpc", sources: options.sources },
    files: plan?.files,
    diagnostics: [...diagnostics, ...plan?.diagnostics ?? []],
    sources,
  }, invocation);
  const hint = writes ? movedHint(changes) : undefined;
  if (hint !== undefined) terminal.info(hint);
  return exitCode;
}

/** Logic has a folder for each service once there are several: what was written before stands in the upper one. */
function movedHint(changes: readonly Change[]): string | undefined {
  const pathsOf = (kind: Change["kind"]) =>
    changes.filter((change) => change.kind === kind).map(({ path }) => path);
  const created = pathsOf("create");
  const moves = pathsOf("orphan").flatMap((from) => {
    const to = created.find((path) => basename(path) === basename(from));
    return to === undefined ? [] : [`  ${from}\n    is now ${to}\n`];
  });
  return moves.length === 0 ? undefined : `Move what you wrote:\n${moves.join("").trimEnd()}`;
}

/** @throws {UsageError} If the style is none. */
function optionsOf(files: readonly string[], dir: string, flags: FlagValues): RpcOptions {
  const below = (path: string) => relative(dir, resolve(path)).replaceAll("\\", "/") || ".";
  return {
    sources: [...new Set(files.map(below))],
    service: basename(files[0]!).replace(/\.proto$/, "").replace(/[^\w.-]+/g, "_"),
    port: RPC_PORT,
    style: parseStyle(flags.text("style")!, { compat: flags.on("style-compat") }),
    multiple: flags.on("multiple"),
    client: !flags.on("no-client"),
    messagesOnly: flags.on("messages"),
    tests: flags.on("test"),
    flags: [
      ...flags.list("proto_path").map((path) => `-I ${shellWord(below(path))}`),
      ...flagWords(LASTING_FLAGS, flags),
    ],
    link: linkFrom(dir),
  };
}

/** Flags that have to be the same each time a service is generated. */
const LASTING_FLAGS = ["multiple", "no-client", "messages", "style", "style-compat", "test"];
