import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Command, type Invocation, runCommand } from "./command.ts";
import { FileError, UsageError } from "./errors.ts";
import { MemoryTerminal } from "./testing/memory_terminal.ts";

function rootWith(action: (invocation: Invocation) => number): Command {
  return {
    name: "tool",
    about: "does things",
    commands: [{
      name: "api",
      about: "api things",
      commands: [{
        name: "validate",
        aliases: ["check"],
        about: "checks",
        args: ["FILE", "[DIR]"],
        flags: { strict: { type: "boolean", about: "be strict" } },
        examples: ["tool api validate a.api"],
        load: () => Promise.resolve(action),
      }],
    }],
  };
}

async function run(words: string[], action: (invocation: Invocation) => number = () => 0) {
  const terminal = new MemoryTerminal();
  const code = await runCommand(rootWith(action), words, terminal);
  return { code, out: terminal.out.join("\n"), err: terminal.err.join("\n") };
}

Deno.test("runCommand() runs a nested command, or its alias, with args and flags", async () => {
  const seen: unknown[] = [];
  const action = ({ args, flags, json }: Invocation) => {
    seen.push([args, flags.on("strict"), json]);
    return 1;
  };
  const first = await run(["api", "validate", "a.api", "--strict"], action);
  const second = await run(["api", "check", "-json", "a.api", "d"], action);
  assertEquals([first.code, second.code], [1, 1]);
  assertEquals(seen, [[["a.api"], true, false], [["a.api", "d"], false, true]]);
});

const usage = [
  { words: ["apo"], says: ['unknown command "apo"', "did you mean api?"] },
  { words: ["api", "valdate", "x"], says: ['unknown command "valdate"', "did you mean validate?"] },
  { words: ["api", "validate", "a", "--strcit"], says: ["--strcit", "did you mean --strict?"] },
  { words: ["api", "validate"], says: ["FILE is missing"] },
  { words: ["api", "validate", "a", "b", "c"], says: ['unexpected argument "c"'] },
  { words: ["api", "validate", "a", "--color", "pink"], says: ["auto, always, never"] },
];
for (const { words, says } of usage) {
  Deno.test(`runCommand() ends ${words.join(" ")} with 2 and a remedy`, async () => {
    const { code, err } = await run(words);
    assertEquals(code, 2);
    for (const text of [...says, "--help"]) assertStringIncludes(err, text);
  });
}

Deno.test("runCommand() suggests nothing for a word that resembles no command", async () => {
  const { err } = await run(["zzzzzzz"]);
  assertEquals(err.includes("did you mean"), false);
});

const thrown = [
  { error: new UsageError("Cannot do it: wrong"), code: 2 },
  { error: new FileError("Cannot read x: gone"), code: 3 },
];
for (const { error, code } of thrown) {
  Deno.test(`runCommand() ends with ${code} on ${error.name}`, async () => {
    const result = await run(["api", "validate", "a"], () => {
      throw error;
    });
    assertEquals(result.code, code);
    assertStringIncludes(result.err, error.message);
  });
}

Deno.test("runCommand() shows help of each level, with examples", async () => {
  for (const words of [["api", "validate", "--help"], ["api", "validate", "-h"]]) {
    const { code, out } = await run(words);
    assertEquals(code, 0);
    for (const text of ["FILE [DIR]", "--strict", "--json", "tool api validate a.api"]) {
      assertStringIncludes(out, text);
    }
  }
  assertStringIncludes((await run(["api"])).out, "validate");
});

Deno.test("runCommand() silences info with --quiet, and leaves print and error", async () => {
  const action = ({ terminal }: Invocation) => {
    terminal.info("info");
    terminal.print("print");
    terminal.error("error");
    return 0;
  };
  const { out, err } = await run(["api", "validate", "a", "--quiet"], action);
  assertEquals([out, err], ["print", "error"]);
});
