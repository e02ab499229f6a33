/**
 * `deno task demo`: generates the greeting service from its `.api` file into a temporary folder, starts it, says what to
 * try, and stays. With `--check` it tries it all by itself and says what it expected and what it saw.
 *
 * @module
 */

import { bold, cyan, dim, green, red } from "@std/fmt/colors";
import { fromFileUrl, join } from "@std/path";
import { main as zeno } from "../cli/main.ts";
import { type Row, tryAll } from "./demo_requests.ts";

const EXAMPLE = fromFileUrl(new URL("./greet/", import.meta.url));

/** A generated service, running in a process of its own. */
interface Demo extends AsyncDisposable {
  readonly dir: string;
  readonly url: string;
  readonly process: Deno.ChildProcess;
}

async function startDemo(port: number, stdout: "inherit" | "null"): Promise<Demo> {
  const dir = await Deno.makeTempDir({ prefix: "zeno-demo-" });
  await generate(dir);
  const config = join(dir, "etc/greet.yaml");
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(config, text.replace(/^Port:.*$/m, `Port: ${port}`));
  const process = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "start"],
    cwd: dir,
    stdin: "null",
    stdout,
    stderr: "inherit",
  }).spawn();
  const demo: Demo = {
    dir,
    url: `http://localhost:${port}`,
    process,
    async [Symbol.asyncDispose]() {
      stop(process);
      await process.status;
      await Deno.remove(dir, { recursive: true });
    },
  };
  await untilReady(demo);
  return demo;
}

/** The layout comes from the `.api` file; the logic is the one that stands in `examples/greet`. */
async function generate(dir: string): Promise<void> {
  const api = join(dir, "greet.api");
  await Deno.copyFile(join(EXAMPLE, "greet.api"), api);
  const code = await zeno(["api", "gen", api, "--dir", dir, "--quiet"]);
  if (code !== 0) Deno.exit(code);
  for (const path of ["internal/book", "internal/logic", "internal/middleware", "internal/svc"]) {
    await copyHandWritten(join(EXAMPLE, path), join(dir, path));
  }
}

async function copyHandWritten(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyHandWritten(join(from, name), join(to, name));
    else if (!name.endsWith(".gen.ts")) await Deno.copyFile(join(from, name), join(to, name));
  }
}

function stop(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // It has ended already.
  }
}

/** Waits for the health route; a service that ends instead has said why. */
async function untilReady(demo: Demo): Promise<void> {
  const ended = demo.process.status.then(({ code }) => {
    throw new Error(`Cannot start demo: the service ended with code ${code}; see above`);
  });
  ended.catch(() => {});
  const ready = (async () => {
    for (let tries = 0; tries < 300; tries++) {
      const answer = await fetch(`${demo.url}/healthz`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("Cannot start demo: the service did not answer within 30 seconds");
  })();
  await Promise.race([ready, ended]);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function check(): Promise<number> {
  await using demo = await startDemo(freePort(), "null");
  const rows = await tryAll(demo.url);
  printTable(rows);
  const failed = rows.filter(({ ok }) => !ok).length;
  console.log(
    failed === 0
      ? green(`\nall ${rows.length} requests were answered as expected`)
      : red(`\n${failed} of ${rows.length} requests were not answered as expected`),
  );
  return failed === 0 ? 0 : 1;
}

function printTable(rows: readonly Row[]): void {
  const head = { what: "request", expected: "expected", seen: "seen", ok: true };
  const width = (key: "what" | "expected" | "seen") =>
    Math.max(head[key].length, ...rows.map((row) => row[key].length));
  const [what, expected, seen] = [width("what"), width("expected"), width("seen")];
  const line = (row: Row) =>
    `${row.what.padEnd(what)}  ${row.expected.padEnd(expected)}  ${row.seen.padEnd(seen)}`;
  console.log(`\n${bold(line(head))}`);
  for (const row of rows) console.log(`${line(row)}  ${row.ok ? green("ok") : red("differs")}`);
}

async function stay(): Promise<number> {
  await using demo = await startDemo(8888, "inherit");
  console.log(`
${bold("The greeting service is up.")} ${dim(`Its code was generated into ${demo.dir}`)}

  GET   /from/:name        ${dim("you or me, and nobody else")}
  GET   /v1/book/entries   ${dim("the guest book; ?size= and ?minStars=")}
  POST  /v1/book/entries   ${dim("sign it")}
  GET   /healthz           ${dim("for load balancers")}

Try, from another terminal:

  ${cyan(`curl ${demo.url}/from/you`)}
  ${cyan(`curl ${demo.url}/from/nobody`)}
  ${
    cyan(
      `curl -H 'content-type: application/json' -d '{"name":"Ada","message":"Lovely"}' ${demo.url}/v1/book/entries`,
    )
  }
  ${cyan(`curl '${demo.url}/v1/book/entries?size=5'`)}

Stop it with Ctrl-C.
`);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => stopped.resolve());
  }
  await Promise.race([stopped.promise, demo.process.status]);
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await (Deno.args.includes("--check") ? check() : stay()));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
