/**
 * Checks that the generated files are what the generator makes of the `.proto` files beside them.
 *
 * `ZENO_UPDATE_GOLDEN=1 deno test -A rpc/server/grpc/generated_test.ts` writes them anew.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { relativeImport } from "../../../cli/generate/code.ts";
import { NameBook, type ProtoPlaces } from "../../../cli/generate/rpc/file_context.ts";
import { protoFile } from "../../../cli/generate/rpc/proto_file.ts";
import { compileProtos, descriptorOf } from "../../../cli/proto/compile.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

const PLACES: ProtoPlaces = {
  pathOf: ({ name }) => `server/${name.replace(/\.proto$/, ".gen.ts")}`,
  specifierOf: ({ name }, from) => relativeImport(from, `server/${name}`),
  runtime: (from) => relativeImport(from, "proto/runtime.ts"),
  rpc: (from) => relativeImport(from, "method.ts"),
};

for (
  const name of [
    "grpc/health/v1/health",
    "grpc/reflection/v1/reflection",
    "grpc/reflection/v1alpha/reflection",
  ]
) {
  Deno.test(`${name}.gen.ts is what is generated of ${name}.proto`, async () => {
    const { program, diagnostics } = compileProtos([`${ROOT}${name}.proto`], {
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
    const path = `${ROOT}${name}.gen.ts`;
    if (Deno.env.get("ZENO_UPDATE_GOLDEN") === "1") await Deno.writeTextFile(path, content);
    assertEquals(content, await Deno.readTextFile(path));
  });
}
