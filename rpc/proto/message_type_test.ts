import { assert, assertEquals, assertThrows } from "@std/assert";
import { DecodeError } from "./errors.ts";
import { oneofUnset } from "./oneof.ts";
import { Reader } from "./reader.ts";
import { Color, Everything, Everything_Inner, Little } from "./testdata/everything.gen.ts";

Deno.test("create() fills in what is missing, and leaves the partial alone", () => {
  const partial = { number: 5, list: [1], text: undefined as unknown as string };
  const inner = Everything_Inner.create(partial);
  assertEquals(inner, {
    number: 5,
    text: "",
    deeper: undefined,
    list: [1],
    pick: oneofUnset,
    level: 0,
  });
  assertEquals(Object.keys(partial), ["number", "list", "text"]);
  assert(Everything_Inner.create().list !== Everything_Inner.create().list);
});

Deno.test("encode() names the message of a value that is wrong, and goes on afterwards", () => {
  const wrong = Little.create({ fInt32: 1.5 });
  assertThrows(
    () => Little.encode(wrong),
    RangeError,
    "Cannot encode zeno.testing.Little: 1.5 is no int32",
  );
  assertEquals(Little.encode(Little.create({ fInt32: 5 })), Uint8Array.of(24, 5));
});

Deno.test("encode() may be called while a message is encoded", () => {
  const inner = Little.create({ fInt32: 1 });
  const outer = Everything.create({ fString: "outer" });
  let bytes = new Uint8Array();
  Object.defineProperty(outer, "fBool", {
    get: () => {
      bytes = new Uint8Array(Little.encode(inner));
      return true;
    },
  });
  const encoded = Everything.encode(outer);
  assertEquals(bytes, Uint8Array.of(24, 1));
  const back = Everything.decode(encoded);
  assertEquals([back.fString, back.fBool], ["outer", true]);
});

Deno.test("encode() of a message that holds itself throws, and goes on afterwards", () => {
  const message = Everything.create();
  message.fSelf = message;
  assertThrows(
    () => Everything.encode(message),
    RangeError,
    "Cannot encode zeno.testing.Everything",
  );
  assertEquals(Little.encode(Little.create({ fInt32: 5 })), Uint8Array.of(24, 5));
});

Deno.test("decode() keeps what it does not know, and copies carry it", () => {
  const sent = Everything.create({ fInt32: 1, oString: "new", rInt32: [1, 2] });
  const little = Little.decode(Everything.encode(sent));
  assertEquals(little.fInt32, 1);
  const changed = { ...little, fInt32: 2 };
  const back = Everything.decode(Little.encode(changed));
  assertEquals([back.fInt32, back.oString, back.rInt32], [2, "new", [1, 2]]);
});

Deno.test("decode() takes numbers of enums that are not known", () => {
  const message = Everything.decode(Uint8Array.of(0x80, 1, 77));
  assertEquals(message.fColor as number, 77);
  assertEquals(Color.ROT, Color.RED);
});

Deno.test("decode() takes linear time for nothing but unknown fields", () => {
  const bytes = new Uint8Array(2_000_000);
  for (let at = 0; at < bytes.length; at += 5) {
    bytes.set([0x88, 0x38, 0x05, 0x18, 0x01], at);
  }
  const message = Little.decode(bytes);
  assertEquals(message.fInt32, 1);
  assertEquals(message.$unknown?.length, 400_000 * 3);
});

Deno.test("decode() allocates nothing for a length that is not there", () => {
  // 2 GiB of text, of bytes, of packed doubles and of a message.
  for (const tag of [[0x72], [0x7a], [0xca, 0x0c], [0x8a, 0x01]]) {
    const bytes = Uint8Array.of(...tag, 0xff, 0xff, 0xff, 0xff, 0x07, 1, 2, 3);
    assertThrows(() => Everything.decode(bytes), DecodeError, "the bytes end at");
  }
});

Deno.test("decode() gives views of the bytes", () => {
  const bytes = Uint8Array.of(0x7a, 3, 1, 2, 3);
  const { fBytes } = Everything.decode(bytes);
  assertEquals([fBytes.buffer === bytes.buffer, fBytes], [true, Uint8Array.of(1, 2, 3)]);
});

Deno.test("decode() keeps unknown fields apart from the bytes", () => {
  const bytes = Uint8Array.of(0x88, 0x38, 0x05, 0x18, 0x01, 0x88, 0x38, 0x06);
  const { $unknown } = Little.decode(bytes);
  bytes.fill(0);
  assertEquals($unknown, Uint8Array.of(0x88, 0x38, 0x05, 0x88, 0x38, 0x06));
});

for (const offset of [0, 2]) {
  Deno.test(`read() adds unknown fields to a view at ${offset}, and touches nothing around it`, () => {
    const around = Uint8Array.of(0x88, 0x38, 0x88, 0x38, 0x05, 9, 9, 9, 9);
    const before = around.slice();
    const given = around.subarray(offset, 5);
    const message = Little.create({ $unknown: given });
    Little.read(message, new Reader(Uint8Array.of(0x88, 0x38, 0x06)));
    assertEquals(message.$unknown, Uint8Array.of(...given, 0x88, 0x38, 0x06));
    assertEquals(around, before);
  });
}

Deno.test("read() into two copies of a message adds unknown fields to each alone", () => {
  const first = Little.decode(Uint8Array.of(0x88, 0x38, 1, 0x88, 0x38, 2, 0x88, 0x38, 3));
  const second = { ...first };
  Little.read(first, new Reader(Uint8Array.of(0x88, 0x38, 4)));
  Little.read(second, new Reader(Uint8Array.of(0x88, 0x38, 5)));
  assertEquals([first.$unknown!.at(-1), second.$unknown!.at(-1)], [4, 5]);
});

Deno.test("encode() puts small messages into one buffer, also after one that failed", () => {
  const first = Little.encode(Little.create({ fInt32: 1 }));
  assertThrows(() => Little.encode(Little.create({ fInt32: 0.5 })), RangeError);
  const second = Little.encode(Little.create({ fInt32: 2 }));
  assertEquals(second.buffer === first.buffer, true);
  assertEquals([first, second], [Uint8Array.of(0x18, 1), Uint8Array.of(0x18, 2)]);
});

Deno.test("encode() of a small message holds no buffer of a large one before it", () => {
  const large = Everything.encode(Everything.create({ fString: "x".repeat(4_000_000) }));
  const small = Little.encode(Little.create({ fInt32: 1 }));
  assert(small.buffer.byteLength <= 65_536, `${small.buffer.byteLength} bytes are held`);
  assertEquals([large.length > 4_000_000, small], [true, Uint8Array.of(0x18, 1)]);
});

Deno.test("encode() refuses a message that is inside itself, and works on", () => {
  const message = Everything.create();
  message.fSelf = message;
  assertThrows(
    () => Everything.encode(message),
    RangeError,
    "Cannot encode zeno.testing.Everything",
  );
  assertEquals(Little.encode(Little.create({ fInt32: 1 })), Uint8Array.of(0x18, 1));
});
