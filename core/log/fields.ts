import { AsyncLocalStorage } from "node:async_hooks";

/** Named facts beside a message. Values may be anything; `undefined` is left out. */
export type LogFields = Readonly<Record<string, unknown>>;

const storage = new AsyncLocalStorage<LogFields>();
let globalFields: LogFields = {};

/**
 * Runs `fn` so that every line logged within it, however deep and however many awaits later, carries
 * `fields`. They win over all other fields of the same name. Calls nest: inner fields add to outer
 * ones. `trace` and `span` are the names of the trace and span ids.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const seen = withLogFields({ trace: "4bf9" }, () => withLogFields({ user: 7 }, contextLogFields));
 * assertEquals(seen, { trace: "4bf9", user: 7 });
 * ```
 */
export function withLogFields<T>(fields: LogFields, fn: () => T): T {
  const outer = storage.getStore();
  return storage.run(outer ? { ...outer, ...fields } : fields, fn);
}

/** The fields of the {@link withLogFields} calls around this one, if any. */
export function contextLogFields(): LogFields | undefined {
  return storage.getStore();
}

/**
 * Adds fields to every line of every logger in the process, such as the version that runs. All other
 * fields of the same name win over them. Dispose the answer to take them away.
 */
export function addGlobalLogFields(fields: LogFields): Disposable {
  const before = new Map(Object.keys(fields).map((key) => [key, globalFields[key]]));
  globalFields = { ...globalFields, ...fields };
  return {
    [Symbol.dispose]() {
      const rest: Record<string, unknown> = { ...globalFields };
      for (const [key, value] of before) {
        if (value === undefined) delete rest[key];
        else rest[key] = value;
      }
      globalFields = rest;
      before.clear(); // A second call changes nothing.
    },
  };
}

/** The fields {@link addGlobalLogFields} added. */
export function globalLogFields(): LogFields {
  return globalFields;
}
