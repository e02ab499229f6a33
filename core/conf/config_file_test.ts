import { assertEquals, assertThrows } from "@std/assert";
import { configFile } from "./config_file.ts";
import { ConfigError } from "./errors.ts";

const named: [args: string[], file: string][] = [
  [[], "etc/a.yaml"],
  [["-f", "b.yaml"], "b.yaml"],
  [["--file", "b.yaml"], "b.yaml"],
  [["-f=b.yaml"], "b.yaml"],
  [["--file=b.yaml"], "b.yaml"],
];

for (const [args, file] of named) {
  Deno.test(`configFile() reads ${JSON.stringify(args)} as ${file}`, () => {
    assertEquals(configFile("etc/a.yaml", args), file);
  });
}

for (const args of [["-f"], ["b.yaml"], ["--port", "1"], ["-f", "b.yaml", "c"], ["-f="]]) {
  Deno.test(`configFile() refuses ${JSON.stringify(args)} and says what it takes`, () => {
    assertThrows(
      () => configFile("etc/a.yaml", args),
      ConfigError,
      "use -f FILE, or nothing for etc/a.yaml",
    );
  });
}
