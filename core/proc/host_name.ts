let known: string | undefined;

/**
 * The name of this machine. A process that may not read it, for lack of `--allow-sys=hostname`, gets a
 * random name that stays the same for its life, so that its files and lines can be told from others'.
 */
export function hostName(): string {
  return known ??= read() || crypto.randomUUID();
}

function read(): string | undefined {
  // Asking without permission would stop the program at a prompt, so the permission is asked about first.
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return state === "granted" ? Deno.hostname() : undefined;
}
