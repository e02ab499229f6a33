/**
 * `zeno rpc gen`.
 *
 * @module
 */

import { basename, dirname, relative, resolve } from "@std/path";
import type { Invocation } from "../command.ts";
import { EXIT_FOUND, EXIT_OK } from "../errors.ts";
import type { FlagValues } from "../flags.ts";
import { parseStyle } from "../generate/naming.ts";
import type { RpcOptions } from "../generate/rpc/options.ts";
import { planRpcService } from "../generate/rpc/rpc_service.ts";
import { applyChanges, isDifference, planChanges } from "../generate/writer.ts";
import { linkFrom } from "../project/framework.ts";
import { reportDiagnostics } from "../report.ts";
import { loadProtoFiles } from "./load_protos.ts";
import { reportChanges } from "./report_changes.ts";

/** Generates an RPC service, or shows what generating it would change. */
export async function rpcGenAction(invocation: Invocation): Promise<number> {
  const { args, flags, json, terminal } = invocation;
  const dir = resolve(flags.text("dir") ?? flags.text("zrpc_out") ?? dirname(args[0]!));
  const options = optionsOf(args, dir, flags);
  const { program, diagnostics, sources } = await loadProtoFiles(args, flags.list("proto_path"));
  const plan = program === undefined ? undefined : planRpcService(program, options);
  const found = [...diagnostics, ...plan?.diagnostics ?? []];
  if (!json) reportDiagnostics(found, sources, terminal);
  if (plan === undefined || found.length > 0) {
    if (json) terminal.print(JSON.stringify({ ok: false, diagnostics: found, files: [] }, null, 2));
    return EXIT_FOUND;
  }
  const prune = flags.on("prune");
  const changes = await planChanges(dir, plan.files, {
    forceOnce: flags.text("force-once"),
    prune,
  });
  const writes = !flags.on("check") && !flags.on("diff") && !flags.on("dry-run");
  if (writes) await applyChanges(dir, changes, { prune });
  const ok = !flags.on("check") || !changes.some(isDifference);
  if (json) {
    const files = changes.map(({ kind, path }) => ({ kind, path }));
    terminal.print(JSON.stringify({ ok, diagnostics: found, files }, null, 2));
  } else reportChanges(changes, { ...invocation, writes, prune });
  return ok ? EXIT_OK : EXIT_FOUND;
}

/** @throws {UsageError} If the style is none. */
function optionsOf(files: readonly string[], dir: string, flags: FlagValues): RpcOptions {
  const below = (path: string) => relative(dir, resolve(path)).replaceAll("\\", "/") || ".";
  return {
    sources: files.map(below),
    service: basename(files[0]!).replace(/\.proto$/, "").replace(/[^\w.-]+/g, "_"),
    style: parseStyle(flags.text("style")!, { compat: flags.on("style-compat") }),
    multiple: flags.on("multiple"),
    client: !flags.on("no-client"),
    messagesOnly: flags.on("messages"),
    tests: flags.on("test"),
    flags: [
      ...flags.list("proto_path").map((path) => `-I ${below(path)}`),
      ...LASTING_FLAGS.flatMap((name) => flagWords(name, flags)),
    ],
    link: linkFrom(dir),
  };
}

/** Flags that have to be the same each time a service is generated. */
const LASTING_FLAGS = ["multiple", "no-client", "messages", "style", "style-compat", "test"];

function flagWords(name: string, flags: FlagValues): string[] {
  if (flags.on(name)) return [`--${name}`];
  const text = flags.text(name);
  return text === undefined || text === "go_zero" ? [] : [`--${name} ${text}`];
}
