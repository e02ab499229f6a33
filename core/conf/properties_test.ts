import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConfigError } from "./errors.ts";
import { Properties } from "./properties.ts";

const text = `
# comment
 host = localhost
port=80
empty=
=nameless
equation = a=b=c
home=\${HOME_DIR}/x
`;

Deno.test("Properties.parse() reads keys and values", () => {
  const properties = Properties.parse(text);
  assertEquals([...properties.keys()], ["host", "port", "empty", "", "equation", "home"]);
  assertEquals(properties.get("host"), "localhost");
  assertEquals(properties.get("empty", "x"), "");
  assertEquals(properties.get(""), "nameless");
  assertEquals(properties.get("equation"), "a=b=c");
  assertEquals(properties.get("home"), "${HOME_DIR}/x");
  assertEquals([properties.get("none"), properties.get("none", "x")], ["", "x"]);
  assertEquals([properties.has("port"), properties.has("none")], [true, false]);
});

Deno.test("Properties.getInt() falls back when absent or no integer", () => {
  const properties = Properties.parse(text);
  assertEquals(
    ["port", "host", "empty", "none"].map((key) => properties.getInt(key, 7)),
    [80, 7, 7, 7],
  );
  assertEquals(properties.getInt("none"), 0);
});

Deno.test("Properties.parse() expands values when given variables", () => {
  const env = (name: string) => name === "HOME_DIR" ? "/home" : undefined;
  assertEquals(Properties.parse(text, { env }).get("home"), "/home/x");
});

Deno.test("Properties.parse() refuses a line without =, by number", () => {
  assertThrows(
    () => Properties.parse("a=1\nsecret"),
    SyntaxError,
    "invalid property format at line 2, need key=value",
  );
});

Deno.test("Properties.toString() is read back", () => {
  const properties = new Properties();
  properties.set("a", "b=c");
  properties.setInt("n", -3);
  assertEquals(properties.toString(), "a=b=c\nn=-3\n");
  assertEquals(Properties.parse(properties.toString()).toString(), properties.toString());
  assertThrows(() => properties.setInt("n", 0.5), RangeError);
});

Deno.test("Properties.load() reads a file and says what to do without one", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "a=1");
    assertEquals((await Properties.load(file)).getInt("a"), 1);
  } finally {
    await Deno.remove(file);
  }
  await assertRejects(() => Properties.load("/no/such"), ConfigError, "no such file, create it");
});
