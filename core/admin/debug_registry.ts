import type { JsonValue } from "../log/record.ts";
import { reasonOf, setOwn, ValueRenderer } from "../log/value_renderer.ts";

/** Names of pages that are there without anybody registering them. */
const RESERVED: ReadonlySet<string> = new Set(["config", "heap", "log-level", "profile", "state"]);

/** What one topic says at one moment: the state of each part under the part's name. */
export type DebugTopic = Readonly<Record<string, JsonValue>>;

/**
 * Parts of a process that can say what state they are in. Each registers a function that is called when
 * somebody looks, so a part that nobody looks at pays nothing, and none pays on its hot path.
 *
 * A part belongs to a topic, such as `breakers`, which is also the address of its page:
 * `/debug/breakers`. What it answers is shown as JSON; values under keys that name a secret are masked.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const debug = new DebugRegistry();
 * using _queue = debug.register("queues", "mail", () => ({ waiting: 3, password: "hunter2" }));
 * assertEquals(debug.read("queues"), { mail: { waiting: 3, password: "***" } });
 * ```
 */
export class DebugRegistry {
  readonly #topics = new Map<string, Map<string, { read: () => unknown }>>();
  readonly #renderer = new ValueRenderer();

  /**
   * Adds a part until the answer is disposed. Two parts of one name are told apart by a number.
   *
   * @param topic What kind of state it is: lower-case letters, digits and hyphens.
   * @param name Which part of the process it is.
   * @param read Answers the state; called whenever somebody looks. What it throws is shown in its place.
   * @throws {SyntaxError} If the topic cannot be part of an address, or is one that is always there.
   */
  register(topic: string, name: string, read: () => unknown): Disposable {
    if (!/^[a-z][a-z0-9-]*$/.test(topic)) {
      throw new SyntaxError(
        `Cannot register debug topic "${topic}": need lower-case letters, digits and hyphens`,
      );
    }
    if (RESERVED.has(topic)) {
      throw new SyntaxError(`Cannot register debug topic "${topic}": the name is taken`);
    }
    const parts = this.#topics.get(topic) ?? new Map<string, { read: () => unknown }>();
    const part = { read }; // A wrapper, so that one function registered twice is two parts.
    this.#topics.set(topic, parts);
    let key = name;
    for (let number = 2; parts.has(key); number++) key = `${name} #${number}`;
    parts.set(key, part);
    return {
      [Symbol.dispose]: () => {
        if (parts.get(key) !== part) return;
        parts.delete(key);
        if (parts.size === 0) this.#topics.delete(topic);
      },
    };
  }

  /** The topics that have a part, in alphabetical order. */
  topics(): string[] {
    return [...this.#topics.keys()].sort();
  }

  /** What the parts of a topic say now; `undefined` if it has none. Never throws. */
  read(topic: string): DebugTopic | undefined {
    const parts = this.#topics.get(topic);
    if (!parts) return undefined;
    const states: Record<string, JsonValue> = {};
    for (const [name, { read }] of parts) setOwn(states, name, this.#state(read));
    return states;
  }

  #state(read: () => unknown): JsonValue {
    try {
      return this.#renderer.value(read()) ?? null;
    } catch (error) {
      return { error: `Cannot read state: ${reasonOf(error)}` };
    }
  }
}

/** The registry of parts that are given none; the dev server shows it. */
export const defaultDebugRegistry: DebugRegistry = new DebugRegistry();

/**
 * Adds a part to {@link defaultDebugRegistry}; see {@link DebugRegistry.register}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using _part = registerDebug("caches", "users", () => ({ hits: 9, misses: 1 }));
 * assertEquals(defaultDebugRegistry.read("caches"), { users: { hits: 9, misses: 1 } });
 * ```
 */
export function registerDebug(topic: string, name: string, read: () => unknown): Disposable {
  return defaultDebugRegistry.register(topic, name, read);
}
