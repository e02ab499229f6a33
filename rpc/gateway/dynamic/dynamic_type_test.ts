import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
  toJson,
} from "npm:@bufbuild/protobuf@2.17.0";
import { FileDescriptorSetSchema } from "npm:@bufbuild/protobuf@2.17.0/wkt";
import { DecodeError } from "../../proto/errors.ts";
import {
  DescriptorProto,
  FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProto,
  FileDescriptorSet,
} from "../../proto/google/protobuf/descriptor.gen.ts";
import { Timestamp } from "../../proto/google/protobuf/timestamp.gen.ts";
import { librarySet, protoSet } from "../testdata/library.ts";
import { DescriptorPool } from "./descriptor_pool.ts";

const kindsSet = protoSet("kinds.proto");

interface Subject {
  readonly pool: DescriptorPool;
  readonly theirs: (name: string) => DescMessage;
}

function subject(set: Uint8Array): Subject {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, set));
  return {
    pool: DescriptorPool.fromSets(set),
    theirs: (name) => registry.getMessage(name)!,
  };
}

const kinds = subject(kindsSet);
const library = subject(librarySet);

const SAMPLES: Record<string, JsonValue> = {
  double: 1.5,
  float: -0.25,
  int32: -7,
  int64: "-9223372036854775808",
  uint32: 4294967295,
  uint64: "18446744073709551615",
  sint32: -2147483648,
  sint64: "-1",
  fixed32: 7,
  fixed64: "8",
  sfixed32: -8,
  sfixed64: "-9",
  bool: true,
  string: "ü–😀",
  bytes: "AP8=",
};

const rows: [name: string, type: string, json: JsonValue][] = [
  ["nothing", "kinds.Kinds", {}],
  [
    "every scalar",
    "kinds.Kinds",
    Object.fromEntries(
      Object.entries(SAMPLES).map((
        [name, value],
      ) => [`v${name[0]!.toUpperCase()}${name.slice(1)}`, value]),
    ),
  ],
  [
    "lists of every scalar",
    "kinds.Lists",
    Object.fromEntries(
      Object.entries(SAMPLES).map((
        [name, value],
      ) => [`v${name[0]!.toUpperCase()}${name.slice(1)}`, [value, value]]),
    ),
  ],
  ["maps", "kinds.Maps", {
    byString: { "": 1, __proto__x: 2 },
    byInt: { "-1": "a", "7": "b" },
    byBool: { true: { name: "x" }, false: {} },
    byUint: { "18446744073709551615": "RED" },
  }],
  ["a oneof that is zero", "kinds.Choice", { number: 0 }],
  ["a oneof that is a message", "kinds.Choice", { inner: { name: "x" } }],
  ["optional fields that are zero", "kinds.Optional", { number: 0, text: "", flag: false }],
  ["recursion", "kinds.Tree", { left: { left: {}, right: { value: 1 } }, value: 2 }],
  ["unpacked numbers", "kinds.Unpacked", { numbers: [1, 2, 300] }],
  ["large field numbers", "kinds.Large", { far: ["a", "b"], farthest: 1 }],
  ["an enum that has no name", "kinds.Kinds", { color: 77 }],
  ["names of their own in JSON", "kinds.Named", { other: "x" }],
  ["well-known types", "library.v1.Book", {
    ts: "2020-01-02T03:04:05.678Z",
    loan: "-1.500s",
    mask: "a,bC",
    extra: { a: [1, null, "x", { b: false }] },
    votes: "5",
    lent: false,
  }],
];

for (const [name, typeName, json] of rows) {
  Deno.test(`dynamicType() reads and writes ${name}`, () => {
    const { pool, theirs } = typeName.startsWith("kinds") ? kinds : library;
    const type = pool.find(typeName)!;
    const desc = theirs(typeName);
    const message = type.fromJson(json as never);
    const bytes = toBinary(desc, fromJson(desc, json));
    assertEquals(type.encode(message), bytes);
    assertEquals(type.decode(bytes), message);
    assertEquals(
      type.toJson(type.decode(bytes)) as JsonValue,
      toJson(desc, fromBinary(desc, bytes)),
    );
  });
}

Deno.test("dynamicType() makes messages as generated code does", () => {
  const type = library.pool.find("google.protobuf.Timestamp")!;
  assertEquals(type.create(), Timestamp.create());
  const set = library.pool.find("google.protobuf.FileDescriptorSet") ??
    DescriptorPool.fromSets(librarySet).find("google.protobuf.FileDescriptorSet")!;
  const ours = set.decode(librarySet);
  assertEquals(ours, FileDescriptorSet.decode(librarySet));
  assertEquals(set.encode(ours), FileDescriptorSet.encode(FileDescriptorSet.decode(librarySet)));
});

Deno.test("dynamicType() takes lists of numbers in both forms", () => {
  const type = kinds.pool.find("kinds.Lists")!;
  // Field 3, int32, once in one piece and once each for itself.
  const bytes = Uint8Array.of(0x1a, 2, 1, 2, 0x18, 3);
  assertEquals((type.decode(bytes) as { vInt32: number[] }).vInt32, [1, 2, 3]);
});

Deno.test("dynamicType() merges a message that comes in pieces, and keeps what it does not know", () => {
  const type = kinds.pool.find("kinds.Tree")!;
  // left { value: 1 }, left { left {} }, and a field 15 that nobody knows.
  const bytes = Uint8Array.of(0x0a, 2, 0x18, 1, 0x0a, 2, 0x0a, 0, 0x78, 5);
  assertEquals(type.toJson(type.decode(bytes)), { left: { value: 1, left: {} } });
  assertEquals([...type.encode(type.decode(bytes))].slice(-2), [0x78, 5]);
});

Deno.test("dynamicType() keeps a field of another wire type as one it does not know", () => {
  const type = kinds.pool.find("kinds.Tree")!;
  const bytes = Uint8Array.of(0x1d, 1, 2, 3, 4);
  assertEquals(type.toJson(type.decode(bytes)), {});
  assertEquals(type.encode(type.decode(bytes)), bytes);
});

Deno.test("dynamicType() reads entries of maps without key or value", () => {
  const type = kinds.pool.find("kinds.Maps")!;
  const bytes = Uint8Array.of(0x0a, 0, 0x1a, 2, 8, 1);
  assertEquals(type.toJson(type.decode(bytes)), { byString: { "": 0 }, byBool: { true: {} } });
});

Deno.test("DescriptorPool reads proto2: presence, and groups as fields it does not know", () => {
  const int32 = FieldDescriptorProto_Type.TYPE_INT32;
  const { LABEL_OPTIONAL: optional, LABEL_REPEATED: repeated } = FieldDescriptorProto_Label;
  const pool = new DescriptorPool([FileDescriptorProto.create({
    name: "old.proto",
    package: "old",
    messageType: [DescriptorProto.create({
      name: "Old",
      field: [
        FieldDescriptorProto.create({ name: "number", number: 1, label: optional, type: int32 }),
        FieldDescriptorProto.create({ name: "numbers", number: 2, label: repeated, type: int32 }),
        FieldDescriptorProto.create({
          name: "pair",
          number: 3,
          label: optional,
          type: FieldDescriptorProto_Type.TYPE_GROUP,
          typeName: ".old.Old.Pair",
        }),
      ],
      nestedType: [DescriptorProto.create({ name: "Pair" })],
    })],
  })]);
  const type = pool.find("old.Old")!;
  const message = type.fromJson({ number: 0 });
  assertEquals([...type.encode(message)], [8, 0]);
  assertEquals(type.toJson(type.create()), {});
  assertEquals(type.fields.map(({ name }) => name), ["number", "numbers"]);
  assertEquals([...type.encode(type.fromJson({ numbers: [1, 2] }))], [16, 1, 16, 2]);
});

Deno.test("DescriptorPool says which import is missing", () => {
  const set = FileDescriptorSet.decode(librarySet);
  const alone = set.file.filter(({ name }) => name?.endsWith("library.proto"));
  const pool = new DescriptorPool(alone);
  const read = () => pool.find("library.v1.Book")!.fields;
  assertThrows(
    read,
    TypeError,
    "field ts is of type google.protobuf.Timestamp, which no file declares",
  );
});

Deno.test("dynamicType() throws nothing but DecodeError for bytes that are no message", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  const type = library.pool.find("library.v1.Book")!;
  const desc = library.theirs("library.v1.Book");
  const good = toBinary(
    desc,
    create(desc, { title: "x", tags: ["a", "b"], marks: [1, -1] } as never),
  );
  let read = 0;
  for (let round = 0; round < 20_000; round++) {
    const bytes = round % 2 ? good.slice() : Uint8Array.from({ length: next(30) }, () => next(256));
    if (bytes.length > 0) bytes[next(bytes.length)] = next(256);
    try {
      const message = type.decode(bytes);
      assertEquals(type.decode(type.encode(message)), message);
      read++;
    } catch (error) {
      assert(error instanceof DecodeError, `${error}`);
    }
  }
  assert(read > 1_000, `only ${read} were messages`);
});

Deno.test("dynamicType() writes minus zero, which is no default", () => {
  const type = kinds.pool.find("kinds.Kinds")!;
  const bytes = type.encode(type.fromJson({ vDouble: -0, vFloat: "-0", vInt32: 0 }));
  assertEquals(
    bytes,
    toBinary(kinds.theirs("kinds.Kinds"), fromBinary(kinds.theirs("kinds.Kinds"), bytes)),
  );
  assertEquals(JSON.stringify(type.toJson(type.decode(bytes))), '{"vDouble":-0,"vFloat":-0}');
});
