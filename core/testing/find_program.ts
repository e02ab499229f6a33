/**
 * Programs that tests need and the machine may not have.
 *
 * @module
 */

/** What {@link findProgram} looks for. */
export interface ProgramOptions {
  /** The package of Debian and Ubuntu that it comes with. */
  readonly package: string;
  /** What is said of it in an error: which version is needed, and what may be set instead. */
  readonly remedy: string;
}

/**
 * The name of a program that answers `--version`, installed with `apt-get` where that may be done.
 *
 * @throws {Error} If it is not there and cannot be installed, saying what is missing.
 */
export async function findProgram(program: string, options: ProgramOptions): Promise<string> {
  if (await succeeds(program, ["--version"])) return program;
  const mayInstall = Deno.build.os === "linux" && Deno.uid() === 0;
  if (mayInstall && await install(program, options.package)) return program;
  throw new Error(
    `Cannot start ${program}: it is not on the PATH` +
      (mayInstall ? ` and apt-get could not install ${options.package}` : "") +
      `; ${options.remedy}`,
  );
}

/** Installs a package, one test at a time: those that come meanwhile find it there. */
async function install(program: string, name: string): Promise<boolean> {
  const path = `${Deno.env.get("TMPDIR") ?? "/tmp"}/zeno_install.lock`;
  using file = await Deno.open(path, { create: true, write: true });
  await file.lock(true);
  try {
    if (await succeeds(program, ["--version"])) return true;
    // Others of the system may be installing, too.
    const args = ["-o", "DPkg::Lock::Timeout=300", "install", "-y", name];
    if (await succeeds("apt-get", args)) return true;
    await succeeds("apt-get", ["update"]);
    return await succeeds("apt-get", args);
  } finally {
    await file.unlock();
  }
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  try {
    const command = new Deno.Command(program, {
      args,
      stdout: "null",
      stderr: "null",
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
    return (await command.output()).success;
  } catch {
    return false;
  }
}
