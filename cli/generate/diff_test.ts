import { assert, assertEquals } from "@std/assert";
import { unifiedDiff } from "./diff.ts";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join("");
const NAMES = { from: "a", to: "b" };

const cases = [
  { name: "says nothing of equal texts", before: "x\n", after: "x\n", diff: "" },
  {
    name: "counts an empty side from the line before",
    before: "",
    after: "x\ny\n",
    diff: "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+x\n+y\n",
  },
  {
    name: "keeps three lines around a change",
    before: lines(1, 9),
    after: lines(1, 4) + "five\n" + lines(6, 9),
    diff: "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
  },
  {
    name: "splits changes that lie apart",
    before: lines(1, 20),
    after: lines(2, 19),
    diff: "--- a\n+++ b\n@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -17,4 +16,3 @@\n 17\n 18\n 19\n-20\n",
  },
  {
    name: "tells of a missing last newline",
    before: "x",
    after: "x\n",
    diff: "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-x\n\\ No newline at end of file\n+x\n",
  },
];
for (const { name, before, after, diff } of cases) {
  Deno.test(`unifiedDiff() ${name}`, () => {
    assertEquals(unifiedDiff(before, after, NAMES), diff);
  });
}

/** Applies a diff by its own line numbers, so that wrong numbers are found. */
function patch(before: string, diff: string): string {
  const old = before.split("\n").slice(0, -1);
  const out: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(2, -1)) {
    const hunk = /^@@ -(\d+),(\d+) /.exec(line);
    if (hunk) {
      const start = Number(hunk[2]) === 0 ? Number(hunk[1]) : Number(hunk[1]) - 1;
      out.push(...old.slice(at, start));
      at = start;
    } else if (line.startsWith("+")) out.push(line.slice(1));
    else {
      assertEquals(old[at], line.slice(1));
      if (line.startsWith(" ")) out.push(old[at]!);
      at++;
    }
  }
  return [...out, ...old.slice(at)].map((line) => `${line}\n`).join("");
}

Deno.test("unifiedDiff() of random texts can be applied", () => {
  const seed = 20_261_125;
  let state = seed;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
  const text = () => Array.from({ length: random(30) }, () => `${random(4)}\n`).join("");
  for (let round = 0; round < 300; round++) {
    const [before, after] = [text(), text()];
    const diff = unifiedDiff(before, after, NAMES);
    assertEquals(before === after ? before : patch(before, diff), after, `seed ${seed}`);
  }
});

Deno.test("unifiedDiff() shows texts that are too large to compare as replaced", () => {
  const before = Array.from({ length: 3000 }, (_, index) => `a${index}\n`).join("");
  const after = Array.from({ length: 3000 }, (_, index) => `b${index}\n`).join("");
  const diff = unifiedDiff(before, after, NAMES);
  assert(diff.includes("@@ -1,3000 +1,3000 @@"));
});
