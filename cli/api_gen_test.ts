import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { main } from "./main.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { inTempFolder } from "./testing/temp_folder.ts";

const API = `type Req {
	Name string \`path:"name"\`
}

type Resp {
	Text string \`json:"text"\`
}

@server (
	group: talk
)
service hello-api {
	@handler sayHello
	get /hello/:name (Req) returns (Resp)
}
`;

async function zeno(...words: string[]) {
  const terminal = new MemoryTerminal();
  const code = await main(words, terminal);
  return { code, out: terminal.out.join("\n"), err: terminal.err.join("\n") };
}

function inService(
  test: (dir: string, gen: (...flags: string[]) => ReturnType<typeof zeno>) => Promise<void>,
) {
  return inTempFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/hello.api`, API);
    await test(dir, (...flags) => zeno("api", "gen", `${dir}/hello.api`, ...flags));
  });
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assertStringIncludes(text, from);
  await Deno.writeTextFile(path, text.replaceAll(from, to));
}

const LOGIC = "internal/logic/talk/say_hello_logic.ts";
const TYPES = "internal/types/types.gen.ts";

Deno.test("api gen --dry-run lists the files and writes none", () =>
  inService(async (dir, gen) => {
    const { code, out } = await gen("--dry-run");
    assertEquals(code, 0);
    assertMatch(out, /^create +main\.ts$/m);
    assertEquals((await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name), ["hello.api"]);
  }));

Deno.test("api gen --check ends with 1 until the service is as its source says", () =>
  inService(async (dir, gen) => {
    assertEquals((await gen("--check")).code, 1);
    assertEquals((await gen()).code, 0);
    assertEquals((await gen("--check")).code, 0);
    await edit(`${dir}/${TYPES}`, "text: string", "text: number");
    const { code, out } = await gen("--check");
    assertEquals([code, out], [1, `update  ${TYPES}`]);
  }));

Deno.test("api gen --diff shows what would change and writes nothing", () =>
  inService(async (dir, gen) => {
    await gen();
    await edit(`${dir}/hello.api`, 'Text string `json:"text"`', 'Text int `json:"text"`');
    const { code, out } = await gen("--diff");
    assertEquals(code, 0);
    for (const line of [`--- ${TYPES}`, "-  text: string;", "+  text: number;"]) {
      assertStringIncludes(out, line);
    }
    assertStringIncludes(await Deno.readTextFile(`${dir}/${TYPES}`), "text: string");
  }));

Deno.test("api gen never touches a file of the user, unless --force-once names it", () =>
  inService(async (dir, gen) => {
    await gen();
    await Deno.writeTextFile(`${dir}/${LOGIC}`, "// mine\n");
    await gen();
    assertEquals(await Deno.readTextFile(`${dir}/${LOGIC}`), "// mine\n");
    await gen("--force-once", "*_logic.ts");
    assertStringIncludes(await Deno.readTextFile(`${dir}/${LOGIC}`), "class SayHelloLogic");
  }));

Deno.test("api gen lists what is orphaned, and --prune deletes what was generated", () =>
  inService(async (dir, gen) => {
    await gen("--type-group");
    const { err } = await gen();
    assertStringIncludes(err, "internal/types/talk.gen.ts (--prune deletes it)");
    assertEquals((await gen("--check")).code, 1);
    await edit(`${dir}/hello.api`, "sayHello", "greet");
    const pruned = await gen("--prune");
    assertStringIncludes(pruned.err, `${LOGIC} (yours to delete)`);
    assertEquals(pruned.err.includes("talk.gen.ts"), false);
    assertEquals((await gen("--check")).code, 0);
  }));

Deno.test("api gen --json tells of every file", () =>
  inService(async (_dir, gen) => {
    const { out } = await gen("--json");
    const answer = JSON.parse(out);
    assertEquals([answer.ok, answer.diagnostics], [true, []]);
    assertEquals(answer.files.find(({ path }: { path: string }) => path === LOGIC), {
      kind: "create",
      path: LOGIC,
    });
  }));

const refused = [
  { from: "Text string", to: "Text complex64", code: "E-unsupported-type" },
  { from: "type Resp {", to: "type req {}\n\ntype Resp {", code: "E-type-name" },
  { from: "(Req)", to: "(string)", code: "E-unsupported-request" },
  { from: "	group: talk", to: "	jwt: port", code: "E-config-section" },
  { from: 'json:"text"', to: 'json:"__proto__"', code: "E-member-name" },
];
for (const { from, to, code } of refused) {
  Deno.test(`api gen refuses with ${code}, at its place, and writes nothing`, () =>
    inService(async (dir, gen) => {
      await edit(`${dir}/hello.api`, from, to);
      const result = await gen();
      assertEquals(result.code, 1);
      assertMatch(result.err, new RegExp(`hello\\.api:\\d+:\\d+: error ${code} Cannot generate`));
      assertEquals((await Array.fromAsync(Deno.readDir(dir))).length, 1);
    }));
}

const usage = [
  { flags: ["--style", "zerogo"], says: "Cannot use style" },
  { flags: ["--int64", "float"], says: "number, bigint, string" },
  { flags: ["--drt", "x"], says: "did you mean --dir?" },
];
for (const { flags, says } of usage) {
  Deno.test(`api gen ${flags.join(" ")} ends with 2`, () =>
    inService(async (_dir, gen) => {
      const { code, err } = await gen(...flags);
      assertEquals(code, 2);
      assertStringIncludes(err, says);
    }));
}

Deno.test("api validate tells of errors with line and caret, and ends with 1", () =>
  inService(async (dir) => {
    await edit(`${dir}/hello.api`, "returns (Resp)", "returns (Rsp)");
    const { code, err } = await zeno("api", "validate", `${dir}/hello.api`);
    assertEquals(code, 1);
    assertMatch(err, /hello\.api:14:\d+: error E-\S+ .*\n.*returns \(Rsp\)\n\s+\^/);
  }));

Deno.test("api validate --strict takes warnings for errors", () =>
  inService(async (dir) => {
    await edit(`${dir}/hello.api`, "group: talk", "colour: red");
    const validate = (...flags: string[]) => zeno("api", "validate", `${dir}/hello.api`, ...flags);
    assertEquals((await validate()).code, 0);
    assertEquals((await validate("--strict")).code, 1);
    const { code, out } = await validate("--strict", "--json");
    assertEquals([code, JSON.parse(out).ok, JSON.parse(out).diagnostics.length], [1, false, 1]);
  }));

Deno.test("api format --check shows a difference, and format writes it away", () =>
  inService(async (dir) => {
    const path = `${dir}/hello.api`;
    assertEquals((await zeno("api", "format", "--check", dir)).code, 0);
    await edit(path, "	group: talk", "group:talk");
    const { code, out } = await zeno("api", "format", "--check", path);
    assertEquals(code, 1);
    assertStringIncludes(out, "-group:talk");
    assertEquals((await zeno("api", "format", dir)).code, 0);
    assertEquals(await Deno.readTextFile(path), API);
  }));

Deno.test("api format leaves a file that does not parse, and ends with 1", () =>
  inService(async (dir) => {
    const path = `${dir}/hello.api`;
    await Deno.writeTextFile(path, "type {");
    assertEquals((await zeno("api", "format", path)).code, 1);
    assertEquals(await Deno.readTextFile(path), "type {");
  }));

for (const command of ["validate", "format", "gen"]) {
  Deno.test(`api ${command} of a file that does not exist ends with 3`, async () => {
    const { code, err } = await zeno("api", command, "/no/such.api");
    assertEquals([code, err.split("\n").length], [3, 1]);
    assertStringIncludes(err, "Cannot read /no/such.api");
  });
}

Deno.test("examples/greet is what its .api file says", async () => {
  const api = fromFileUrl(new URL("../examples/greet/greet.api", import.meta.url));
  const { code, out } = await zeno("api", "gen", api, "--test", "--check");
  assertEquals([code, out], [0, ""]);
});

Deno.test("env answers in text and JSON", async () => {
  assertMatch((await zeno("env")).out, /^deno +\d+\.\d+/m);
  const env = JSON.parse((await zeno("env", "--json")).out);
  assertEquals([env.zeno.origin, env.deno.version], ["clone", Deno.version.deno]);
});

Deno.test("--version names the version of deno.json", async () => {
  assertMatch((await zeno("--version")).out, /^zeno \d+\.\d+\.\d+/);
});
