import { format } from "node:util";
import { complainThrough } from "./_complain.ts";
import type { Logger } from "./logger.ts";

/** The methods of a console that {@link patchConsole} takes over. */
export type ConsoleMethods = Pick<Console, "debug" | "error" | "info" | "log" | "trace" | "warn">;

/** Where each method's lines go: what a terminal shows on stderr is an error. */
const LEVELS: Readonly<Record<keyof ConsoleMethods, "debug" | "info" | "error">> = {
  debug: "debug",
  trace: "debug",
  log: "info",
  info: "info",
  warn: "error",
  error: "error",
};

/**
 * Sends what the program and its libraries say on the console through a logger, so that all lines of a
 * process have one form and carry the fields of their request. Disposing the answer puts the console
 * back, unless somebody else has patched it since.
 *
 * A logger or sink that itself uses the console is not called again for that: its words go where they
 * went before.
 *
 * @param target The console. `globalThis.console` by default.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryLog } from "@zeno/zeno/core/testing";
 * const log = new MemoryLog();
 * {
 *   using _ = patchConsole(log);
 *   console.log("%d items for %s", 3, "ann");
 * }
 * assertEquals(log.contents("info"), ["3 items for ann"]);
 * ```
 */
export function patchConsole(logger: Logger, target: ConsoleMethods = console): Disposable {
  const originals = new Map<keyof ConsoleMethods, (...args: unknown[]) => void>();
  const patches = new Map<keyof ConsoleMethods, (...args: unknown[]) => void>();
  let isLogging = false;
  for (const method of Object.keys(LEVELS) as (keyof ConsoleMethods)[]) {
    const original = target[method];
    const patch = (...args: unknown[]) => {
      if (isLogging) return original.apply(target, args);
      isLogging = true;
      try {
        logger[LEVELS[method]](() => format(...args));
      } finally {
        isLogging = false;
      }
    };
    originals.set(method, original);
    patches.set(method, patch);
    target[method] = patch;
  }
  const writeError = originals.get("error")!;
  // A sink that fails later, as a full disk does, must not be told of it through itself.
  if (target === console) complainThrough((message) => writeError.call(target, message));
  return {
    [Symbol.dispose]() {
      for (const [method, patch] of patches) {
        if (target[method] === patch) target[method] = originals.get(method)!;
      }
      if (target === console && console.error === writeError) complainThrough(undefined);
    },
  };
}
