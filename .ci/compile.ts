/**
 * `deno task compile`: the zeno command as one binary, at `dist/zeno`.
 *
 * With `--check` it proves what goes into such a binary instead. The runtime that `deno compile` builds on, `denort`, is
 * downloaded on first use; where that is not possible, the running Deno takes its place. That product embeds all it
 * should but is no program, so the list of what was embedded is checked and nothing more; a bundle
 * of the same modules is then run from an empty folder, offline, with an empty cache.
 *
 * @module
 */

import { join } from "@std/path";
import { PINNED, requirePinnedDeno } from "./version.ts";

const ENTRYPOINTS = { zeno: "cli/main.ts", greet: "examples/greet/main.ts" } as const;

async function deno(args: string[], options: Deno.CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    ...options,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0", ...options.env },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (code === 0) return text;
  console.error(text);
  throw new Error(`deno ${args.slice(0, 2).join(" ")} ended with code ${code}`);
}

/** Compiles for real; `undefined` if the runtime to build on cannot be had. */
async function compileRunnable(entry: string, output: string): Promise<string | undefined> {
  try {
    return await deno(["compile", "-A", "--output", output, entry]);
  } catch {
    return undefined;
  }
}

async function checkCompile(dir: string): Promise<void> {
  const output = join(dir, "zeno");
  const runnable = Deno.env.has("DENORT_BIN")
    ? await compileRunnable(ENTRYPOINTS.zeno, output)
    : undefined;
  if (runnable !== undefined) {
    const { stdout } = await new Deno.Command(output, { args: ["--version"] }).output();
    expect(new TextDecoder().decode(stdout), "zeno ", "the compiled command says its version");
    return;
  }
  const embedded = await deno(["compile", "-A", "--output", output, ENTRYPOINTS.zeno], {
    env: { DENORT_BIN: Deno.execPath() },
  });
  for (const part of ["cli", "core", "deno.json"]) {
    expect(embedded, part, `the binary would embed ${part}`);
  }
}

/** Bundles an entrypoint and runs it where nothing else is. */
async function checkBundle(
  name: keyof typeof ENTRYPOINTS,
  dir: string,
  args: string[],
): Promise<string> {
  const bundle = join(dir, `${name}.js`);
  await deno(["bundle", "--platform", "deno", "--quiet", "--output", bundle, ENTRYPOINTS[name]]);
  const cwd = join(dir, `empty-${name}`);
  await Deno.mkdir(cwd);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--cached-only", "--no-remote", "-A", bundle, ...args],
    cwd,
    env: { DENO_DIR: join(dir, "empty-cache"), NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

function expect(text: string, part: string, what: string): void {
  if (!text.includes(part)) throw new Error(`Cannot prove that ${what}: got ${text.slice(0, 500)}`);
  console.log(`ok: ${what}`);
}

async function check(): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "zeno-compile-" });
  try {
    await checkCompile(dir);
    const version = await checkBundle("zeno", dir, ["--version"]);
    expect(version, "zeno ", "the command runs from one file, offline");
    const started = await checkBundle("greet", dir, []);
    expect(
      started,
      "etc/greet.yaml",
      "a service runs from one file, and asks for its configuration",
    );
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

requirePinnedDeno("compile");
if (Deno.args.includes("--check")) {
  await check();
} else {
  console.log(await deno(["compile", "-A", "--output", "dist/zeno", ENTRYPOINTS.zeno]));
  console.log(`dist/zeno is there; it holds Deno ${PINNED} and all of the command`);
}
