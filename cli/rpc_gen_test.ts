import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { main } from "./main.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { inTempFolder, runDeno } from "./testing/temp_folder.ts";

const PROTO = `syntax = "proto3";

package talk.v1;

message HelloRequest {
  string name = 1;
}

message HelloReply {
  string text = 1;
}

service Greeter {
  rpc SayHello(HelloRequest) returns (HelloReply);
}
`;

async function zeno(...words: string[]) {
  const terminal = new MemoryTerminal();
  const code = await main(words, terminal);
  return { code, out: terminal.out.join("\n"), err: terminal.err.join("\n") };
}

type Generate = (...flags: string[]) => ReturnType<typeof zeno>;

function inService(test: (dir: string, gen: Generate) => Promise<void>) {
  return inTempFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/talk.proto`, PROTO);
    await test(dir, (...flags) => zeno("rpc", "gen", `${dir}/talk.proto`, ...flags));
  });
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assertStringIncludes(text, from);
  await Deno.writeTextFile(path, text.replaceAll(from, () => to));
}

async function listAll(dir: string, below: string = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${dir}/${below}`)) {
    if (isDirectory) found.push(...await listAll(dir, `${below}${name}/`));
    else found.push(below + name);
  }
  return found.sort();
}

const ONE = [
  ".gen/manifest.json",
  "client/greeter_client.gen.ts",
  "deno.json",
  "etc/talk.yaml",
  "internal/config/config.ts",
  "internal/logic/say_hello_logic.ts",
  "internal/server/contract.gen.ts",
  "internal/server/greeter_server.gen.ts",
  "internal/server/register.gen.ts",
  "internal/svc/service_context.ts",
  "main.ts",
  "pb/talk.gen.ts",
];
const layouts: readonly { flags: string[]; files: string[] }[] = [
  { flags: [], files: ONE },
  { flags: ["--no-client"], files: ONE.filter((path) => !path.startsWith("client/")) },
  {
    flags: ["-m"],
    files: ONE.map((path) => path.replace("logic/say", "logic/greeter/say")).sort(),
  },
  {
    flags: ["--messages", "--no-client"],
    files: [".gen/manifest.json", "pb/talk.gen.ts"],
  },
  {
    flags: ["--style", "goZero"],
    files: ONE.map((path) =>
      path.replace("greeter_client", "greeterClient").replace("greeter_server", "greeterServer")
        .replace("say_hello_logic", "sayHelloLogic").replace("service_context", "serviceContext")
    ).sort(),
  },
];
for (const { flags, files } of layouts) {
  Deno.test(`rpc gen ${flags.join(" ")} lays the service out`, () =>
    inService(async (dir, gen) => {
      assertEquals((await gen("--dir", `${dir}/out`, ...flags)).code, 0);
      assertEquals(await listAll(`${dir}/out`), files);
    }));
}

Deno.test("rpc gen of several services gives each a folder of logic", () =>
  inService(async (dir, gen) => {
    await edit(
      `${dir}/talk.proto`,
      "service Greeter",
      "service Farewell {\n  rpc SayHello(HelloRequest) returns (stream HelloReply);\n}\nservice Greeter",
    );
    assertEquals((await gen()).code, 0);
    const logic = (await listAll(dir)).filter((path) => path.includes("logic/"));
    assertEquals(logic, [
      "internal/logic/farewell/say_hello_logic.ts",
      "internal/logic/greeter/say_hello_logic.ts",
    ]);
    assertStringIncludes(
      await Deno.readTextFile(`${dir}/internal/server/register.gen.ts`),
      "registerFarewell(server, svc);",
    );
  }));

Deno.test("rpc gen takes services of several files, and finds imports by -I", () =>
  inTempFolder(async (dir) => {
    await Deno.mkdir(`${dir}/protos/talk`, { recursive: true });
    await Deno.mkdir(`${dir}/more`);
    await Deno.writeTextFile(`${dir}/protos/talk/a.proto`, PROTO);
    const b = PROTO.replace("talk.v1;", 'b;\nimport "talk/a.proto";\nimport "c.proto";')
      .replace("service Greeter", "service Other").replace("(HelloReply)", "(c.C)");
    await Deno.writeTextFile(`${dir}/protos/b.proto`, b);
    await Deno.writeTextFile(`${dir}/more/c.proto`, 'syntax = "proto3"; package c; message C {}');
    const words = [
      "rpc",
      "gen",
      `-I${dir}/protos`,
      "-I",
      `${dir}/more`,
      `${dir}/protos/talk/a.proto`,
    ];
    const { code, err } = await zeno(...words, `${dir}/protos/b.proto`, "--dir", `${dir}/out`);
    assertEquals([code, err], [0, ""]);
    const files = await listAll(`${dir}/out`);
    assertEquals(files.filter((path) => path.startsWith("pb/")), [
      "pb/b.gen.ts",
      "pb/c.gen.ts",
      "pb/talk/a.gen.ts",
    ]);
    assertEquals(files.filter((path) => path.startsWith("internal/server/")), [
      "internal/server/contract.gen.ts",
      "internal/server/greeter_server.gen.ts",
      "internal/server/other_server.gen.ts",
      "internal/server/register.gen.ts",
    ]);
    const task = JSON.parse(await Deno.readTextFile(`${dir}/out/deno.json`)).tasks.gen;
    assertStringIncludes(
      task,
      "rpc gen ../protos/talk/a.proto ../protos/b.proto --dir . -I ../protos -I ../more",
    );
  }));

Deno.test("rpc gen --check ends with 1 until the service is as its source says", () =>
  inService(async (dir, gen) => {
    assertEquals((await gen("--check")).code, 1);
    assertEquals((await gen("--dry-run")).code, 0);
    assertEquals(await listAll(dir), ["talk.proto"]);
    assertEquals((await gen()).code, 0);
    assertEquals((await gen("--check")).code, 0);
    await edit(`${dir}/talk.proto`, "string text = 1", "string text = 2");
    const { code, out } = await gen("--check");
    assertEquals([code, /^update +pb\/talk.gen.ts$/m.test(out)], [1, true]);
  }));

Deno.test("rpc gen rewrites what is generated and keeps what is the user's", () =>
  inService(async (dir, gen) => {
    await gen();
    const logic = `${dir}/internal/logic/say_hello_logic.ts`;
    await edit(logic, "throw new", "// mine\n    throw new");
    await edit(`${dir}/main.ts`, "await runServices", "// mine\nawait runServices");
    await edit(`${dir}/pb/talk.gen.ts`, "HelloReply", "Broken");
    await edit(
      `${dir}/talk.proto`,
      "rpc SayHello",
      "rpc SayBye(HelloRequest) returns (HelloReply);\n  rpc SayHello",
    );
    assertEquals((await gen()).code, 0);
    assertStringIncludes(await Deno.readTextFile(logic), "// mine");
    assertStringIncludes(await Deno.readTextFile(`${dir}/main.ts`), "// mine");
    assertEquals((await Deno.readTextFile(`${dir}/pb/talk.gen.ts`)).includes("Broken"), false);
    assertEquals((await listAll(dir)).includes("internal/logic/say_bye_logic.ts"), true);
    await edit(`${dir}/talk.proto`, "  rpc SayHello(HelloRequest) returns (HelloReply);\n", "");
    const { code, err } = await gen("--prune");
    assertEquals(code, 0);
    assertMatch(err, /internal\/logic\/say_hello_logic\.ts \(yours to delete\)/);
    assertStringIncludes(await Deno.readTextFile(logic), "// mine");
  }));

Deno.test("rpc gen tells of errors with line and caret, as text and as JSON, and writes nothing", () =>
  inService(async (dir, gen) => {
    await edit(`${dir}/talk.proto`, "string text", "Sting text");
    const { code, err } = await gen();
    assertEquals(code, 1);
    assertStringIncludes(
      err,
      'talk.proto:10:3: error E-unresolved Cannot find type "Sting"\n    Sting text = 1;\n    ^',
    );
    const json = await gen("--json");
    assertEquals([json.code, json.err], [1, ""]);
    const { ok, diagnostics: [first], files } = JSON.parse(json.out);
    assertEquals([ok, first.code, first.line, first.column, files], [
      false,
      "E-unresolved",
      10,
      3,
      [],
    ]);
    assertEquals(await listAll(dir), ["talk.proto"]);
  }));

Deno.test("rpc gen without a service says what to do", () =>
  inTempFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/a.proto`, 'syntax = "proto3"; message A {}');
    const { code, err } = await zeno("rpc", "gen", `${dir}/a.proto`);
    assertEquals(code, 1);
    assertStringIncludes(err, "generate the messages alone with --messages");
  }));

const usage: readonly { words: string[]; code: number; says: string }[] = [
  { words: ["rpc", "gen"], code: 2, says: "FILE is missing" },
  { words: ["rpc", "gen", "none.proto"], code: 3, says: "Cannot read none.proto" },
  {
    words: ["rpc", "gen", "-I", "none", fromFileUrl(import.meta.url)],
    code: 3,
    says: "import path none",
  },
  { words: ["rpc", "gen", "a.proto", "--style", "zero"], code: 2, says: "Cannot use style" },
  { words: ["rpc", "new", "a-b"], code: 2, says: "as in a_b" },
  { words: ["rpc", "template"], code: 2, says: "FILE is missing" },
  { words: ["rpc", "template", "a.txt"], code: 2, says: "does not end in .proto" },
  { words: ["rpc", "template", "a-b.proto"], code: 2, says: "as in a_b" },
  { words: ["rpc", "gens", "a"], code: 2, says: "did you mean gen" },
];
for (const { words, code, says } of usage) {
  Deno.test(`zeno ${words.slice(0, 4).join(" ")} ends with ${code}`, async () => {
    const result = await zeno(...words);
    assertEquals(result.code, code, result.err);
    assertStringIncludes(result.err, says);
  });
}

Deno.test("rpc protoc takes the flags of goctl", () =>
  inService(async (dir) => {
    const out = `${dir}/out`;
    const { code } = await zeno(
      "rpc",
      "protoc",
      `${dir}/talk.proto`,
      "--go_out",
      "x",
      "--go-grpc_out=x",
      "--zrpc_out",
      out,
    );
    assertEquals([code, (await listAll(out)).length], [0, ONE.length]);
  }));

const TORTURE = fromFileUrl(
  new URL("./generate/rpc/testdata/torture/torture.proto", import.meta.url),
);
Deno.test("messages of all that may get in the way pass fmt, lint, check and doc --lint", () =>
  inTempFolder(async (dir) => {
    const { code, err } = await zeno(
      "rpc",
      "gen",
      TORTURE,
      "--dir",
      dir,
      "--messages",
      "--no-client",
    );
    assertEquals([code, err], [0, ""]);
    const config = {
      name: "@torture/messages",
      version: "1.0.0",
      exports: "./pb/torture.gen.ts",
      imports: { "@zeno/zeno": "jsr:@zeno/zeno@^0.1.0" },
      links: [fromFileUrl(new URL("..", import.meta.url))],
      lock: false,
      fmt: { lineWidth: 100 },
      lint: { rules: { tags: ["recommended", "jsr"] } },
      compilerOptions: { noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
    };
    await Deno.writeTextFile(`${dir}/deno.json`, JSON.stringify(config));
    for (const words of [["fmt", "--check", "pb"], ["lint", "pb"], ["check", "pb"]]) {
      const { code, output } = await runDeno(dir, ...words);
      assertEquals(code, 0, output);
    }
    const { output } = await runDeno(dir, "doc", "--lint", "pb/torture.gen.ts");
    // Types of the framework count as private where it is a linked folder.
    const faults = output.split("\n").filter((line) => /^error\[(?!private-type-ref)/.test(line));
    assertEquals(faults, []);
    for (const path of await listAll(dir, "pb/")) {
      const text = await Deno.readTextFile(`${dir}/${path}`);
      assertEquals(
        /deno-(lint|fmt)-ignore|@ts-|: any\b(?!\()|<any\b|as any\b|as unknown as/.test(text),
        false,
        path,
      );
    }
  }));

Deno.test("rpc gen takes files that import each other, in whatever order they are named", () =>
  inTempFolder(async (dir) => {
    await Deno.mkdir(`${dir}/b`);
    await Deno.writeTextFile(`${dir}/b/b.proto`, PROTO);
    const a = PROTO.replace("talk.v1;", 'a;\nimport "b/b.proto";').replace("Greeter", "Other");
    await Deno.writeTextFile(`${dir}/a.proto`, a);
    for (const files of [["a.proto", "b/b.proto"], ["b/b.proto", "a.proto"]]) {
      const paths = files.map((file) => `${dir}/${file}`);
      const { code, err } = await zeno("rpc", "gen", ...paths, "--dir", `${dir}/${files[0]}-out`);
      assertEquals([code, err], [0, ""]);
    }
  }));

Deno.test("rpc gen writes a gen task that works for paths that a shell would take apart", () =>
  inTempFolder(async (dir) => {
    const protos = `${dir}/it's $HOME & more`;
    await Deno.mkdir(protos);
    await Deno.writeTextFile(`${protos}/talk "1".proto`, PROTO);
    const { code, err } = await zeno(
      ...["rpc", "gen", `${protos}/talk "1".proto`, "-I", protos, "--dir", `${dir}/out`],
    );
    assertEquals([code, err], [0, ""]);
    const check = await runDeno(`${dir}/out`, "task", "gen", "--check");
    assertEquals(check.code, 0, check.output);
  }));

const CLASHES = `syntax = "proto3";
package clash;
message M { string s = 1; }
service Greeter { rpc Say(M) returns (M); rpc say(M) returns (M); rpc SAY(stream M) returns (stream M); }
service Rpc { rpc Go(M) returns (M); }
service greeter { rpc Say(M) returns (M); }
`;

Deno.test("services and methods of all but one name pass fmt, lint, check and their tests", () =>
  inTempFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/a.proto`, CLASHES);
    const other = CLASHES.replace("clash", "other").replace(/service (Rpc|greeter).*\n/g, "");
    await Deno.writeTextFile(`${dir}/b.proto`, other);
    const words = [
      "rpc",
      "gen",
      `${dir}/a.proto`,
      `${dir}/b.proto`,
      "--test",
      "--dir",
      `${dir}/out`,
    ];
    const { code, err } = await zeno(...words);
    assertEquals([code, err], [0, ""]);
    for (const task of ["check", "test"]) {
      const { code, output } = await runDeno(`${dir}/out`, "task", task);
      assertEquals(code, 0, output);
    }
  }));

Deno.test("rpc gen serves a service that was added later, and says where logic has moved", () =>
  inService(async (dir, gen) => {
    await gen("--test");
    await edit(
      `${dir}/internal/logic/say_hello_logic.ts`,
      /throw new[^]*?\);/.exec(
        await Deno.readTextFile(`${dir}/internal/logic/say_hello_logic.ts`),
      )![0],
      'return Promise.resolve({ text: "mine" });',
    );
    await edit(
      `${dir}/talk.proto`,
      "service Greeter",
      "service Services {\n  rpc Bye(HelloRequest) returns (HelloReply);\n}\n\nservice Greeter",
    );
    const { code, out, err } = await gen("--test");
    assertEquals(code, 0);
    assertMatch(err, /internal\/logic\/say_hello_logic\.ts \(yours to delete\)/);
    assertMatch(
      out,
      /internal\/logic\/say_hello_logic\.ts\n +is now internal\/logic\/greeter\/say_hello_logic\.ts/,
    );
    const services = /servicesService[^]*greeterService|greeterService[^]*servicesService/;
    assertMatch(await Deno.readTextFile(`${dir}/pb/talk.gen.ts`), services);
    for (const path of ["internal/logic/say_hello_logic.ts", "tests/say_hello_logic_test.ts"]) {
      await Deno.remove(`${dir}/${path}`);
    }
    // main.ts and tests/test_server.ts are those of before.
    for (const task of ["check", "test"]) {
      const { code, output } = await runDeno(dir, "task", task);
      assertEquals(code, 0, output);
    }
  }));

const LONG = `syntax = "proto3";

package google.cloud.dialogflow.v2;

import "google/api/annotations.proto";

// The first line.
//
//
// A line behind two empty ones.
message Intent {
  message Message {
    message BrowseCarouselCard {
      message BrowseCarouselCardItem {
        message OpenUrlAction {
          enum UrlTypeHint {
            URL_TYPE_HINT_UNSPECIFIED = 0;
            AMP_ACTION = 1;
          }
          UrlTypeHint url_type_hint = 1;
          map<string, UrlTypeHint> url_type_hints = 2;
          repeated UrlTypeHint all_url_type_hints = 3;
          optional UrlTypeHint maybe_url_type_hint = 4;
          oneof one_of_url_type_hint {
            UrlTypeHint one_url_type_hint = 5;
            OpenUrlAction one_open_url_action = 6;
          }
        }
        OpenUrlAction open_uri_action = 1;
        repeated OpenUrlAction open_uri_actions = 2;
        map<string, OpenUrlAction> open_uri_action_by_name = 3;
      }
    }
  }
}

service IntentsOfAConversation {
  rpc DetectIntentOfTheLastThing(Intent.Message.BrowseCarouselCard.BrowseCarouselCardItem.OpenUrlAction)
      returns (stream Intent.Message.BrowseCarouselCard.BrowseCarouselCardItem.OpenUrlAction) {
    option (google.api.http) = {
      get: "/v2/{any=projects/*/locations/*/agent/environments/*/users/*/sessions/*}/entityTypes/all"
      additional_bindings { get: "/v2/{any=projects/*/locations/*/agent/environments/*/users/*/sessions/*}:detect" }
    };
  }
  rpc DetectIntentsOfAll(stream Intent.Message.BrowseCarouselCard.BrowseCarouselCardItem)
      returns (Intent.Message.BrowseCarouselCard.BrowseCarouselCardItem.OpenUrlAction);
}
`;

Deno.test("names of every length pass fmt, lint, check and the tests", () =>
  inTempFolder(async (dir) => {
    // Each line of generated code is once just short enough and once just too long.
    for (const length of [0, 3, 6, 9, 12, 13, 15]) {
      const text = LONG.replaceAll("BrowseCarouselCardItem", `Item${"x".repeat(length)}`);
      await Deno.writeTextFile(`${dir}/p${length}.proto`, text.replace(".v2;", `.v${length};`));
    }
    const files = [...Deno.readDirSync(dir)].map(({ name }) => `${dir}/${name}`).sort();
    const { code, err } = await zeno("rpc", "gen", ...files, "--test", "--dir", `${dir}/out`);
    assertEquals([code, err], [0, ""]);
    for (const task of ["check", "test"]) {
      const { code, output } = await runDeno(`${dir}/out`, "task", task);
      assertEquals(code, 0, output);
    }
  }));

Deno.test("rpc template writes a file that rpc gen takes, and never over another", () =>
  inTempFolder(async (dir) => {
    const file = `${dir}/new/ping.proto`;
    const { code, out } = await zeno("rpc", "template", "--o", file);
    assertEquals(code, 0);
    assertMatch(out, /zeno rpc gen .*new\/ping\.proto --dir ping --test$/);
    const text = await Deno.readTextFile(file);
    assertMatch(
      text,
      /package ping;[^]*service Ping \{[^]*rpc Ping\(Request\) returns \(Response\)/,
    );
    assertEquals((await zeno("rpc", "gen", file, "--dir", `${dir}/out`)).code, 0);
    await Deno.writeTextFile(file, "mine");
    const again = await zeno("rpc", "template", file);
    assertEquals([again.code, await Deno.readTextFile(file)], [3, "mine"]);
    assertStringIncludes(again.err, "it is there already");
  }));

Deno.test("a folder holds one service, and messages of as many others as it likes", () =>
  inService(async (dir, gen) => {
    await gen();
    const other = `${dir}/other.proto`;
    await Deno.writeTextFile(
      other,
      PROTO.replaceAll("Greeter", "Other").replace("talk.v1", "other"),
    );
    assertEquals((await zeno("rpc", "gen", other, "--messages", "--dir", dir)).code, 0);
    assertEquals(await gen("--check"), { code: 0, out: "", err: "" });
    for (const words of [["rpc", "gen", other], ["gateway", "gen", other]]) {
      const { code, err } = await zeno(...words, "--dir", dir);
      assertEquals(code, 3);
      assertMatch(err, /^Cannot generate into .*: deno.json is of the service from talk.proto; /);
    }
    assertEquals((await listAll(dir)).includes("internal/logic/other/say_hello_logic.ts"), false);
    // All of them at once are one service.
    assertEquals((await gen(other)).code, 0);
  }));
