/**
 * Folders and processes for tests.
 *
 * @module
 */

/** Runs a test with the path of a folder that is deleted afterwards. */
export async function inTempFolder(test: (dir: string) => Promise<void>): Promise<void> {
  // The real path: on some systems the folder of temporary files is a link.
  const dir = await Deno.realPath(await Deno.makeTempDir({ prefix: "zeno-test-" }));
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** What a process left behind. */
export interface Finished {
  /** Exit code. */
  readonly code: number;
  /** Both streams, without colours. */
  readonly output: string;
}

/** Runs `deno` with these arguments in a folder, and waits for its end. */
export async function runDeno(dir: string, ...args: string[]): Promise<Finished> {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd: dir,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
