/**
 * Programs that protoc was asked about, by `testdata/make_verdicts.py`: what it takes is taken and gives the same
 * descriptor, byte for byte; what it refuses is refused, on the same line.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { compileProtos, descriptorOf } from "./compile.ts";

interface Verdict {
  readonly files: Readonly<Record<string, string>>;
  /** What protoc says of it: the first lines. */
  readonly refused?: readonly string[];
  /** The descriptor of each file in base64, if protoc takes it. */
  readonly descriptors?: Readonly<Record<string, string>>;
}

const verdicts: readonly Verdict[] = JSON.parse(
  await Deno.readTextFile(new URL("./testdata/verdicts.json", import.meta.url)),
);

/** What we refuse and protoc takes, by a part of the text. */
const STRICTER: readonly { readonly part: string; readonly code: string }[] = [
  // Only proto3 is compiled; proto2 may be imported, but for its groups.
  { part: 'syntax = "proto2"; message M { optional int32 a = 1; }', code: "E-proto2" },
  { part: "optional group G = 1", code: "E-group" },
  { part: 'edition = "2023"', code: "E-edition" },
  // Descriptors of these cannot be read by anyone: their text is no Unicode.
  { part: '"\\U00110000"', code: "E-syntax" },
  { part: '"\\ud83d"', code: "E-syntax" },
  { part: 'java_package = "\\xff"', code: "E-option" },
  { part: 'json_name = "\\xff"', code: "E-option" },
  // protoc lets the entries of a map be used in a service, but not in a message.
  { part: "rpc A(M.BEntry)", code: "E-unresolved" },
  // And takes the rest of the option for a comment.
  { part: "{ # comment", code: "E-syntax" },
];

/** Begins of files that protoc takes for proto2. */
const PROTO2 = /^(?:|message M \{ optional int32 a = 1; \})$/;

/** What protoc refuses at another place than we do. */
const ELSEWHERE: readonly string[] = ["option features.field_presence", 'import "main.proto"'];

for (const { files, refused, descriptors } of verdicts) {
  const main = files["main.proto"]!;
  const all = Object.values(files).join(" ");
  const shown = JSON.stringify(all.replace(/^syntax = "proto3";\s(?:package p;\s)?/, "")).slice(
    0,
    120,
  );
  const compiled = () =>
    compileProtos(["/p/main.proto"], {
      readFile: (path) => {
        const text = files[path.slice("/p/".length)];
        if (text === undefined) throw new Deno.errors.NotFound();
        return text;
      },
      importPaths: ["/p"],
    });
  const stricter = PROTO2.test(main)
    ? "E-proto2"
    : STRICTER.find(({ part }) => all.includes(part))?.code;
  if (refused === undefined && stricter === undefined) {
    Deno.test(`compileProtos() takes ${shown}`, () => {
      const { program, diagnostics } = compiled();
      assertEquals(diagnostics, []);
      const own = program!.files.filter(({ bundled }) => !bundled);
      const ours = own.map((file) => [file.name, descriptorOf(file, program!).toBase64()]);
      assertEquals(Object.fromEntries(ours), descriptors);
    });
    continue;
  }
  Deno.test(`compileProtos() refuses ${shown}`, () => {
    const { program, diagnostics } = compiled();
    assert(program === undefined, "it is taken");
    const [first] = diagnostics;
    assert(/^Cannot .*[^.]$/.test(first!.message), first!.message);
    if (stricter !== undefined) return assertEquals(first!.code, stricter);
    const lines = refused!.map((line) => /^\S+\.proto:\d+/.exec(line)?.[0]);
    if (lines[0] === undefined || ELSEWHERE.some((part) => all.includes(part))) return;
    const ours = `${first!.file.slice("/p/".length)}:${first!.line}`;
    assert(lines.includes(ours), `${ours}: ${first!.message}, protoc: ${refused!.join(", ")}`);
  });
}
