/**
 * The official conformance suite of protobuf: what its runner sent, and what it took for right, by
 * `testdata/official/record.py`.
 *
 * The messages are generated from the file that comes with the runner:
 * `zeno rpc gen --messages --no-client -I INCLUDE INCLUDE/google/protobuf/test_messages_proto3.proto`.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { DecodeError } from "./errors.ts";
import type { JsonValue } from "./json_value.ts";
import { typeRegistry } from "./registry.ts";
import {
  googleProtobufTestMessagesProto3File,
  TestAllTypesProto3,
} from "./testdata/official/test_messages_proto3.gen.ts";

interface Case {
  /** What was sent: a message as bytes, or as JSON. */
  readonly hex?: string;
  readonly json?: string;
  /** Whether fields of the JSON that nobody knows were to be passed over. */
  readonly ignoreUnknown?: boolean;
  /** The right answer as bytes, as JSON, or in both. Neither: it had to be refused. */
  readonly binary?: string;
  /** `null` when it had to be refused as JSON. */
  readonly text?: string | null;
}

const cases: readonly Case[] = JSON.parse(
  await Deno.readTextFile(new URL("./testdata/official/cases.json", import.meta.url)),
);
const registry = typeRegistry(googleProtobufTestMessagesProto3File);

/** One field twice under two names: the runner wants it refused, and Python takes it. */
const TWICE =
  /"optionalNestedMessage".*"optional_nested_message"|"optional_nested_message".*"optionalNestedMessage"/s;

/** One name twice: `JSON.parse` takes the last one, before we see anything. */
const LOST = /^\s*\{\s*"optionalNestedMessage": \{"a": 1\},\s*"optionalNestedMessage": \{\}/;

function read({ hex, json, ignoreUnknown = false }: Case): TestAllTypesProto3 {
  return json === undefined
    ? TestAllTypesProto3.decode(Uint8Array.fromHex(hex!))
    : TestAllTypesProto3.fromJson(parse(json), { registry, ignoreUnknown });
}

/** Text that is no JSON is refused before. */
function parse(json: string): JsonValue {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new DecodeError("Cannot decode JSON: it is none", { cause: error });
  }
}

/** The same bytes; or, because entries of maps have no order, as many of them that mean the same. */
function assertBytes(message: TestAllTypesProto3, hex: string): void {
  const ours = TestAllTypesProto3.encode(message);
  if (ours.toHex() === hex) return;
  const theirs = Uint8Array.fromHex(hex);
  assertEquals(ours.length, theirs.length);
  assertEquals(TestAllTypesProto3.decode(ours), TestAllTypesProto3.decode(theirs));
}

for (const item of cases) {
  const { hex, json = "", binary, text } = item;
  const name = JSON.stringify(hex ?? json).slice(0, 90);
  if (LOST.test(json)) continue;
  if (binary === undefined && text === undefined || TWICE.test(json)) {
    Deno.test(`the conformance suite refuses ${name}`, () => {
      assertThrows(() => read(item), DecodeError);
    });
    continue;
  }
  Deno.test(`the conformance suite takes ${name}`, () => {
    const message = read(item);
    if (binary !== undefined) assertBytes(message, binary);
    if (text === null) assertThrows(() => TestAllTypesProto3.toJson(message, { registry }));
    else if (text !== undefined) {
      const ours = JSON.stringify(TestAllTypesProto3.toJson(message, { registry }));
      assertEquals(JSON.parse(ours), JSON.parse(text));
    }
  });
}
