/**
 * The Deno this clone is made for, and what to do when it is another.
 *
 * @module
 */

/** The pinned version, from `.dvmrc`. */
export const PINNED: string = Deno.readTextFileSync(new URL("../.dvmrc", import.meta.url)).trim();

/** Ends the process, saying what to run, unless this is the pinned Deno. */
export function requirePinnedDeno(task: string): void {
  if (Deno.version.deno === PINNED) return;
  console.error(
    `This clone needs Deno ${PINNED}, and this is ${Deno.version.deno}. Run:  npx -y deno@${PINNED} task ${task}`,
  );
  Deno.exit(2);
}
