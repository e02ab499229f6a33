/**
 * Checks that the generated file is what the generator makes of the `.proto` file beside it.
 *
 * `ZENO_UPDATE_GOLDEN=1 deno test -A rpc/testing/interop/generated_test.ts` writes it anew.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { relativeImport } from "../../../cli/generate/code.ts";
import { NameBook, type ProtoPlaces } from "../../../cli/generate/rpc/file_context.ts";
import { protoFile } from "../../../cli/generate/rpc/proto_file.ts";
import { compileProtos, descriptorOf } from "../../../cli/proto/compile.ts";

const ROOT = fromFileUrl(new URL(".", import.meta.url));

const PLACES: ProtoPlaces = {
  pathOf: () => "testing/interop/test.gen.ts",
  specifierOf: ({ name }, from) => relativeImport(from, `testing/interop/${name}`),
  runtime: (from) => relativeImport(from, "proto/runtime.ts"),
  rpc: (from) => relativeImport(from, "method.ts"),
};

Deno.test("test.gen.ts is what is generated of test.proto", async () => {
  const { program, diagnostics } = compileProtos([`${ROOT}test.proto`], {
    readFile: Deno.readTextFileSync,
    importPaths: [ROOT],
  });
  assertEquals(diagnostics, []);
  const { content } = protoFile(program!.mains[0]!, {
    book: new NameBook(),
    places: PLACES,
    descriptorOf: (file) => descriptorOf(file, program!),
    optionsOf: () => ({}),
  });
  const path = `${ROOT}test.gen.ts`;
  if (Deno.env.get("ZENO_UPDATE_GOLDEN") === "1") await Deno.writeTextFile(path, content);
  assertEquals(content, await Deno.readTextFile(path));
});
