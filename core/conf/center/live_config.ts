/**
 * What of a new configuration a running service can take.
 *
 * @module
 */

import type { Logger } from "../../log/logger.ts";
import { isEqual } from "./_equal.ts";

type Section = Readonly<Record<string, unknown>>;

/** Options for {@link LiveConfig}. */
export interface LiveConfigOptions {
  /** The parts that can change: a key, or keys with dots between them. */
  readonly live: readonly string[];
  /** Told what has changed and cannot be taken. */
  readonly logger: Logger;
}

/**
 * The configuration of a running service: some of its parts can change, the others wait for the next start.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryLog } from "@zeno/zeno/core/testing";
 * const logger = new MemoryLog();
 * const start = { Port: 80, Timeout: 3000, Log: { Level: "info", Path: "logs" } };
 * const config = new LiveConfig(start, { live: ["Timeout", "Log.Level"], logger });
 *
 * config.take({ Port: 81, Timeout: 500, Log: { Level: "error", Path: "logs" } });
 * assertEquals(config.value, { Port: 80, Timeout: 500, Log: { Level: "error", Path: "logs" } });
 * assertEquals(logger.contents("info"), ["Cannot change Port while serving: it holds from the next start"]);
 * ```
 */
export class LiveConfig<T extends object> {
  readonly #options: LiveConfigOptions;
  #value: T;
  /** What cannot be taken, as it was told last. */
  #waiting = "";

  /** Holds what the service was started with. */
  constructor(value: T, options: LiveConfigOptions) {
    this.#value = value;
    this.#options = options;
  }

  /** The configuration as it holds now. */
  get value(): T {
    return this.#value;
  }

  /**
   * Takes the parts of `next` that can change. What else is different is named in the log, once.
   *
   * @returns Whether something has changed.
   */
  take(next: T): boolean {
    const before = this.#value;
    let value: object = before;
    for (const path of this.#options.live) value = withPart(value, next, path.split("."));
    this.#value = value as T;
    this.#tell(differences(value, next).join(", "));
    return value !== before;
  }

  #tell(waiting: string): void {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    if (waiting === "") return;
    this.#options.logger.info(
      `Cannot change ${waiting} while serving: it holds from the next start`,
    );
  }
}

/** A copy of `current` with one part as `next` has it; the same object if it is so already. */
function withPart(current: object, next: object, [name = "", ...rest]: string[]): object {
  const [before, after] = [member(current, name), member(next, name)];
  const isWhole = rest.length === 0 || !isSection(before) || !isSection(after);
  const part = isWhole ? after : withPart(before, after, rest);
  if (isEqual(part, before)) return current;
  const { [name]: _before, ...others } = current as Section;
  return part === undefined ? others : { ...others, [name]: part };
}

/** The keys under which two configurations differ. */
function differences(a: object, b: object): string[] {
  return Object.keys({ ...a, ...b }).flatMap((name) => {
    const [before, after] = [member(a, name), member(b, name)];
    if (isEqual(before, after)) return [];
    if (!isSection(before) || !isSection(after)) return [name];
    return differences(before, after).map((path) => `${name}.${path}`);
  });
}

function member(section: object, name: string): unknown {
  return (section as Section)[name];
}

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}
