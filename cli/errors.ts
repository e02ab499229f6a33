/**
 * Exit codes of the `zeno` command and the errors that end it.
 *
 * @module
 */

/** Everything went well. */
export const EXIT_OK = 0;
/** The input has errors, or a check found a difference. */
export const EXIT_FOUND = 1;
/** The command line is wrong. */
export const EXIT_USAGE = 2;
/** A file or folder could not be read or written. */
export const EXIT_IO = 3;

/** Thrown for a wrong command line; ends the process with {@link EXIT_USAGE}. */
export class UsageError extends Error {
  /** Makes an error. `message` reads `Cannot <do what>: <what is>`. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

/** Thrown when a file or folder cannot be used; ends the process with {@link EXIT_IO}. */
export class FileError extends Error {
  /** Makes an error. `message` is one line that says what to do. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FileError";
  }

  /**
   * Explains an error of the file system.
   *
   * @param action What failed, as in `read etc/greet.yaml`.
   * @param error What the runtime threw.
   */
  static of(action: string, error: unknown): FileError {
    return new FileError(`Cannot ${action}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it does not exist; check the path";
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the system refuses access; check owner and mode";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return "Deno refuses access; run with --allow-read and --allow-write";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder; name a file";
  if (error instanceof Deno.errors.NotADirectory) {
    return "a part of the path is a file; name a folder";
  }
  return error instanceof Error ? error.message : String(error);
}
