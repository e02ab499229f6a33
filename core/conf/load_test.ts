import { assert, assertEquals, assertRejects } from "@std/assert";
import { toFileUrl } from "@std/path";
import { int, string } from "../schema/builders.ts";
import { object } from "../schema/object.ts";
import { ConfigError } from "./errors.ts";
import { loadConfig } from "./load.ts";

const schema = object({ Name: string(), Port: int().default(80) });

async function withFile(
  name: string,
  text: string,
  run: (path: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/${name}`, text);
    await run(`${dir}/${name}`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const files: readonly (readonly [name: string, text: string])[] = [
  ["a.yaml", "name: a"],
  ["a.yml", "name: a"],
  ["A.YAML", "name: a"],
  ["a.json", '{"name":"a"}'],
  ["a.toml", 'name = "a"'],
];
for (const [name, text] of files) {
  Deno.test(`loadConfig() loads ${name}, by path and by URL`, () =>
    withFile(name, text, async (path) => {
      assertEquals(await loadConfig(schema, path), { Name: "a", Port: 80 });
      assertEquals(await loadConfig(schema, toFileUrl(path)), { Name: "a", Port: 80 });
    }));
}

Deno.test("loadConfig() expands the process's variables", () =>
  withFile("a.yaml", "name: ${ZENO_CONF_TEST}", async (path) => {
    Deno.env.set("ZENO_CONF_TEST", "from-env");
    try {
      assertEquals((await loadConfig(schema, path, { env: true })).Name, "from-env");
      assertEquals((await loadConfig(schema, path)).Name, "${ZENO_CONF_TEST}");
    } finally {
      Deno.env.delete("ZENO_CONF_TEST");
    }
  }));

Deno.test("loadConfig() names the file when a parser of the caller's fails", () =>
  withFile("a.json5", "ignored", async (path) => {
    const json5 = () => {
      throw new SyntaxError("unexpected end");
    };
    const error = await assertRejects(
      () => loadConfig(schema, path, { formats: { json5 } }),
      ConfigError,
      "unexpected end",
    );
    assertEquals(error.file, path);
  }));

Deno.test("loadConfig() takes parsers of the caller's", () =>
  withFile("a.json5", "ignored", async (path) => {
    const formats = { json5: () => ({ name: "five" }) };
    assertEquals((await loadConfig(schema, path, { formats })).Name, "five");
    await assertRejects(
      () => loadConfig(schema, path),
      ConfigError,
      "unrecognized file type, use .json, .toml, .yaml or .yml, or pass a parser as options.formats.json5",
    );
  }));

Deno.test("loadConfig() names the file and every problem", () =>
  withFile("a.yaml", "port: x", async (path) => {
    const error = await assertRejects(() => loadConfig(schema, path), ConfigError);
    assertEquals(error.file, path);
    assertEquals(error.message.split("\n").map((line) => line.startsWith(`${path}: `)), [
      true,
      true,
    ]);
  }));

const unreadable: readonly (readonly [path: string, text: string])[] = [
  ["/no/such/file.yaml", "no such file, create it or pass another path"],
  ["/no/such/file", "unrecognized file type, use .json, .toml, .yaml or .yml"],
  ["/no.such/file", "unrecognized file type"],
];
for (const [path, text] of unreadable) {
  Deno.test(`loadConfig() says what to do about ${path}`, async () => {
    const error = await assertRejects(() => loadConfig(schema, path), ConfigError, text);
    assertEquals(error.message.includes("\n"), false);
    assert(error.message.includes(path));
  });
}

Deno.test("loadConfig() says what to do about a folder", async () => {
  const dir = await Deno.makeTempDir({ suffix: ".yaml" });
  try {
    await assertRejects(() => loadConfig(schema, dir), ConfigError, "pass the path of a file");
  } finally {
    await Deno.remove(dir);
  }
});

Deno.test({
  name: "loadConfig() says what to do without permission to read",
  permissions: { read: false },
  fn: async () => {
    await assertRejects(
      () => loadConfig(schema, "a.yaml"),
      ConfigError,
      "run with --allow-read=a.yaml",
    );
  },
});
