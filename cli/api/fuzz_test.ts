import { assert, assertEquals } from "@std/assert";
import { systemClock, systemRandom } from "../../core/clock.ts";
import type { SourceFile } from "./ast.ts";
import { compileApi } from "./compile.ts";
import { renderDiagnostic } from "./diagnostic.ts";
import { formatApi } from "./formatter.ts";
import { parse } from "./parser.ts";
import vectors from "./testdata/api_vectors.json" with { type: "json" };

const seed = Number(Deno.env.get("ZENO_FUZZ_SEED") ?? Math.floor(systemRandom() * 2 ** 31));
const rounds = Number(Deno.env.get("ZENO_FUZZ_ROUNDS") ?? 1500);

/** A small generator of numbers, so that a seed gives the same run everywhere. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = mulberry32(seed);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

const SOUP =
  ("syntax info import type service returns get post map any struct interface{} T Req a-b @doc " +
    '@handler @server @x ( ) [ ] { } , . .. ... ; : * / - = /p /:id // 1 3s 5min 2n "x" `json:"a"` ` " ' +
    "// c\n /*c*/ /* \n \n\n \t \r \r\n \0 \ufeff \u00e9 \ud83d\ude00").split(" ").concat(" ");

const FIXTURES = [
  ...vectors.map((vector) => Object.values(vector.files).join("\n")),
  `// head
syntax = "v1" // t

info ( // o
	// k
	title: "x" // v
	/* e */
)

import "b.api"

type (
	// d
	Req {
		// a

		// b
		Id   int64  \`path:"id"\` // c
		Name, Other string
		*Base \`json:"x"\`
		In {
			A map[string][]*Base // m
		} /* t */ \`json:"in"\`
	}
	Base {}
)

@server ( // s
	prefix: /v1/:a // p
	group:  a/b
	middleware: A, B
) // t
service s-api {
	// r

	// q
	@doc ( // w
		summary: "s"
	)
	// h
	@handler h // n
	get /p/:id (Req) returns ([]*Base); // b

	@doc ""
	@handler g
	post /q /* x */ () // y
	// end
}
// eof
`,
];

function soup(): string {
  const parts = Array.from({ length: Math.floor(random() ** 3 * 400) }, () => pick(SOUP));
  return parts.join(pick(["", " ", "\n"]));
}

function mutated(): string {
  const parts = pick(FIXTURES).match(/\/\/[^\n]*|\/\*[^]*?\*\/|"[^"]*"|`[^`]*`|\w+|\s+|[^]/g) ?? [];
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * (parts.length + 1));
    const choice = random();
    if (choice < 0.3) parts.splice(at, 1);
    else if (choice < 0.7) parts.splice(at, 0, pick([...SOUP, "/* i */", "// j\n", "\n\n"]));
    else if (choice < 0.8) parts.splice(at, 1, ...parts.slice(at, at + 3));
    else if (choice < 0.9) parts.splice(at, 2, ...parts.slice(at, at + 2).reverse());
    else parts.length = Math.min(parts.length, at);
  }
  return parts.join("");
}

/** A syntax tree without positions, comments and the statements the formatter leaves out. */
function shape(source: SourceFile): unknown {
  const seen = (key: string, value: unknown): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if ("offset" in value && "text" in value) return value.text;
    const { first: _first, last: _last, close: _close, open: _open, ...rest } = value as Record<
      string,
      unknown
    >;
    if (key === "type" && "type" in rest && rest.type === undefined) return undefined;
    return rest;
  };
  return JSON.parse(JSON.stringify(source.statements, seen));
}

/** Reads one file; all imports are missing. */
function readOnly(text: string): (path: string) => string {
  return (path) => {
    if (path === "a.api") return text;
    throw new Error("no such file");
  };
}

/** Checks all promises for one text. */
function check(text: string): void {
  const readFile = readOnly(text);
  const { diagnostics, spec, sources } = compileApi("a.api", { readFile });
  assert(spec !== undefined || diagnostics.some(({ severity }) => severity === "error"));
  for (const diagnostic of diagnostics) {
    assert(diagnostic.line >= 1 && diagnostic.column >= 1 && diagnostic.message !== "");
    assert(diagnostic.line <= text.split("\n").length);
    renderDiagnostic(diagnostic, { source: sources.get(diagnostic.file) });
  }
  assertEquals(
    JSON.stringify(compileApi("a.api", { readFile })),
    JSON.stringify({ ...(spec ? { sources, diagnostics, spec } : { sources, diagnostics }) }),
  );
  for (const compat of [false, true]) checkFormat(text, compat);
}

function checkFormat(text: string, compat: boolean): void {
  const { text: once } = formatApi(text, { file: "a.api", compat });
  if (once === undefined) return;
  const again = formatApi(once, { file: "a.api" });
  assertEquals(again.text, once, "the format is not stable");
  if (compat) return;
  assertEquals(
    withoutEmpty(shape(parse(once, { file: "a.api" }))),
    withoutEmpty(shape(parse(text, { file: "a.api" }))),
  );
  assertEquals(commentsOf(once), commentsOf(text), "comments were lost");
  const before = compileApi("a.api", { readFile: readOnly(text) }).spec;
  const after = compileApi("a.api", { readFile: readOnly(once) }).spec;
  // What is left out may have been the only error, so only what was right must stay as it was.
  if (before !== undefined) assertEquals(withoutPositions(after), withoutPositions(before));
}

/** Statements and bodies that say nothing are left out. */
function withoutEmpty(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, value) => {
    if (Array.isArray(value)) return value.filter((item) => !isEmpty(item));
    return isEmpty(value) ? undefined : value;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const node = value as Record<string, unknown>;
  if (Object.keys(node).length === 0) return true;
  if (node.kind === "import") return (node.paths as string[]).every((path) => path === '""');
  if (node.kind === "type") return (node.declarations as unknown[]).length === 0;
  if (typeof node.text === "string" && Object.keys(node).length === 1) return node.text === '""';
  const list = (node.list ?? node) as { entries?: { value: { text: string } }[] };
  return Array.isArray(list.entries) && list.entries.every((entry) => entry.value?.text === '""');
}

function commentsOf(text: string): string[] {
  const { tokens } = parse(text, { file: "a.api" });
  return tokens.flatMap((token) => [...token.leading, ...token.trailing].map(({ text }) => text))
    .sort();
}

function withoutPositions(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (key, value) => key === "pos" ? undefined : value),
  );
}

Deno.test(`compileApi() and formatApi() take any text (seed ${seed})`, () => {
  for (let round = 0; round < rounds; round++) {
    const text = random() < 0.3 ? soup() : mutated();
    try {
      check(text);
    } catch (error) {
      console.error(`seed ${seed}, round ${round}:\n${JSON.stringify(text)}`);
      throw error;
    }
  }
});

for (const [index, text] of FIXTURES.entries()) {
  Deno.test(`compileApi() and formatApi() keep their promises for fixture ${index}`, () =>
    check(text));
}

const SIZE = 64 * 1024;
const large: { name: string; unit: string }[] = [
  ...[
    "{",
    "(",
    "[",
    "*",
    "a",
    "a ",
    "1",
    "1h",
    "-",
    "/",
    ".",
    '"',
    "`",
    "@",
    "@server(",
    "\0",
    "\ufeff",
    "\n",
    "\r",
  ],
  ...'// x\n|/**/|/*|type T {|type (|A int\n|import "a"\n|service s {|@handler h get /p |@doc (a:"") |T{B {'
    .split("|"),
].map((unit) => ({ name: JSON.stringify(unit), unit }));
large.push({ name: "members on one line", unit: "A int " }, {
  name: "types that embed the next",
  unit: "",
});

for (const { name, unit } of large) {
  Deno.test(`compileApi() takes 64 KiB of ${name}`, () => {
    const text = unit === "" ? chain() : unit.repeat(SIZE / unit.length);
    const before = Deno.memoryUsage().heapUsed;
    const started = systemClock.now();
    const wrapped = `type T {\n${text}`;
    for (const candidate of [text, wrapped]) {
      compileApi("a.api", { readFile: () => candidate });
      formatApi(candidate, { file: "a.api", compat: true });
    }
    assert(systemClock.now() - started < 3000, "it took too long");
    assert(Deno.memoryUsage().heapUsed - before < SIZE * 1024, "it took too much memory");
  });
}

function chain(): string {
  let text = "";
  for (let n = 0; text.length < SIZE - 100; n++) text += `type T${n} {\nT${n + 1}\n}\n`;
  return text;
}
