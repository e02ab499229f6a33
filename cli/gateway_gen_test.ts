import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { DescriptorPool } from "../rpc/gateway/dynamic/descriptor_pool.ts";
import { main } from "./main.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";
import { inTempFolder } from "./testing/temp_folder.ts";

const GREET = `syntax = "proto3";

package greet.v1;

message HelloRequest {
  string name = 1;
}

message HelloReply {
  string text = 1;
}

service LoudGreeter {
  rpc SayHello(HelloRequest) returns (HelloReply);
}
`;

const SHOP = `syntax = "proto3";

package shop;

import "google/api/annotations.proto";

message Order {
  string id = 1;
  int32 count = 2;
}

service Orders {
  rpc Get(Order) returns (Order) {
    option (google.api.http) = {
      get: "/v1/orders/{id}"
      additional_bindings { post: "/v1/find" body: "*" }
    };
  }
  rpc Audit(Order) returns (Order);
}
`;

async function zeno(...words: string[]) {
  const terminal = new MemoryTerminal();
  const code = await main(words, terminal);
  return { code, out: terminal.out.join("\n"), err: terminal.err.join("\n") };
}

type Generate = (...flags: string[]) => ReturnType<typeof zeno>;

function inProtos(test: (dir: string, gen: Generate) => Promise<void>) {
  return inTempFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/greet.proto`, GREET);
    await Deno.writeTextFile(`${dir}/shop.proto`, SHOP);
    await test(
      dir,
      (...words) => zeno("gateway", "gen", ...words, "--dir", `${dir}/edge`),
    );
  });
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assertStringIncludes(text, from);
  await Deno.writeTextFile(path, text.replace(from, () => to));
}

async function listAll(dir: string, below: string = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${dir}/${below}`)) {
    if (isDirectory) found.push(...await listAll(dir, `${below}${name}/`));
    else found.push(below + name);
  }
  return found.sort();
}

/** The part of a yaml file that tests look at. */
interface YamlFile {
  readonly Upstreams: readonly [{ Grpc: unknown; ProtoSets: string[]; Mappings: unknown }];
}

async function readYaml(dir: string): Promise<YamlFile> {
  return parse(await Deno.readTextFile(`${dir}/edge/etc/edge.yaml`)) as YamlFile;
}

Deno.test("gateway gen lays the gateway out, and says what to do next", () =>
  inProtos(async (dir, gen) => {
    const { code, out, err } = await gen(`${dir}/greet.proto`, "--test");
    assertEquals([code, err], [0, ""]);
    assertEquals(await listAll(`${dir}/edge`), [
      ".gen/manifest.json",
      "README.md",
      "deno.json",
      "etc/edge.yaml",
      "etc/greet.gen.pb",
      "internal/config/config.ts",
      "main.ts",
      "tests/gateway_test.ts",
    ]);
    assertEquals(out.split("\n").slice(-2), [
      `  cd ${dir}/edge && deno task start`,
      `  curl --json '{"name":"x"}' localhost:8888/greet/v1/loud-greeter/say-hello`,
    ]);
    const task = JSON.parse(await Deno.readTextFile(`${dir}/edge/deno.json`)).tasks.gen;
    assertStringIncludes(task, "gateway gen ../greet.proto --dir . --test");
  }));

Deno.test("gateway gen makes the gateway beside the folder of the service", () =>
  inTempFolder(async (dir) => {
    await Deno.mkdir(`${dir}/greet`);
    await Deno.writeTextFile(`${dir}/greet/greet.proto`, GREET);
    const { code, out } = await zeno("gateway", "gen", `${dir}/greet/greet.proto`);
    assertEquals([code, (await listAll(`${dir}/gateway`)).includes("etc/gateway.yaml")], [0, true]);
    assertStringIncludes(out, `cd ${dir}/gateway && deno task start`);
  }));

Deno.test("gateway gen maps the methods of services without annotations", () =>
  inProtos(async (dir, gen) => {
    await gen(`${dir}/greet.proto`);
    const { Upstreams } = await readYaml(dir);
    assertEquals<unknown>(Upstreams, [{
      Name: "greet",
      Grpc: { Endpoints: ["127.0.0.1:8080"], Timeout: 2000 },
      ProtoSets: ["etc/greet.gen.pb"],
      Mappings: [{
        Method: "post",
        Path: "/greet/v1/loud-greeter/say-hello",
        RpcPath: "greet.v1.LoudGreeter/SayHello",
      }],
    }]);
  }));

Deno.test("gateway gen gives methods of nearly one name a path each", () =>
  inProtos(async (dir, gen) => {
    const all = ["SayHello", "sayHello", "SAYHello", "say_hello"].map((name) =>
      `rpc ${name}(HelloRequest) returns (HelloReply);`
    );
    await edit(
      `${dir}/greet.proto`,
      "rpc SayHello(HelloRequest) returns (HelloReply);",
      all.join(" "),
    );
    assertEquals((await gen(`${dir}/greet.proto`)).code, 0);
    const text = await Deno.readTextFile(`${dir}/edge/etc/edge.yaml`);
    const paths = [...text.matchAll(/ Path: (.*)/g)].map(([, path]) => path);
    assertEquals([paths.length, new Set(paths).size], [4, 4]);
  }));

Deno.test("gateway gen leaves a method without annotation unmapped where others have one", () =>
  inProtos(async (dir, gen) => {
    const { out } = await gen("--proto", `${dir}/shop.proto`);
    assertMatch(out, /curl localhost:8888\/v1\/orders\/x$/);
    const { Upstreams: [{ Mappings }] } = await readYaml(dir);
    assertEquals(Mappings, undefined);
    const text = await Deno.readTextFile(`${dir}/edge/etc/edge.yaml`);
    assertStringIncludes(text, "    #   GET /v1/orders/{id}  shop.Orders/Get\n");
    assertStringIncludes(text, "    #   POST /v1/find  shop.Orders/Get\n");
    assertStringIncludes(text, "    #     RpcPath: shop.Orders/Audit\n");
    const readme = await Deno.readTextFile(`${dir}/edge/README.md`);
    assertStringIncludes(readme, "- `GET /v1/orders/{id}` calls `shop.Orders/Get`\n");
  }));

Deno.test("gateway gen writes a descriptor set with all imports", () =>
  inProtos(async (dir, gen) => {
    await gen(`${dir}/shop.proto`);
    const pool = DescriptorPool.fromSets(await Deno.readFile(`${dir}/edge/etc/shop.gen.pb`));
    assertEquals(pool.services.map(({ typeName }) => typeName), ["shop.Orders"]);
    assertEquals(pool.find("google.api.HttpRule")?.typeName, "google.api.HttpRule");
    assertEquals(pool.find("google.protobuf.MethodOptions") === undefined, false);
  }));

const targets = [
  { target: "a:1,b:2", grpc: { Endpoints: ["a:1", "b:2"] } },
  { target: "direct:///a:1", grpc: { Endpoints: ["a:1"] } },
  { target: "etcd://h:2379/greet.rpc", grpc: { Etcd: { Hosts: ["h:2379"], Key: "greet.rpc" } } },
  { target: "k8s://prod/greet:8080", grpc: { Target: "k8s://prod/greet:8080" } },
  { target: "dns:///greet:8080", grpc: { Target: "dns:///greet:8080" } },
];
for (const { target, grpc } of targets) {
  Deno.test(`gateway gen --target ${target} is where the service is`, () =>
    inProtos(async (dir, gen) => {
      assertEquals((await gen(`${dir}/greet.proto`, "--target", target)).code, 0);
      const { Upstreams: [{ Grpc }] } = await readYaml(dir);
      assertEquals(Grpc, { ...grpc, Timeout: 2000 });
      const { tasks } = JSON.parse(await Deno.readTextFile(`${dir}/edge/deno.json`));
      assertStringIncludes(tasks.gen, `--target ${target}`);
    }));
}

const layouts = [
  { targets: [], sets: [["etc/greet.gen.pb"]] },
  { targets: ["a:1"], sets: [["etc/greet.gen.pb"]] },
  { targets: ["a:1", "b:1"], sets: [["etc/greet.gen.pb"], ["etc/shop.gen.pb"]] },
];
for (const { targets, sets } of layouts) {
  Deno.test(`gateway gen of two files with ${targets.length} targets has ${sets.length} upstreams`, () =>
    inProtos(async (dir, gen) => {
      const flags = targets.flatMap((target) => ["--target", target]);
      const { code } = await gen(`${dir}/greet.proto`, `${dir}/shop.proto`, ...flags);
      assertEquals(code, 0);
      const { Upstreams } = await readYaml(dir);
      assertEquals(Upstreams.map(({ ProtoSets }) => ProtoSets), sets);
      const bytes = await Deno.readFile(`${dir}/edge/${sets.at(-1)![0]}`);
      const names = DescriptorPool.fromSets(bytes).services.map(({ typeName }) => typeName);
      assertEquals(names.includes("shop.Orders"), true);
    }));
}

Deno.test("gateway gen gives two files of one name a set each", () =>
  inProtos(async (dir, gen) => {
    await Deno.mkdir(`${dir}/more`);
    await Deno.writeTextFile(`${dir}/more/greet.proto`, GREET.replace("greet.v1", "greet.v2"));
    const files = [`${dir}/greet.proto`, `${dir}/more/greet.proto`];
    const { code, err } = await gen("-I", dir, ...files, "--target", "a:1", "--target", "b:1");
    assertEquals([code, err], [0, ""]);
    const sets = (await listAll(`${dir}/edge`)).filter((path) => path.endsWith(".pb"));
    assertEquals(sets, ["etc/greet.gen.pb", "etc/greet_2.gen.pb"]);
  }));

Deno.test("gateway gen follows a change: generated bytes, a hint, and nothing of the user's", () =>
  inProtos(async (dir, gen) => {
    const file = `${dir}/greet.proto`;
    assertEquals((await gen(file, "--check")).code, 1);
    await gen(file);
    assertEquals(await gen(file, "--check"), { code: 0, out: "", err: "" });
    await edit(`${dir}/edge/etc/edge.yaml`, "Port: 8888", "Port: 9999 # mine");
    await edit(file, "  rpc", "  rpc SayBye(HelloRequest) returns (HelloReply);\n  rpc");
    const check = await gen(file, "--check");
    assertEquals([check.code, check.out], [1, "update  etc/greet.gen.pb"]);
    assertEquals(
      (await gen(file, "--diff")).out,
      "Binary files etc/greet.gen.pb and etc/greet.gen.pb differ",
    );
    const { code, out } = await gen(file);
    assertEquals(code, 0);
    assertStringIncludes(out, "No route for greet.v1.LoudGreeter/SayBye.");
    assertStringIncludes(out, "  - Method: post\n      Path: /greet/v1/loud-greeter/say-bye\n");
    assertStringIncludes(await Deno.readTextFile(`${dir}/edge/etc/edge.yaml`), "# mine");
    const json = JSON.parse((await gen(file, "--json")).out);
    assertEquals([json.ok, json.files[0]], [true, { kind: "keep", path: "README.md" }]);
  }));

const faults = [
  {
    name: "a wrong template",
    from: "/v1/orders/{id}",
    to: "/v1/orders/{id",
    says: /shop\.proto:14:12: error E-http Cannot serve \/shop\.Orders\/Get by HTTP: /,
  },
  {
    name: "a field that is not there",
    from: "/v1/orders/{id}",
    to: "/v1/orders/{name}",
    says: /shop\.proto:14:12: error E-http .*shop\.Order has no field name/,
  },
  {
    name: "two methods with the same paths",
    from: "rpc Audit(Order) returns (Order);",
    to:
      'rpc Audit(Order) returns (Order) {\n    option (google.api.http).get = "/v1/orders/{count}";\n  }',
    says: /shop\.proto:20:12: error E-http .*takes the same paths/,
  },
];
for (const { name, from, to, says } of faults) {
  Deno.test(`gateway gen tells of ${name} at its place, and writes nothing`, () =>
    inProtos(async (dir, gen) => {
      await edit(`${dir}/shop.proto`, from, to);
      const { code, err } = await gen(`${dir}/shop.proto`);
      assertEquals(code, 1);
      assertMatch(err, says);
      assertMatch(err, /\n +option \(google\.api\.http\).*\n +\^/);
      const json = await gen(`${dir}/shop.proto`, "--json");
      const { ok, diagnostics: [first] } = JSON.parse(json.out);
      assertEquals([json.code, ok, first.code], [1, false, "E-http"]);
      assertEquals(await listAll(dir), ["greet.proto", "shop.proto"]);
    }));
}

Deno.test("gateway gen of a file without a service says what to do", () =>
  inProtos(async (dir, gen) => {
    await Deno.writeTextFile(`${dir}/a.proto`, 'syntax = "proto3"; message A {}');
    const { code, err } = await gen(`${dir}/greet.proto`, `${dir}/a.proto`, "--target", "a:1");
    assertEquals([code, err], [0, ""]);
    const alone = await gen(`${dir}/a.proto`);
    assertEquals(alone.code, 1);
    assertStringIncludes(alone.err, "name the file that declares the service");
  }));

const usage: readonly { words: string[]; code: number; says: string }[] = [
  { words: [], code: 2, says: "FILE is missing" },
  { words: ["none.proto"], code: 3, says: "Cannot read none.proto" },
  { words: ["a.proto", "--target", "http://a"], code: 2, says: "need direct, etcd" },
  { words: ["a.proto", "--target", "a"], code: 2, says: "need host:port" },
  { words: ["a.proto", "--target", "a:1,b"], code: 2, says: "need host:port" },
  {
    words: ["a", "b", "c", "--target", "a:1", "--target", "b:1"],
    code: 2,
    says: "2 targets for 3 files",
  },
];
for (const { words, code, says } of usage) {
  Deno.test(`zeno gateway gen ${words.join(" ")} ends with ${code}`, async () => {
    const result = await zeno("gateway", "gen", ...words);
    assertEquals(result.code, code, result.err);
    assertStringIncludes(result.err, says);
  });
}
