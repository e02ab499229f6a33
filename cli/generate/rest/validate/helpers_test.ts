/**
 * The functions of `rules.gen.ts`, written to a file and called.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import { inTempFolder, runDeno } from "../../../testing/temp_folder.ts";
import { LINE_WIDTH } from "../../code.ts";
import { TEXT_FORMATS } from "./formats.ts";
import { helperNames } from "./helpers.ts";
import { rulesFile } from "./rules_file.ts";

type Check = (value: unknown) => string | undefined;
/** Functions that take a parameter. */
type Makers = Record<string, (...parameters: unknown[]) => Check>;

const text = rulesFile(helperNames(), "all.api").content;

/** The file as a module; types are no hindrance to the runtime. */
async function load(): Promise<Record<string, Check> & Makers> {
  let rules = {};
  await inTempFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/rules.gen.ts`, text);
    rules = await import(toFileUrl(`${dir}/rules.gen.ts`).href);
  });
  return rules;
}
const rules: Record<string, Check> = await load();
const makers: Makers = await load();

Deno.test("rulesFile() passes fmt, lint and check", () =>
  inTempFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/rules.gen.ts`, text);
    const config = { fmt: { lineWidth: LINE_WIDTH }, compilerOptions: { strict: true } };
    await Deno.writeTextFile(`${dir}/deno.json`, JSON.stringify(config));
    for (const args of [["fmt", "--check", "rules.gen.ts"], ["lint"], ["check", "rules.gen.ts"]]) {
      const { code, output } = await runDeno(dir, ...args);
      assertEquals(code, 0, output);
    }
  }));

for (const [name, { helper, sample, about }] of Object.entries(TEXT_FORMATS)) {
  Deno.test(`rule ${name} takes ${sample}`, () => {
    assertEquals(rules[helper]!(sample), undefined);
    if (name !== "ascii" && name !== "printascii") {
      assertEquals(rules[helper]!(""), `must be ${about}`);
    }
  });
}

const formats: [name: string, good: string[], bad: string[]][] = [
  [
    "email",
    ["a@b.de", "first.last+tag@sub.example.co.uk", "ü@example.com", "o'x@a-b.org"],
    ["a", "a@b", "@b.de", "a@b.d", "a b@c.de", "a@b..de", "a@-b.de", "a@b.de ", "a@b@c.de"],
  ],
  ["url", ["https://a.b/c?d#e", "mailto:a@b.de"], ["a", "/a", "//a.b", "http://"]],
  ["http_url", ["http://a", "https://a.b:8/c"], ["ftp://a", "http:a", "https:///", "x"]],
  ["uri", ["/a/b", "https://a.b"], ["a", "./a"]],
  [
    "uuid",
    ["00000000-0000-0000-0000-000000000000"],
    ["F47AC10B-58CC-4372-A567-0E02B2C3D479", "f47ac10b58cc4372a5670e02b2c3d479", "x"],
  ],
  ["uuid4", [], ["f47ac10b-58cc-3372-a567-0e02b2c3d479", "f47ac10b-58cc-4372-c567-0e02b2c3d479"]],
  ["uuid_rfc4122", ["F47AC10B-58CC-4372-A567-0E02B2C3D479"], ["F47AC10B"]],
  ["alpha", ["abcXYZ"], ["a1", "é", "a b"]],
  ["alphanum", ["a1"], ["a-1", "é"]],
  ["alphaunicode", ["é", "字"], ["a1"]],
  ["alphanumunicode", ["é1"], ["a-1"]],
  ["numeric", ["1", "-1", "+1.5"], ["1.", ".5", "1e3", "x"]],
  ["number", ["1", "007"], ["-1", "1.5"]],
  ["boolean", ["1", "T", "false"], ["yes", "2"]],
  ["hexadecimal", ["0xFF", "a0"], ["g", "0x"]],
  ["hexcolor", ["#fff", "#FFFF", "#ff880080"], ["fff", "#ff", "#fffff"]],
  ["lowercase", ["a1é"], ["A", "aB"]],
  ["uppercase", ["A1"], ["a"]],
  ["ascii", ["", "a\t"], ["é"]],
  ["printascii", ["a ~"], ["a\t", "é"]],
  [
    "ipv4",
    ["0.0.0.0", "255.255.255.255"],
    ["256.0.0.1", "1.2.3", "1.2.3.4.", "01.2.3.4", "1.2.3.4.5", "::1"],
  ],
  ["ipv6", ["::", "::1", "fe80::1", "::ffff:192.0.2.1"], [
    "1.2.3.4",
    "::1]/[",
    ":",
    "1::2::3",
    "g::",
  ]],
  ["hostname", ["a", "a-b.c1", "1a"], ["-a", "a-", "a..b", "a_b", "a."]],
  ["fqdn", ["a.de", "a.b.de."], ["a", "a.", "a.1"]],
  ["base64", ["AQ==", "AQI="], ["A", "AQ=", "A-Q="]],
  ["jwt", ["a.b."], ["a.b", "a.b.c.d"]],
  ["e164", ["+4930123456"], ["4930123456", "+12", "+49 30 123456"]],
  ["ulid", [], ["81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAU"]],
];
for (const [name, good, bad] of formats) {
  const { helper, about } = TEXT_FORMATS[name]!;
  Deno.test(`rule ${name} tells ${about} from other text`, () => {
    for (const value of good) assertEquals([value, rules[helper]!(value)], [value, undefined]);
    for (const value of bad) {
      assertEquals([value, rules[helper]!(value)], [value, `must be ${about}`]);
    }
  });
}

const rows: [code: string, check: Check, good: unknown[], bad: unknown[], problem: string][] = [
  [
    "minLength(2)",
    makers.minLength!(2),
    ["ab", "😀😀"],
    ["a", "😀"],
    "must have at least 2 characters",
  ],
  ["maxLength(1)", makers.maxLength!(1), ["", "😀"], ["ab"], "must have at most 1 characters"],
  ["exactLength(1)", makers.exactLength!(1), ["a"], ["", "ab"], "must have 1 characters"],
  [
    "minItems(1)",
    makers.minItems!(1),
    [[0], new Uint8Array(1)],
    [[]],
    "must have at least 1 items",
  ],
  ["maxItems(1)", makers.maxItems!(1), [[], [0]], [[0, 0]], "must have at most 1 items"],
  ["exactItems(1)", makers.exactItems!(1), [[0]], [[]], "must have 1 items"],
  ["minEntries(1)", makers.minEntries!(1), [{ a: 1 }], [{}], "must have at least 1 entries"],
  ["maxEntries(1)", makers.maxEntries!(1), [{}], [{ a: 1, b: 1 }], "must have at most 1 entries"],
  ["exactEntries(1)", makers.exactEntries!(1), [{ a: 1 }], [{}], "must have 1 entries"],
  ["atLeast(1)", makers.atLeast!(1), [1, 2n], [0.5, 0n], "must be at least 1"],
  ["atMost(1n)", makers.atMost!(1n), [1, 1n], [2, 2n], "must be at most 1"],
  ["moreThan(1)", makers.moreThan!(1), [2], [1], "must be more than 1"],
  ["lessThan(1)", makers.lessThan!(1), [0], [1], "must be less than 1"],
  ["equalTo(1n)", makers.equalTo!(1n), [1n], [2n], "must be 1"],
  ["notEqualTo(a)", makers.notEqualTo!("a"), ["b"], ["a"], "must not be a"],
  ["contains(b)", makers.contains!("b"), ["abc"], ["ac"], "must contain b"],
  ["excludes(b)", makers.excludes!("b"), ["ac"], ["abc"], "must not contain b"],
  ["startsWith(a)", makers.startsWith!("a"), ["ab"], ["ba"], "must begin with a"],
  ["endsWith(a)", makers.endsWith!("a"), ["ba"], ["ab"], "must end with a"],
  ["notEmpty", rules.notEmpty!, [" "], [""], "must not be empty"],
  ["notZero", rules.notZero!, [1, -1, 1n], [0, 0n], "must not be zero"],
  ["isTrue", rules.isTrue!, [true], [false], "must be true"],
  ["unique", rules.unique!, [[], [1, 2]], [[1, 1]], "must not hold an item twice"],
  ["jsonText", rules.jsonText!, ["{}", "1"], ["", "{"], "must be JSON"],
  [
    "anyOf(...)",
    makers.anyOf!(rules.ipv4, rules.ipv6),
    ["1.2.3.4", "::1"],
    ["x"],
    "must be an IPv4 address or must be an IPv6 address",
  ],
  [
    "unlessEmpty(...)",
    makers.unlessEmpty!(rules.email),
    ["", "a@b.de"],
    ["a"],
    "must be an e-mail address",
  ],
  ["unlessEmpty(...)", makers.unlessEmpty!(makers.atLeast!(5)), [0, 5], [1], "must be at least 5"],
];
for (const [code, check, good, bad, problem] of rows) {
  Deno.test(`${code} says what is wrong`, () => {
    for (const value of good) assertEquals([value, check(value)], [value, undefined]);
    for (const value of bad) assertEquals([value, check(value)], [value, problem]);
  });
}

Deno.test("rules on text take time in proportion to it", () => {
  const parts = ["a", "1", "a-", "-", ".", "a.", ":", "a@", "/", "+1", "=", "[", "\\"];
  const began = performance.now();
  for (const { helper } of Object.values(TEXT_FORMATS)) {
    for (const part of parts) rules[helper]!(`${part.repeat(50_000)}!`);
  }
  assert(performance.now() - began < 1000);
});
