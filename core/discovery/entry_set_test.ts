import { assert, assertEquals } from "@std/assert";
import { changesBetween, EntrySet } from "./entry_set.ts";

/** Makes changes written as `key=value` and `-key`. */
function make(set: EntrySet, changes: string): EntrySet {
  for (const change of changes.split(" ").filter(Boolean)) {
    const [key, value] = change.split("=") as [string, string];
    if (change.startsWith("-")) set.apply({ type: "delete", key: change.slice(1) });
    else set.apply({ type: "put", key, value });
  }
  return set;
}

const rows: [string, string[]][] = [
  ["", []],
  ["first=a", ["a"]],
  ["first=a second=b", ["a", "b"]],
  ["first=a second=b -first", ["b"]],
  ["first=a second=b -first -second", []],
  ["first=a second=b third=a -first -second", ["a"]],
  ["first=a second=b third=a -first -second -forth", ["a"]],
  ["k=host:1234 k=host:5678", ["host:5678"]],
  ["k=host:1234 k=host:5678 -k", []],
];
for (const exclusive of [false, true]) {
  for (const [changes, values] of rows) {
    // The third key takes the value from the first when exclusive, and keeps it alike.
    Deno.test(`EntrySet has ${values} after "${changes}", exclusive ${exclusive}`, () => {
      assertEquals(make(new EntrySet({ exclusive }), changes).values(), values);
    });
  }
}

Deno.test("EntrySet.put() of one key a hundred times is one key", () => {
  const set = new EntrySet();
  for (let i = 0; i < 100; i++) set.put("etcd-key", "host:1234");
  assertEquals([...set.entries], [["etcd-key", "host:1234"]]);
});

Deno.test("EntrySet gives a value to its latest key when exclusive", () => {
  const set = make(new EntrySet({ exclusive: true }), "key1=s key2=s key3=s");
  assertEquals([set.values(), [...set.entries]], [["s"], [["key3", "s"]]]);
  make(set, "key4=s");
  assertEquals([...set.entries], [["key4", "s"]]);
});

Deno.test("EntrySet.values() is the same array until the values change", () => {
  const set = make(new EntrySet(), "a=1 b=2");
  const before = set.values();
  make(set, "c=1 -a -none b=2");
  assert(set.values() === before);
  make(set, "-c");
  assertEquals([set.values(), before], [["2"], ["1", "2"]]);
});

Deno.test("changesBetween() deletes first", () => {
  assertEquals(
    changesBetween(
      new Map([["first", "1"], ["same", "s"], ["changed", "x"]]),
      new Map([
        ["third", "3"],
        ["same", "s"],
        ["changed", "y"],
      ]),
    ),
    [
      { type: "delete", key: "first" },
      { type: "put", key: "third", value: "3" },
      { type: "put", key: "changed", value: "y" },
    ],
  );
});
