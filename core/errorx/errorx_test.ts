import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ErrorBatch } from "./error_batch.ts";
import { includesError } from "./includes_error.ts";
import { wrapError } from "./wrap_error.ts";

const e1 = new Error("first error");
const e2 = new Error("second error");
const e3 = new Error("third error");

const batches = [
  { name: "nothing", add: [], message: undefined },
  { name: "only null and undefined", add: [null, undefined], message: undefined },
  { name: "one error", add: [e1], message: "first error" },
  { name: "two errors and null", add: [e1, null, e2], message: "first error\nsecond error" },
  { name: "what is no error", add: ["text", 7], message: "text\n7" },
];
for (const { name, add, message } of batches) {
  Deno.test(`ErrorBatch of ${name}`, () => {
    const batch = new ErrorBatch();
    batch.add(...add);
    const error = batch.toError();
    assertEquals(error?.message, message);
    const present = add.filter((item) => item !== null && item !== undefined);
    assertEquals([batch.size, error?.errors ?? []], [present.length, present]);
    for (const item of present) assert(includesError(error, item));
    if (message === undefined) batch.throwIfAny();
    else assertThrows(() => batch.throwIfAny(), AggregateError, message);
  });
}

const circular = new Error("circular");
circular.cause = new Error("inner", { cause: circular });

const rows: readonly { name: string; error: unknown; targets: unknown[]; expected: boolean }[] = [
  { name: "itself", error: e1, targets: [e1, e2], expected: true },
  { name: "another", error: e3, targets: [e1, e2], expected: false },
  { name: "none", error: e1, targets: [], expected: false },
  { name: "null in errors", error: null, targets: [e1], expected: false },
  { name: "an error in null", error: e1, targets: [null, e2], expected: false },
  { name: "null in null", error: null, targets: [null, e2], expected: true },
  { name: "null in none", error: null, targets: [], expected: false },
  {
    name: "a cause",
    error: new Error("", { cause: new Error("", { cause: e2 }) }),
    targets: [e2],
    expected: true,
  },
  {
    name: "a member",
    error: new AggregateError([e1, new AggregateError([e2])]),
    targets: [e2],
    expected: true,
  },
  {
    name: "the cause of a group",
    error: new AggregateError([], "", { cause: e2 }),
    targets: [e2],
    expected: true,
  },
  {
    name: "a class",
    error: new Error("", { cause: new RangeError() }),
    targets: [RangeError],
    expected: true,
  },
  { name: "another class", error: new RangeError(), targets: [TypeError], expected: false },
  { name: "the class of all errors", error: new RangeError(), targets: [Error], expected: true },
  { name: "a function", error: e1, targets: [() => e1, Map], expected: false },
  { name: "a circle", error: circular, targets: [e1], expected: false },
];
for (const { name, error, targets, expected } of rows) {
  Deno.test(`includesError() with ${name}`, () => {
    assertEquals(includesError(error, ...targets), expected);
  });
}

Deno.test("wrapError() puts a text before the error's and keeps the error as cause", () => {
  const bar = new Error("bar");
  const wrapped = wrapError(bar, "foo");
  assertEquals(wrapped.message, "foo: bar");
  assertStrictEquals(wrapped.cause, bar);
  assertEquals(wrapError(new Error("quz"), `foo ${"bar"}`).message, "foo bar: quz");
  assertEquals(wrapError("text", "foo").message, "foo: text");
});

Deno.test("wrapError() leaves nothing nothing", () => {
  assertEquals([wrapError(null, "foo"), wrapError(undefined, "foo")], [null, undefined]);
});
