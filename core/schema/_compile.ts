/**
 * Turns a definition into a decoder, once.
 *
 * @module
 */

import { type Definition, resolve } from "./definition.ts";
import { bytesDecoder, listDecoder, mapDecoder } from "./_container.ts";
import { anyDecoder, customDecoder, failCustom } from "./_open.ts";
import { type Member, memberOf } from "./_member.ts";
import { objectDecoder, type ObjectPlan } from "./_object.ts";
import { inRange, parseRange } from "./range.ts";
import { at, type Decoder, FAIL, quote, type Run } from "./_run.ts";
import { type Mode, scalarDecoder } from "./_scalar.ts";
import { inherits } from "./_shape.ts";

const compiled: Record<Mode, WeakMap<Definition, Decoder>> = {
  native: new WeakMap(),
  text: new WeakMap(),
  element: new WeakMap(),
  value: new WeakMap(),
};

/** The decoder of values that are there: neither absent nor null. Compiled once per mode. */
export function compile(definition: Definition, mode: Mode): Decoder {
  const known = compiled[mode].get(definition);
  if (known) return known;
  const decoder = withConditions(build(definition, mode), definition);
  compiled[mode].set(definition, decoder);
  return decoder;
}

function build(definition: Definition, mode: Mode): Decoder {
  const { kind } = definition;
  switch (kind) {
    case "any":
      return anyDecoder;
    case "bytes":
      return bytesDecoder;
    case "custom":
      return customDecoder(definition.custom!);
    case "array":
      return listDecoder(definition, compile(definition.item!, "element"), {
        fromText: mode === "native" || mode === "text",
        ...(mode === "text" ? { textItem: compile(definition.item!, "text") } : {}),
      });
    case "map":
      return mapDecoder(
        definition,
        compile(definition.item!, "value"),
        mode === "native" || mode === "text",
      );
    case "object":
      return objectDecoder(planOf(definition, mode === "text" ? "text" : "native"));
    case "lazy":
      return lazyDecoder(definition, mode);
    default:
      return scalarDecoder(definition, mode);
  }
}

/** Compiles at the first value, when what it refers to has been defined. */
function lazyDecoder(definition: Definition, mode: Mode): Decoder {
  let target: Decoder | undefined;
  return (value, run, depth) => {
    target ??= compile(resolve(definition), mode);
    return target(value, run, depth);
  };
}

/** The members of an object, compiled. `mode` says how its members are written. */
export function planOf(definition: Definition, mode: "native" | "text" = "native"): ObjectPlan {
  const members: Member[] = Object.entries(definition.fields ?? {})
    .filter(([, member]) => !member.ignored)
    .map(([name, member]) => memberOf(name, member, mode, compile));
  return {
    members,
    strict: definition.strict ?? false,
    tracksParents: inherits(definition),
    groups: members.some((member) => member.definition.group),
  };
}

/** Adds range, options and checks, in that order. */
function withConditions(decode: Decoder, definition: Definition): Decoder {
  const conditions: ((value: unknown, run: Run) => typeof FAIL | undefined)[] = [];
  if (definition.range !== undefined) conditions.push(rangeCondition(definition.range));
  if (definition.options) conditions.push(optionsCondition(definition.options));
  for (const check of definition.checks ?? []) {
    conditions.push((value, run) => {
      const problem = check(value);
      return problem === undefined ? undefined : failCustom(run, problem);
    });
  }
  if (conditions.length === 0) return decode;
  return (value, run, depth) => {
    const result = decode(value, run, depth);
    if (result === FAIL) return FAIL;
    for (const condition of conditions) {
      if (condition(result, run) === FAIL) return FAIL;
    }
    return result;
  };
}

function rangeCondition(text: string) {
  const range = parseRange(text);
  return (value: unknown, run: Run) => {
    if (inRange(range, value as number)) return undefined;
    const shown = String(value);
    return run.fail(
      "range",
      (path) => `${at(path)}: wrong number range setting, need ${text}, got ${shown}`,
      { range: text },
    );
  };
}

function optionsCondition(options: readonly unknown[]) {
  const allowed = new Set(options);
  const listed = `[${options.join(" ")}]`;
  return (value: unknown, run: Run) => {
    if (allowed.has(value)) return undefined;
    const shown = quote(value);
    return run.fail(
      "options",
      (path) => `value ${shown} for ${at(path)} is not defined in options "${listed}"`,
      { options },
    );
  };
}
