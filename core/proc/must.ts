import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";

/** Options for {@link must}. */
export interface MustOptions {
  /** Told why the process ends, at level severe. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Ends the process. @default {Deno.exit} */
  exit?: ((code: number) => void) | undefined;
}

/**
 * Runs what a process cannot do without, such as reading its configuration. If it fails, the process
 * says why in its log, and ends with code 1 once the line is out.
 *
 * For the top of a program. A library throws, and lets its caller decide.
 *
 * @returns What `work` returns.
 * @throws What `work` throws, if `exit` was replaced and returns.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const port = await must(() => Number("8080"));
 * assertEquals(port, 8080);
 * ```
 */
export async function must<T>(
  work: () => T | PromiseLike<T>,
  options: MustOptions = {},
): Promise<T> {
  const { logger = consoleLogger, exit = Deno.exit } = options;
  try {
    return await work();
  } catch (error) {
    const stack = error instanceof Error ? error.stack : undefined;
    logger.severe(reasonOf(error), { error, stack });
    await logger.flush();
    exit(1);
    throw error;
  }
}
