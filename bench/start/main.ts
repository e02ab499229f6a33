/**
 * How long whole processes take: from the start of a service to its first answer, against a bare `Deno.serve` script, and
 * `zeno api validate` on a file of 2,000 lines.
 *
 * Rounds are interleaved; the first, which warms the caches, does not count.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";

const ROUNDS = Number(Deno.env.get("ZENO_BENCH_ROUNDS") ?? 9);
const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** A command line, and the address it answers at if it is a service. */
interface Process {
  readonly args: string[];
  readonly cwd: string;
  readonly url?: string;
}

async function timeOf({ args, cwd, url }: Process): Promise<number> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    if (url === undefined) {
      const { code } = await child.status;
      if (code !== 0) throw new Error(`Cannot measure: deno ${args.join(" ")} ended with ${code}`);
    } else await firstAnswer(url);
    return performance.now() - started;
  } finally {
    if (url !== undefined) child.kill("SIGKILL");
    await child.status;
  }
}

async function bundle(entry: string, output: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--platform", "deno", "--quiet", "--output", output, entry],
  }).output();
  if (!success) throw new Error(`Cannot bundle: ${new TextDecoder().decode(stderr)}`);
}

async function firstAnswer(url: string): Promise<void> {
  for (let tries = 0; tries < 20_000; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  throw new Error(`Cannot measure: nothing answers at ${url}`);
}

function longApi(lines: number): string {
  const parts = ['syntax = "v1"\n'];
  for (let i = 0; parts.join("").split("\n").length < lines; i++) {
    parts.push(
      `\ntype Req${i} {\n\tID int64 \`path:"id,range=[1:]"\`\n\tName string \`json:"name,optional"\`\n}\n`,
      `\ntype Resp${i} {\n\tID int64 \`json:"id"\`\n\tTags []string \`json:"tags"\`\n}\n`,
      `\n@server (\n\tprefix: /v1\n\tgroup: g${i}\n)\nservice big {\n\t@handler Get${i}\n` +
        `\tput /things${i}/:id (Req${i}) returns (Resp${i})\n}\n`,
    );
  }
  return parts.join("");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const dir = await Deno.makeTempDir({ prefix: "zeno-start-" });
try {
  await Deno.writeTextFile(join(dir, "big.api"), longApi(2_000));
  await Deno.writeTextFile(
    join(dir, "bare.ts"),
    `Deno.serve({ port: 19091, onListen() {} }, () => Response.json({ message: "hello" }));\n`,
  );
  const greet = join(ROOT, "examples/greet");
  const config = await Deno.readTextFile(join(greet, "etc/greet.yaml"));
  await Deno.writeTextFile(join(dir, "greet.yaml"), config.replace(/^Port:.*$/m, "Port: 19092"));
  await bundle(join(greet, "main.ts"), join(dir, "greet.js"));
  const processes: Record<string, Process> = {
    "bare Deno.serve to first answer": {
      args: ["run", "-A", "bare.ts"],
      cwd: dir,
      url: "http://127.0.0.1:19091/",
    },
    "examples/greet to first answer": {
      args: ["run", "-A", "main.ts", "-f", join(dir, "greet.yaml")],
      cwd: greet,
      url: "http://127.0.0.1:19092/from/you",
    },
    "the same, bundled to one file": {
      args: ["run", "-A", "--no-config", join(dir, "greet.js"), "-f", join(dir, "greet.yaml")],
      cwd: dir,
      url: "http://127.0.0.1:19092/from/you",
    },
    "zeno api validate, 2,000 lines": {
      args: ["run", "-A", join(ROOT, "cli/main.ts"), "api", "validate", join(dir, "big.api")],
      cwd: ROOT,
    },
  };
  const times = new Map(Object.keys(processes).map((name) => [name, [] as number[]]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, process] of Object.entries(processes)) {
      const ms = await timeOf(process);
      if (round >= 0) times.get(name)!.push(ms);
    }
  }
  const bare = median(times.values().next().value!);
  console.log(
    "\n| process | of the bare script | median here | target |\n| --- | --- | --- | --- |",
  );
  const targets = ["", "<= 1.5", "", "< 150 ms"];
  for (const [i, [name, values]] of [...times].entries()) {
    const ms = median(values);
    console.log(`| ${name} | ${(ms / bare).toFixed(2)} | ${ms.toFixed(0)} ms | ${targets[i]} |`);
  }
} finally {
  await Deno.remove(dir, { recursive: true });
}
