import { assert, assertEquals } from "@std/assert";
import {
  create,
  createFileRegistry,
  type DescField,
  type DescMessage,
  fromBinary,
  fromJsonString,
  type Message,
  ScalarType,
  toBinary,
  toJsonString,
} from "npm:@bufbuild/protobuf@2.17.0";
import { FileDescriptorSetSchema } from "npm:@bufbuild/protobuf@2.17.0/wkt";
import { librarySet, stand, wiredStand } from "./testdata/library.ts";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, librarySet));
const book = registry.getMessage("library.v1.Book")!;

/** Makes messages by chance. */
class Maker {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(n: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor(this.#state / 2 ** 32 * n);
  }

  message(desc: DescMessage, depth = 0): Message {
    switch (desc.typeName) {
      case "google.protobuf.Timestamp":
        return create(
          desc,
          { seconds: BigInt(this.next(2 ** 31)), nanos: this.next(1_000) * 1e6 } as never,
        );
      case "google.protobuf.Duration":
        return create(desc, { seconds: BigInt(this.next(1e9)), nanos: this.next(1e9) } as never);
      case "google.protobuf.FieldMask":
        return create(desc, { paths: ["a_b", "c.d"].slice(this.next(3)) } as never);
    }
    const init: Record<string, unknown> = {};
    for (const field of desc.fields) {
      if (this.next(3) === 0 || depth > 2) continue;
      const value = this.field(field, depth);
      if (field.oneof) init[field.oneof.localName] = { case: field.localName, value };
      else init[field.localName] = value;
    }
    return create(desc, init as never);
  }

  field(field: DescField, depth: number): unknown {
    const count = this.next(4);
    switch (field.fieldKind) {
      case "scalar":
        return this.scalar(field.scalar);
      case "enum":
        return this.next(field.enum.values.length);
      case "message":
        // Structs and wrappers are plain values in the messages of this library.
        if (field.message.typeName.endsWith("Struct")) {
          return { a: this.next(100), b: [null, "x", { c: true }] };
        }
        return field.message.typeName.endsWith("Value")
          ? this.field(field.message.fields[0]!, depth)
          : this.message(field.message, depth + 1);
      case "list":
        return Array.from(
          { length: count },
          () =>
            field.listKind === "message"
              ? this.message(field.message, depth + 1)
              : this.scalar(field.listKind === "enum" ? ScalarType.INT32 : field.scalar),
        );
      case "map":
        return Object.fromEntries(Array.from({ length: count }, (_, at) => [
          `${["k", "__proto__x", "ü."][at % 3]}${at}`,
          field.mapKind === "message"
            ? this.message(field.message, depth + 1)
            : this.scalar(ScalarType.INT32),
        ]));
    }
  }

  scalar(type: ScalarType): unknown {
    switch (type) {
      case ScalarType.STRING:
        return ["", "x", "ü–😀", 'a"b\\c\n', "</script>"][this.next(5)];
      case ScalarType.BYTES:
        return Uint8Array.from({ length: this.next(8) }, () => this.next(256));
      case ScalarType.BOOL:
        return this.next(2) === 1;
      case ScalarType.DOUBLE:
        return [0, 2, 1.5, NaN, Infinity, 1e300, this.next(1e6) / 7][this.next(7)];
      case ScalarType.INT64:
        return [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n][this.next(5)];
      case ScalarType.FIXED64:
        return [0n, 1n, 2n ** 64n - 1n][this.next(3)];
      default:
        return [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)][this.next(5)];
    }
  }
}

for (
  const [name, make, rounds] of [["within the process", stand, 300], [
    "over the wire",
    wiredStand,
    100,
  ]] as const
) {
  Deno.test(`gatewayRoutes() gives back ${name} what it was given, in every protocol`, async () => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    console.log(`seed ${seed}`);
    const maker = new Maker(seed);
    await using gateway = await make({}, { Middlewares: { Shedding: false } });
    for (let round = 0; round < rounds; round++) {
      const message = maker.message(book);
      const json = toJsonString(book, message);
      const bytes = toBinary(book, message);
      const plain = await gateway.fetch("/v1/echo", { method: "POST", body: json });
      const text = await plain.text();
      assertEquals(plain.status, 200, text);
      assertEquals(toBinary(book, fromJsonString(book, text)), bytes, json);
      const post = (type: string, body: BodyInit) =>
        gateway.fetch("/library.v1.Library/Echo", {
          method: "POST",
          body,
          headers: { "content-type": type },
        });
      const connect = await post("application/json", json);
      assertEquals(toBinary(book, fromJsonString(book, await connect.text())), bytes, json);
      const binary = await post("application/proto", bytes as Uint8Array<ArrayBuffer>);
      const answered = await binary.bytes();
      assertEquals(toBinary(book, fromBinary(book, answered)), bytes, json);
      assert(answered.length === bytes.length);
    }
  });
}

Deno.test("gatewayRoutes() cancels a call whose client goes", async () => {
  await using gateway = await wiredStand();
  const going = new AbortController();
  const call = gateway.fetch("/v1/wait?wait_ms=5000", { signal: going.signal }).catch(() => "gone");
  while (Number.isNaN(gateway.log.remainingMs)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  going.abort();
  assertEquals(await call, "gone");
  for (let wait = 0; wait < 100 && gateway.log.canceled.length === 0; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(gateway.log.canceled, ["Wait"]);
});
