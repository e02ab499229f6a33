/**
 * Generated services in processes of their own, for tests.
 *
 * @module
 */

/** A service that listens. */
export interface RunningService extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:1234`. */
  readonly url: string;
  /** Where its dev server listens, if it has one. */
  readonly devUrl: string;
  /** Asks it to stop, and answers with its exit code. */
  stop(): Promise<number>;
}

/**
 * Starts `main.ts` of a folder with the permissions of its `deno.json`, and waits until it says where it listens. What it
 * listens on comes from its yaml file, which should say `Port: 0`.
 */
export async function startService(
  dir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-P", "main.ts"],
    cwd: dir,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(process.stderr).text();
  const lines = process.stdout.pipeThrough(new TextDecoderStream());
  let [said, port] = ["", ""];
  for await (const text of lines.values({ preventCancel: true })) {
    said += text;
    port = /Serving \S+ at [\d.]+:(\d+)/.exec(said)?.[1] ?? "";
    if (port !== "") break;
  }
  if (port === "") throw new Error(`Cannot start service: ${await errors}${said}`);
  const devPort = /dev http server at [\d.]+:(\d+)/.exec(said)?.[1];
  let stopping: Promise<number> | undefined;
  const stop = () => stopping ??= stopped(process, () => Promise.all([lines.cancel(), errors]));
  return {
    url: `http://127.0.0.1:${port}`,
    devUrl: `http://127.0.0.1:${devPort}`,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

async function stopped(process: Deno.ChildProcess, close: () => Promise<unknown>): Promise<number> {
  process.kill("SIGTERM");
  await close();
  return (await process.status).code;
}
