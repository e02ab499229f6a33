/**
 * Messages that another implementation made: the protobuf package of Python, by `testdata/make_cases.py`.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { DecodeError } from "./errors.ts";
import { closureOf } from "./file.ts";
import type { JsonValue } from "./json_value.ts";
import type { MessageType } from "./message_type.ts";
import { typeRegistry } from "./registry.ts";
import { Everything, everythingFile, Little } from "./testdata/everything.gen.ts";

interface Case {
  readonly name: string;
  readonly type: string;
  readonly hex: string;
  /** What the other implementation writes for it; absent when it refuses the bytes. */
  readonly canonical?: string;
  readonly json?: JsonValue;
}

const cases: readonly Case[] = JSON.parse(
  await Deno.readTextFile(new URL("./testdata/cases.json", import.meta.url)),
);
const registry = typeRegistry(everythingFile);

function typeOf(name: string): MessageType<object> {
  return name === Little.typeName ? Little : Everything;
}

function hexOf(bytes: Uint8Array): string {
  return bytes.toHex();
}

/** As it is after a way through text. */
function plain(json: JsonValue): unknown {
  return JSON.parse(JSON.stringify(json));
}

for (const { name, type, hex, canonical, json } of cases) {
  const bytes = Uint8Array.fromHex(hex);
  if (json === undefined || canonical === undefined) {
    Deno.test(`decode() refuses ${name}`, () => {
      const error = assertThrows(() => typeOf(type).decode(bytes), DecodeError);
      assertEquals(error.code, "invalid_argument");
      assert(error.message.startsWith(`Cannot decode ${type}: `), error.message);
    });
    continue;
  }
  Deno.test(`decode() and encode() take ${name}`, () => {
    const message = typeOf(type).decode(bytes);
    assertEquals(hexOf(typeOf(type).encode(message)), canonical);
  });
  Deno.test(`toJson() and fromJson() take ${name}`, () => {
    const message = typeOf(type).decode(bytes);
    assertEquals(plain(typeOf(type).toJson(message, { registry })), json);
    const back = typeOf(type).fromJson(json, { registry });
    assertEquals(plain(typeOf(type).toJson(back, { registry })), json);
    const again = typeOf(type).decode(typeOf(type).encode(back));
    assertEquals(plain(typeOf(type).toJson(again, { registry })), json);
  });
}

Deno.test("descriptors are those that protoc writes, byte for byte", async () => {
  const { FileDescriptorProto, FileDescriptorSet } = await import(
    "./google/protobuf/descriptor.gen.ts"
  );
  const url = new URL("./testdata/everything.descriptors.bin", import.meta.url);
  const theirs = FileDescriptorSet.decode(await Deno.readFile(url)).file;
  assertEquals(
    closureOf(everythingFile).map(({ name }) => name).sort(),
    theirs.map((f) => f.name).sort(),
  );
  for (const expected of theirs) {
    const { descriptor } = closureOf(everythingFile).find(({ name }) => name === expected.name)!;
    assertEquals(hexOf(descriptor), hexOf(FileDescriptorProto.encode(expected)), expected.name);
  }
});
