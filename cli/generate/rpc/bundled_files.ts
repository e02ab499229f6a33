/**
 * Plans the generated files of the `.proto` files that come with the framework, in `rpc/proto`.
 *
 * @module
 */

import { BUNDLED } from "../../proto/bundled.ts";
import { compileProtos, descriptorOf } from "../../proto/compile.ts";
import { docComment, relativeImport } from "../code.ts";
import type { TextFile } from "../generated_file.ts";
import { NameBook, type ProtoPlaces } from "./file_context.ts";
import { protoFile } from "./proto_file.ts";

/** Where files stand in `rpc/proto`. */
const PLACES: ProtoPlaces = {
  pathOf: ({ name }) => name.replace(/\.proto$/, ".gen.ts"),
  specifierOf: ({ name }, from) => relativeImport(from, name.replace(/\.proto$/, ".gen.ts")),
  runtime: (from) => relativeImport(from, "runtime.ts"),
  rpc: (from) => relativeImport(from, "runtime.ts"),
};

/** Where the file that exports all of them stands. */
const MOD_PATH = "google/mod.ts";

/** The generated files, paths below `rpc/proto`. */
export function planBundled(): TextFile[] {
  const root = "/bundled";
  const names = [...BUNDLED.keys()];
  const { program, diagnostics } = compileProtos(names.map((name) => `${root}/${name}`), {
    readFile: (path) => BUNDLED.get(path.slice(root.length + 1)) ?? "",
    importPaths: [],
    bundled: true,
  });
  if (program === undefined) {
    throw new SyntaxError(`Cannot compile bundled files: ${diagnostics[0]?.message}`);
  }
  const book = new NameBook();
  const files = program.files.map((file) =>
    protoFile(file, {
      book,
      places: PLACES,
      descriptorOf: (file) => descriptorOf(file, program),
      optionsOf: () => ({}),
    })
  );
  return [...files, modFile(files.map(({ path }) => path))];
}

/** Helpers, and types that the messages name. */
const OTHERS = `export { packAny, unpackAny } from "../any.ts";
export { dateOf, durationOf, msOf, timestampOf } from "../time.ts";
export type {
  EnumType,
  FieldInfo,
  FieldType,
  FileInfo,
  FromJsonOptions,
  JsonObject,
  JsonValue,
  Keeper,
  MessageType,
  Reader,
  ScalarType,
  ToJsonOptions,
  TypeRegistry,
  Writer,
} from "../mod.ts";
`;

function modFile(paths: readonly string[]): TextFile {
  const doc = docComment([
    "Messages of Google's `.proto` files: the well-known types, descriptors, HTTP annotations, status and",
    "error details.",
    "",
    "@example Greetings may carry when they were said",
    "```ts",
    'import { assertEquals } from "@std/assert";',
    'import { Timestamp } from "@zeno/zeno/rpc/proto/google";',
    "",
    'const time = Timestamp.fromJson("2026-02-03T04:05:06.5Z");',
    "assertEquals(time.nanos, 500_000_000);",
    "assertEquals(Timestamp.decode(Timestamp.encode(time)), time);",
    "```",
    "",
    "@module",
  ]);
  const exports = paths.toSorted().map((path) =>
    `export * from "${relativeImport(MOD_PATH, path)}";\n`
  );
  return { path: MOD_PATH, content: `${doc}\n${exports.join("")}${OTHERS}`, mode: "gen" };
}
