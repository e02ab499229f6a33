import { assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { KeywordAutomaton } from "./_keyword_automaton.ts";
import { KeywordFilter } from "./keyword_filter.ts";
import { KeywordReplacer } from "./keyword_replacer.ts";

type Range = readonly [start: number, stop: number];

function find(keywords: readonly string[], text: string): Range[] {
  return new KeywordAutomaton(keywords).find([...text]).map(({ start, stop }) => [start, stop]);
}

/** Looks for each keyword at each place. By end, longest first. */
function naiveFind(keywords: readonly string[], text: string): Range[] {
  const characters = [...text];
  const ranges: Range[] = [];
  for (const keyword of new Set(keywords)) {
    const { length } = [...keyword];
    for (let start = 0; length > 0 && start + length <= characters.length; start++) {
      if (characters.slice(start, start + length).join("") === keyword) {
        ranges.push([start, start + length]);
      }
    }
  }
  return ranges.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}

Deno.test("KeywordAutomaton.find() reports overlapping and nested keywords", () => {
  // deno-fmt-ignore
  const keywords = [
    "Wp", "pKjIyI", "pKjIyIUckuK6Uh", "jIyIUckuK6Uh", "Iy", "yIUckuK6Uh", "UckuK6Uh", "ckuK6Uh", "kuK6Uh",
    "uK6Uh", "Uh", "h", "absent", "Wpx", "KK",
  ];
  // deno-fmt-ignore
  assertEquals(find(keywords, "WpKjIyIUckuK6Uh"), [
    [0, 2], [4, 6], [1, 7], [1, 15], [3, 15], [5, 15], [7, 15], [8, 15], [9, 15], [10, 15], [13, 15], [14, 15],
  ]);
});

Deno.test("KeywordAutomaton.find() agrees with looking for each keyword at each place", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const text = fc.stringOf(fc.constantFrom("a", "b", "c", "一", "😀"), { maxLength: 30 });
  const word = fc.stringOf(fc.constantFrom("a", "b", "c", "一", "😀"), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), text, (words, text) => {
      assertEquals(find(words, text), naiveFind(words, text));
    }),
    { seed, numRuns: 500 },
  );
});

Deno.test("KeywordFilter hides what naive search finds, and nothing else", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const character = fc.constantFrom("a", "b", "c", "😀");
  const text = fc.stringOf(character, { maxLength: 30 });
  const word = fc.stringOf(character, { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), text, (words, text) => {
      const characters = [...text];
      for (const [start, stop] of naiveFind(words, text)) characters.fill("*", start, stop);
      const filter = new KeywordFilter(words);
      const { text: hidden, keywords, found } = filter.filter(text);
      const present = new Set(words.filter((word) => word !== "" && text.includes(word)));
      assertEquals(hidden, characters.join(""));
      assertEquals(new Set(keywords), present);
      assertEquals(found, present.size > 0);
      assertEquals(filter.findKeywords(text), keywords);
    }),
    { seed, numRuns: 500 },
  );
});

const W1 = ["", "一", "一不", "AV", "AV演员", "无名氏", "AV演员色情", "日本AV女优"];
const filters = [
  { words: ["bc", "cd"], text: "abcd", hidden: "a***", keywords: ["bc", "cd"] },
  {
    words: W1,
    text:
      "日本AV演员兼电视、电影演员。无名氏AV女优是xx出道, 日本AV女优们最精彩的表演是AV演员色情表演",
    hidden: "日本****兼电视、电影演员。*****女优是xx出道, ******们最精彩的表演是******表演",
    keywords: ["AV演员", "无名氏", "AV", "日本AV女优", "AV演员色情"],
  },
  {
    words: W1,
    text: "完全和谐的文本完全和谐的文本",
    hidden: "完全和谐的文本完全和谐的文本",
    keywords: [],
  },
  { words: W1, text: "就一个字不对", hidden: "就*个字不对", keywords: ["一"] },
  { words: W1, text: "就一对, AV", hidden: "就*对, **", keywords: ["一", "AV"] },
  { words: W1, text: "就一不对, AV", hidden: "就**对, **", keywords: ["一", "一不", "AV"] },
  { words: W1, text: "就对, 一不", hidden: "就对, **", keywords: ["一", "一不"] },
  { words: W1, text: "", hidden: "", keywords: [] },
  { words: ["闹"], mask: "#", text: "今晚真热闹", hidden: "今晚真热#", keywords: ["闹"] },
  {
    words: ["一二三四五", "二三四五六七八"],
    mask: "#",
    text: "零一二三四五六七八九十",
    hidden: "零########九十",
    keywords: ["一二三四五", "二三四五六七八"],
  },
  {
    words: ["一二三", "一二三四五", "一二三四五六七八"],
    mask: "#",
    text: "零一二三四五六七八九十",
    hidden: "零########九十",
    keywords: ["一二三", "一二三四五", "一二三四五六七八"],
  },
];
for (const { words, mask, text, hidden, keywords } of filters) {
  Deno.test(`KeywordFilter.filter() of "${text}"`, () => {
    const filter = new KeywordFilter(words, mask === undefined ? {} : { mask });
    const result = filter.filter(text);
    assertEquals(result.text, hidden);
    assertEquals(result.keywords.toSorted(), keywords.toSorted());
    assertEquals(result.found, keywords.length > 0);
    assertEquals(filter.findKeywords(text).toSorted(), keywords.toSorted());
  });
}

for (const mask of ["", "##"]) {
  Deno.test(`KeywordFilter refuses the mask "${mask}"`, () => {
    assertThrows(() => new KeywordFilter([], { mask }), TypeError, `one character, got "${mask}"`);
  });
}

const replacements: readonly (readonly [Record<string, string>, string, string])[] = [
  [{ "一二三四": "1234", "二三": "23", "二": "2" }, "零一二三四五", "零1234五"],
  [{ abcdeg: "ABCDEG", cdef: "CDEF", cde: "CDE" }, "abcdef", "abCDEF"],
  [{ "3d": "34", bc: "23" }, "abcde", "a234e"],
  [{ "二": "2" }, "零一二三四五", "零一2三四五"],
  [{ "二三四五六": "23456" }, "零一二三四五", "零一二三四五"],
  [{ "二三四七": "2347" }, "零一二三四五", "零一二三四五"],
  [{ "二三四七": "2347", "三四": "34" }, "零一二三四", "零一二34"],
  [{ "二三": "23" }, "零一二三四五一二三四五", "零一23四五一23四五"],
  [{ "日本": "japan", "日本的首都": "东京" }, "日本的首都在日本", "东京在japan"],
  [{ abcde: "ABCDE", bcde: "BCDE", bcd: "BCD" }, "abcdf", "aBCDf"],
  [{ abcde: "ABCDE", bcde: "BCDE", cde: "CDE", c: "C", cd: "CD" }, "abcdf", "abCDf"],
  [{ "456": "def", abcd: "1234" }, "abcd567", "123def7"],
  [{ c: "3" }, "cd", "3d"],
  [{ bcdf: "1235", cde: "234" }, "abcdefg", "ab234fg"],
  [{ bcdf: "1235", ccde: "2234" }, "abccdefg", "ab2234fg"],
  [{ bcdf: "1235", cdef: "2345" }, "abcdef", "ab2345"],
  [{ bcdf: "1235" }, "", ""],
  [{ "日本的首都": "东京", "日本": "本日" }, "日本的首都是东京", "东京是东京"],
  [{ "日本的首都": "东京", "东京": "日本的首都" }, "日本的首都是东京", "日本的首都是东京"],
  [{ a: "aa" }, "a", "aaaa"],
  [{ a: "" }, "banana", "bnn"],
  [{ "": "x" }, "abc", "abc"],
];
for (const [mapping, text, expected] of replacements) {
  Deno.test(`KeywordReplacer of ${JSON.stringify(mapping)} in "${text}"`, () => {
    assertEquals(new KeywordReplacer(mapping).replace(text), expected);
    assertEquals(new KeywordReplacer(new Map(Object.entries(mapping))).replace(text), expected);
  });
}

Deno.test("KeywordReplacer keeps its replacements when the caller's change", () => {
  const mapping = new Map([["a", "b"]]);
  const replacer = new KeywordReplacer(mapping);
  mapping.clear();
  assertEquals(replacer.replace("a"), "b");
});
