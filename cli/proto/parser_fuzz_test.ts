/**
 * Texts by chance. A failure names its seed; `ZENO_SEED=n` runs it again.
 *
 * @module
 */

import { assert } from "@std/assert";
import { BUNDLED } from "./bundled.ts";
import { FileDescriptorProto } from "../../rpc/proto/google/protobuf/descriptor.gen.ts";
import { compileProtos, descriptorOf } from "./compile.ts";

const SEED = Number(Deno.env.get("ZENO_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
const URLS = [
  "../generate/rpc/testdata/torture/torture.proto",
  "../generate/rpc/testdata/shop/order.proto",
  "../../rpc/proto/testdata/everything.proto",
];
const PIECES = [
  "{",
  "}",
  "(",
  ")",
  "<",
  ">",
  ";",
  "=",
  '"',
  "'",
  "/*",
  "//",
  "-",
  ".",
  "1",
  "0x",
  "1e9999",
  "map<",
  "oneof o {",
  "\\",
  "\0",
  "\u2028",
  "\u{1f600}",
];

Deno.test("compileProtos() of broken text gives diagnostics, and throws nothing", async () => {
  const texts = await Promise.all(
    URLS.map((url) => Deno.readTextFile(new URL(url, import.meta.url))),
  );
  texts.push(...BUNDLED.values());
  const verdicts: readonly { readonly files: Readonly<Record<string, string>> }[] = JSON.parse(
    await Deno.readTextFile(new URL("testdata/verdicts.json", import.meta.url)),
  );
  texts.push(
    ...verdicts.map(({ files }) => files["main.proto"]!).filter(({ length }) =>
      length > 0 && length < 4000
    ),
  );
  // A linear congruential generator is chance enough here.
  let state = SEED >>> 0;
  const below = (limit: number) => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
  let refused = 0;
  for (let round = 0; round < 1500; round++) {
    let text = texts[below(texts.length)]!;
    for (let count = 1 + below(3); count > 0; count--) {
      const at = below(text.length);
      const behind = at + below(12);
      const piece = below(2) === 0
        ? PIECES[below(PIECES.length)]!
        : text.slice(behind, behind + below(40));
      text = text.slice(0, at) + piece + text.slice(behind);
    }
    const readFile = (path: string) => {
      if (path === "/p/main.proto") return text;
      throw new Deno.errors.NotFound();
    };
    try {
      const { program, diagnostics } = compileProtos(["/p/main.proto"], {
        readFile,
        importPaths: ["/p"],
      });
      // What is taken can be written, and read by others.
      for (const file of program?.mains ?? []) {
        FileDescriptorProto.decode(descriptorOf(file, program!));
      }
      for (const options of program?.options.values() ?? []) JSON.stringify(options.toData());
      refused += diagnostics.length > 0 ? 1 : 0;
      for (const { line, column, message } of diagnostics) {
        assert(line >= 1 && column >= 1 && message.startsWith("Cannot "), message);
      }
    } catch (error) {
      throw new Error(`seed ${SEED}, round ${round}: ${text}`, { cause: error });
    }
  }
  assert(refused > 100, `seed ${SEED}: only ${refused} were refused`);
});
