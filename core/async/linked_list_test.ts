import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "npm:fast-check@^3";
import { type Link, LinkedList } from "./_linked_list.ts";

const seed = Date.now() | 0;
console.log(`linked_list_test seed ${seed}`);

function drain(list: LinkedList<number>): number[] {
  const values: number[] = [];
  for (let link = list.shift(); link; link = list.shift()) values.push(link.value);
  return values;
}

for (const leaving of [0, 1, 2, 3]) {
  Deno.test(`LinkedList.remove() takes member ${leaving} of four out, once`, () => {
    const list = new LinkedList<number>();
    const links = [0, 1, 2, 3].map((value) => list.push(value));
    assertEquals([list.remove(links[leaving]!), list.remove(links[leaving]!)], [true, false]);
    assertEquals([list.size, links[leaving]!.linked], [3, false]);
    list.push(4);
    assertEquals(drain(list), [0, 1, 2, 3, 4].filter((value) => value !== leaving));
    assertEquals([list.size, list.shift()], [0, undefined]);
  });
}

Deno.test("LinkedList can be filled again when its last member has left", () => {
  const list = new LinkedList<undefined>();
  const only = list.push(undefined);
  assertEquals(list.remove(only), true);
  const next = list.push(undefined);
  assertStrictEquals(list.shift(), next); // The link, although the value is undefined.
  assertEquals([list.size, list.remove(next)], [0, false]);
});

Deno.test("LinkedList holds what an array holds, whatever is done to both", () => {
  const step = fc.oneof(
    fc.constant({ do: "push" as const, at: 0 }),
    fc.constant({ do: "shift" as const, at: 0 }),
    fc.record({ do: fc.constant("remove" as const), at: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const list = new LinkedList<number>();
      const model: Link<number>[] = [];
      for (const [index, { do: what, at }] of steps.entries()) {
        if (what === "push") model.push(list.push(index));
        else if (what === "shift") assertStrictEquals(list.shift(), model.shift());
        else if (at < model.length) assertEquals(list.remove(model.splice(at, 1)[0]!), true);
        assertEquals(list.size, model.length);
      }
      assertEquals(drain(list), model.map(({ value }) => value));
    }),
    { seed },
  );
});
