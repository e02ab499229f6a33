let direct: ((message: string) => void) | undefined;

/** Says on the console what a log cannot say itself. */
export function complain(message: string): void {
  if (direct) direct(message);
  else console.error(message);
}

/** Makes {@link complain} go past a console that has been patched, or not any more. */
export function complainThrough(write: ((message: string) => void) | undefined): void {
  direct = write;
}
