/**
 * The bundled files against what protoc makes of the originals, by `bundled/make.py`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  FileDescriptorProto,
  FileDescriptorSet,
} from "../../rpc/proto/google/protobuf/descriptor.gen.ts";
import { BUNDLED } from "./bundled.ts";
import { compileProtos, descriptorOf } from "./compile.ts";

const set = await Deno.readFile(new URL("./testdata/bundled.descriptors.bin", import.meta.url));
const theirs = FileDescriptorSet.decode(set).file;

const { program } = compileProtos([...BUNDLED.keys()].map((name) => `/b/${name}`), {
  readFile: () => "",
  importPaths: [],
  bundled: true,
});

Deno.test("BUNDLED has the files that protoc was given", () => {
  assertEquals([...BUNDLED.keys()].sort(), theirs.map(({ name }) => name!).sort());
});

for (const expected of theirs) {
  Deno.test(`descriptorOf() of the bundled ${expected.name} is that of protoc`, () => {
    const file = program!.files.find(({ name }) => name === expected.name);
    const ours = descriptorOf(file!, program!);
    assertEquals(ours.toHex(), FileDescriptorProto.encode(expected).toHex());
  });
}
