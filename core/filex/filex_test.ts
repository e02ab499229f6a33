import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "npm:fast-check@^3";
import { BLOCK_BYTES } from "./_blocks.ts";
import { countLines } from "./count_lines.ts";
import { firstLine } from "./first_line.ts";
import { lastLine } from "./last_line.ts";
import { openRange } from "./open_range.ts";
import { readTextLines, type ReadTextLinesOptions } from "./read_text_lines.ts";
import { splitLineChunks } from "./split_line_chunks.ts";

/** A file with this text, for as long as `use` takes. */
async function withFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

const SEVEN = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"]
  .map((word) => `${word} line\n`).join("");
const BLOCK = "b".repeat(BLOCK_BYTES);

const ends: readonly { name: string; text: string; first: string; last: string; lines: number }[] =
  [
    { name: "nothing", text: "", first: "", last: "", lines: 0 },
    { name: "seven lines", text: SEVEN, first: "first line", last: "seventh line", lines: 7 },
    { name: "no line feed at the end", text: "1\n2\n3\n4", first: "1", last: "4", lines: 4 },
    { name: "one line", text: "one", first: "one", last: "one", lines: 1 },
    { name: "a line feed", text: "\n", first: "", last: "", lines: 1 },
    { name: "an empty last line", text: "a\n\n", first: "a", last: "", lines: 2 },
    { name: "carriage returns", text: "a\r\nb\r\n", first: "a\r", last: "b\r", lines: 2 },
    { name: "a first line of a block", text: `${BLOCK}\nx\n`, first: BLOCK, last: "x", lines: 2 },
    // Where blocks are cut at their last byte, the two lines must not be taken for one.
    { name: "a last line of a block", text: `x\n${BLOCK}`, first: "x", last: BLOCK, lines: 2 },
    {
      name: "a last line of three blocks",
      text: `x\n${BLOCK}${BLOCK}yz\n`,
      first: "x",
      last: `${BLOCK}${BLOCK}yz`,
      lines: 2,
    },
    {
      name: "a character cut by blocks",
      text: `a${"é".repeat(BLOCK_BYTES)}`,
      first: `a${"é".repeat(BLOCK_BYTES)}`,
      last: `a${"é".repeat(BLOCK_BYTES)}`,
      lines: 1,
    },
  ];
for (const { name, text, first, last, lines } of ends) {
  Deno.test(`firstLine(), lastLine() and countLines() of a file with ${name}`, async () => {
    await withFile(text, async (path) => {
      assertEquals(await firstLine(path), first);
      assertEquals(await lastLine(path), last);
      assertEquals(await countLines(path), lines);
    });
  });
}

const splits: readonly { name: string; text: string; count: number; ranges: [number, number][] }[] =
  [
    { name: "seven lines", text: SEVEN, count: 3, ranges: [[0, 34], [34, 68], [68, 81]] },
    { name: "empty lines", text: "aaa\n\n\nbbb\nccc\n", count: 3, ranges: [[0, 6], [6, 14]] },
    {
      name: "a long end without line feed",
      text: "aaa\nbbbbbbbbbbbb",
      count: 2,
      ranges: [[0, 16]],
    },
    { name: "one part", text: SEVEN, count: 1, ranges: [[0, 81]] },
    { name: "more parts than bytes", text: "a\nb", count: 100, ranges: [[0, 2], [2, 3]] },
    { name: "nothing", text: "", count: 3, ranges: [] },
    { name: "a CR and LF at the cut", text: "aaaa\r\nbbbb", count: 2, ranges: [[0, 10]] },
    { name: "a cut between CR and LF", text: "aaaaa\r\nbbb\r\n", count: 2, ranges: [[0, 12]] },
  ];
for (const { name, text, count, ranges } of splits) {
  Deno.test(`splitLineChunks() in ${count} of ${name}`, async () => {
    await withFile(text, async (path) => {
      const found = await splitLineChunks(path, count);
      assertEquals(found.map(({ start, end }) => [start, end]), ranges);
    });
  });
}

for (const count of [0, -1, 1.5, NaN]) {
  Deno.test(`splitLineChunks() refuses ${count} parts`, async () => {
    await assertRejects(() => splitLineChunks("x", count), RangeError, `count >= 1, got ${count}`);
  });
}

Deno.test("splitLineChunks() and openRange() give back the file, in parts of whole lines", async () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const line = fc.tuple(fc.string({ maxLength: 12 }), fc.constantFrom("\n", "\r\n", "\n\n", ""));
  const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.flat().join(""));
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 9 }),
      (text, count) =>
        withFile(text, async (path) => {
          const ranges = await splitLineChunks(path, count);
          assert(ranges.length <= count);
          const parts: string[] = [];
          for (const range of ranges) {
            parts.push(await new Response(await openRange(path, range)).text());
          }
          assertEquals(parts.join(""), text);
          for (const part of parts.slice(0, -1)) {
            assert(/[\r\n]$/.test(part), JSON.stringify(parts));
          }
        }),
    ),
    { seed, numRuns: 60 },
  );
});

Deno.test("openRange() reads no more than its range, over blocks and beyond the end", async () => {
  await withFile(`${BLOCK}${BLOCK}end`, async (path) => {
    const text = async (start: number, end: number) =>
      await new Response(await openRange(path, { start, end })).text();
    assertEquals(await text(2 * BLOCK_BYTES, 2 * BLOCK_BYTES + 2), "en");
    assertEquals((await text(1, 2 * BLOCK_BYTES)).length, 2 * BLOCK_BYTES - 1);
    assertEquals(await text(2 * BLOCK_BYTES, Infinity), "end");
    assertEquals(await text(3, 3), "");
  });
});

Deno.test("openRange() closes the file when cancelled", async () => {
  await withFile("hello\nworld", async (path) => {
    const stream = await openRange(path, { start: 0, end: 5 });
    await stream.cancel(); // The sanitizer would find the file.
  });
});

for (const [start, end] of [[3, 2], [-1, 2], [0.5, 2], [NaN, 2], [0, NaN], [11, 12]] as const) {
  Deno.test(`openRange() refuses ${start} to ${end} of eleven bytes`, async () => {
    await withFile("hello\nworld", async (path) => {
      await assertRejects(() => openRange(path, { start, end }), RangeError, "Cannot read range");
    });
  });
}

const TEXT = "1\n\n    2\n\n    #a\n    3";
const reads: readonly { options: ReadTextLinesOptions; lines: string[] }[] = [
  { options: {}, lines: ["1", "", "2", "", "#a", "3"] },
  {
    options: { keepSpace: true, omitPrefix: "#" },
    lines: ["1", "", "    2", "", "    #a", "    3"],
  },
  { options: { withoutBlank: true }, lines: ["1", "2", "#a", "3"] },
  { options: { omitPrefix: "#" }, lines: ["1", "", "2", "", "3"] },
  { options: { withoutBlank: true, omitPrefix: "#" }, lines: ["1", "2", "3"] },
];
for (const { options, lines } of reads) {
  Deno.test(`readTextLines() with ${JSON.stringify(options)}`, async () => {
    assertEquals(await withFile(TEXT, (path) => readTextLines(path, options)), lines);
    assertEquals(await withFile(`${TEXT}\n`, (path) => readTextLines(path, options)), lines);
    const windows = TEXT.replaceAll("\n", "\r\n");
    assertEquals(await withFile(windows, (path) => readTextLines(path, options)), lines);
  });
}

Deno.test("readTextLines() of nothing is no line", async () => {
  assertEquals(await withFile("", (path) => readTextLines(path)), []);
});

for (const [name, read] of Object.entries({ firstLine, lastLine, countLines, readTextLines })) {
  Deno.test(`${name}() says when there is no such file`, async () => {
    await assertRejects(() => read("/nowhere/at/all"), Deno.errors.NotFound);
  });
}
