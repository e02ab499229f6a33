import fc from "npm:fast-check@^3";
import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Counter } from "./counter.ts";
import { MetricVec, OVERFLOW_LABEL } from "./vec.ts";

function counters(options: { labelNames?: readonly string[]; maxSeries?: number } = {}) {
  const overflows: string[] = [];
  const vec = new MetricVec<readonly string[], Counter>({
    name: "requests_total",
    labelNames: ["method", "path"],
    maxSeries: 100,
    create: () => new Counter(),
    onOverflow: () => overflows.push("full"),
    ...options,
  });
  return { vec, overflows };
}

Deno.test("MetricVec.labels() answers the same handle for the same values", () => {
  const { vec } = counters();
  assertStrictEquals(vec.labels("GET", "/x"), vec.labels("GET", "/x"));
  assertEquals(vec.size, 1);
});

Deno.test("MetricVec.labels() tells values apart that run together", () => {
  const { vec } = counters();
  vec.labels("a", "bc").inc();
  assertEquals(vec.labels("ab", "c").value, 0);
  assertEquals(vec.labels("", "abc").value, 0);
});

const wrong: [name: string, values: readonly unknown[], message: string][] = [
  ["too few values", ["GET"], "it has 2 labels, got 1 values"],
  ["no values", [], "it has 2 labels, got 0 values"],
  ["too many values", ["GET", "/x", "200"], "it has 2 labels, got 3 values"],
  ["a number", ["GET", 200], `"path" must be a string, got number`],
  ["undefined", [undefined, "/x"], `"method" must be a string, got undefined`],
];

for (const [name, values, message] of wrong) {
  Deno.test(`MetricVec.labels() refuses ${name}`, () => {
    const { vec } = counters();
    vec.labels("GET", "/x");
    assertThrows(() => Reflect.apply(vec.labels, vec, values), TypeError, message);
    assertEquals(vec.size, 1);
  });
}

Deno.test("MetricVec.labels() makes one series of values that read the same in UTF-8", () => {
  const { vec } = counters({ labelNames: ["key"] });
  vec.labels("a\ud800").inc();
  vec.labels("a\udc00").inc();
  assertEquals(vec.labels("a\ufffd").value, 2);
  assertEquals(vec.size, 1);
});

Deno.test("MetricVec.labels() counts what finds no room as one series", () => {
  const { vec, overflows } = counters({ maxSeries: 2 });
  vec.labels("GET", "/1").inc();
  vec.labels("GET", "/2").inc();
  for (let path = 3; path < 100; path++) vec.labels("GET", `/${path}`).inc();
  assertEquals(vec.size, 3);
  assertEquals(vec.labels(OVERFLOW_LABEL, OVERFLOW_LABEL).value, 97);
  assertEquals(overflows.length, 97);
  vec.labels("GET", "/1").inc();
  assertEquals(vec.labels("GET", "/1").value, 2);
});

Deno.test("MetricVec.remove() makes room, also for the overflow series", () => {
  const { vec } = counters({ maxSeries: 1 });
  vec.labels("GET", "/1").inc();
  vec.labels("GET", "/2").inc();
  assertEquals(vec.remove("GET", "/1"), true);
  assertEquals(vec.remove("GET", "/1"), false);
  assertEquals(vec.remove("PUT", "/1"), false);
  vec.labels("GET", "/2").inc();
  assertEquals(vec.labels("GET", "/2").value, 1);
  assertEquals(vec.remove(OVERFLOW_LABEL, OVERFLOW_LABEL), true);
  assertEquals(Array.from(vec, ({ labels }) => labels), [["GET", "/2"]]);
});

Deno.test("MetricVec.remove() of part of a path removes nothing", () => {
  const { vec } = counters();
  vec.labels("GET", "/1");
  assertEquals(Reflect.apply(vec.remove, vec, ["GET"]), false);
  assertEquals(vec.size, 1);
});

Deno.test("MetricVec without labels has one series", () => {
  const { vec } = counters({ labelNames: [] });
  vec.labels().inc();
  assertEquals(vec.labels().value, 1);
  assertEquals(vec.size, 1);
});

for (const maxSeries of [0, -1, 1.5, NaN]) {
  Deno.test(`new MetricVec() refuses maxSeries ${maxSeries}`, () => {
    assertThrows(() => counters({ maxSeries }), RangeError, `got ${maxSeries}`);
  });
}

Deno.test("MetricVec counts as a plain map does, whatever is counted and removed", () => {
  const label = fc.constantFrom("a", "b", "c", "");
  const step = fc.record({ remove: fc.boolean(), labels: fc.tuple(label, label) });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const { vec } = counters();
    const model = new Map<string, number>();
    for (const { remove, labels } of steps) {
      const key = labels.join("|");
      if (remove) assertEquals(vec.remove(...labels), model.delete(key));
      else {
        vec.labels(...labels).inc();
        model.set(key, (model.get(key) ?? 0) + 1);
      }
    }
    const counted = Array.from(vec, ({ labels, handle }) => [labels.join("|"), handle.value]);
    assertEquals(counted, [...model]);
  }));
});
