import { assertEquals, assertThrows } from "@std/assert";
import { parseJson } from "../../core/schema/json.ts";
import { DecodeError } from "./errors.ts";
import { Any } from "./google/protobuf/any.gen.ts";
import { Duration } from "./google/protobuf/duration.gen.ts";
import { FieldMask } from "./google/protobuf/field_mask.gen.ts";
import { NullValue, Struct, Value } from "./google/protobuf/struct.gen.ts";
import { Timestamp } from "./google/protobuf/timestamp.gen.ts";
import type { JsonValue } from "./json_value.ts";
import { typeRegistry } from "./registry.ts";
import { Everything, Everything_Inner, Little } from "./testdata/everything.gen.ts";

const TYPE = "zeno.testing.Everything";

const refused: readonly { json: JsonValue; says: string }[] = [
  { json: null, says: "need object, got null" },
  { json: [], says: "need object, got array" },
  { json: { nothing: 1 }, says: 'unknown field "nothing"' },
  { json: { fInt32: 1, f_int32: 1 }, says: "the field is there twice at fInt32" },
  { json: { fInt32: 1.5 }, says: "need int32, got 1.5 at fInt32" },
  { json: { fInt32: 2147483648 }, says: "2147483648 is no int32 at fInt32" },
  { json: { fInt32: "1x" }, says: "need int32, got string at fInt32" },
  { json: { fInt32: " 1" }, says: "need int32" },
  { json: { fInt32: "" }, says: "need int32" },
  { json: { fInt32: "0x10" }, says: "need int32" },
  { json: { fInt32: "01" }, says: "need int32" },
  { json: { fInt32: true }, says: "need int32, got boolean" },
  { json: { fUint32: -1 }, says: "-1 is no uint32" },
  { json: { fInt64: "9223372036854775808" }, says: "9223372036854775808 is no int64" },
  { json: { fUint64: "-1" }, says: "-1 is no uint64" },
  { json: { fUint64: "1".repeat(400) }, says: "need uint64" },
  { json: { fFloat: 3.5e38 }, says: "3.5e+38 is no float" },
  { json: { fDouble: "1e999" }, says: "1e999 is no double" },
  { json: { fDouble: "inf" }, says: "need double, got string" },
  { json: { fBool: 1 }, says: "need bool, got number" },
  { json: { fBool: "true" }, says: "need bool, got string" },
  { json: { fString: 1 }, says: "need string, got number" },
  { json: { fString: "\ud800" }, says: "need string" },
  { json: { fBytes: "*" }, says: "text that is not base64" },
  { json: { fBytes: "A" }, says: "text that is not base64" },
  { json: { fColor: "BLUE" }, says: 'need zeno.testing.Color, got "BLUE" at fColor' },
  { json: { fColor: 1.5 }, says: "need int32, got 1.5" },
  { json: { fInner: 5 }, says: "need object, got number at fInner" },
  { json: { fInner: { deeper: { list: [1, "x"] } } }, says: "got string at fInner.deeper.list[1]" },
  { json: { rInt32: 5 }, says: "need array, got number at rInt32" },
  { json: { rInt32: [null] }, says: "need int32, got null at rInt32[0]" },
  { json: { mStringString: [] }, says: "need object, got array at mStringString" },
  { json: { mStringString: { a: null } }, says: "need string, got null at mStringString.a" },
  { json: { mInt32Double: { x: 1 } }, says: "need int32, got string at mInt32Double.x" },
  { json: { mBoolSfixed32: { yes: 1 } }, says: "need bool, got string" },
  { json: { mInt32Double: { "1": 1, "1e0": 2 } }, says: "the key is there twice" },
  { json: { cInt32: 1, cString: "a" }, says: "cInt32 of the same oneof is set at cString" },
  { json: { wTimestamp: "2026-02-30T00:00:00Z" }, says: "is no time of the years 1 to 9999" },
  { json: { wTimestamp: "0000-01-01T00:00:00Z" }, says: "is no time of the years" },
  { json: { wTimestamp: "2026-02-03 04:05:06Z" }, says: "need a time as text" },
  { json: { wTimestamp: "2026-02-03T04:05:06" }, says: "need a time as text" },
  { json: { wTimestamp: "2026-02-03T04:05:06z" }, says: "need a time as text" },
  { json: { wTimestamp: "2026-02-03T04:05:06.1234567890Z" }, says: "need a time as text" },
  { json: { wTimestamp: 5 }, says: "need a time as text, got number" },
  { json: { wTimestamp: "0001-01-01T00:00:00+00:01" }, says: "is no time of the years" },
  { json: { wDuration: "1" }, says: "need a duration" },
  { json: { wDuration: "1.s" }, says: "need a duration" },
  { json: { wDuration: "315576000001s" }, says: "more than 10,000 years" },
  { json: { wMask: "foo_bar" }, says: "is not in lowerCamel" },
  { json: { wMask: ["a"] }, says: "need paths as text, got array" },
  { json: { wStruct: [] }, says: "need object, got array at wStruct" },
  { json: { wList: {} }, says: "need array, got object at wList" },
  { json: { wAny: { a: 1 } }, says: "without the address of a type" },
  { json: { wAny: { "@type": "x" } }, says: "without the address of a type" },
  { json: { wAny: { "@type": "x/unknown.Type" } }, says: "type unknown.Type is not known" },
  { json: { wAny: { "@type": "x/google.protobuf.Duration" } }, says: "without its value" },
  {
    json: { wAny: { "@type": "x/google.protobuf.Duration", value: "1s", more: 1 } },
    says: 'unknown field "more"',
  },
  { json: { wBool: "true" }, says: "need bool, got string at wBool" },
];
for (const { json, says } of refused) {
  Deno.test(`fromJson() refuses ${JSON.stringify(json).slice(0, 80)}`, () => {
    const error = assertThrows(() => Everything.fromJson(json), DecodeError, says);
    assertEquals(error.message.slice(0, 44), `Cannot read ${TYPE} from JSON:`.slice(0, 44));
    assertEquals(error.code, "invalid_argument");
  });
}

const taken: readonly { json: JsonValue; gives: JsonValue }[] = [
  {
    json: { f_int32: "12", f_string: null, rInt32: null, mStringString: null },
    gives: { fInt32: 12 },
  },
  {
    json: { fInt32: 1e5, fUint32: "1e2", fInt64: 1.0 },
    gives: { fInt32: 100000, fUint32: 100, fInt64: "1" },
  },
  { json: { fInt64: 9007199254740991 }, gives: { fInt64: "9007199254740991" } },
  { json: { fDouble: "-Infinity", fFloat: "1.5" }, gives: { fDouble: "-Infinity", fFloat: 1.5 } },
  { json: { fFloat: 0.1 }, gives: { fFloat: 0.1 } },
  { json: { fBytes: "-_8" }, gives: { fBytes: "+/8=" } },
  { json: { fColor: "ROT" }, gives: { fColor: "RED" } },
  { json: { fColor: 2 }, gives: { fColor: "GREEN" } },
  { json: { fColor: 99 }, gives: { fColor: 99 } },
  {
    json: { wTimestamp: "2026-02-03T04:05:06.5+02:00" },
    gives: { wTimestamp: "2026-02-03T02:05:06.500Z" },
  },
  { json: { wDuration: "-0.5s" }, gives: { wDuration: "-0.500s" } },
  { json: { wMask: "fooBar,b.cD" }, gives: { wMask: "fooBar,b.cD" } },
  { json: { wValue: null, wInt32: null }, gives: { wValue: null } },
  { json: { cNull: null }, gives: { cNull: null } },
  { json: { cString: null, cInt32: 0 }, gives: { cInt32: 0 } },
  {
    json: { wStruct: JSON.parse('{"__proto__":{"a":1}}') },
    gives: { wStruct: JSON.parse('{"__proto__":{"a":1}}') },
  },
  { json: { custom: "a" }, gives: { "a-custom.name": "a" } },
  {
    json: { constructor: "a", toString: "b" } as unknown as JsonValue,
    gives: { constructor: "a", toString: "b" } as unknown as JsonValue,
  },
  { json: { wAny: {} }, gives: { wAny: {} } },
  {
    json: { wAny: { "@type": "type.googleapis.com/google.protobuf.Duration", value: "1s" } },
    gives: { wAny: { "@type": "type.googleapis.com/google.protobuf.Duration", value: "1s" } },
  },
  {
    json: { wAny: { "@type": "x/zeno.testing.Little", fInt32: 5 } },
    gives: { wAny: { "@type": "x/zeno.testing.Little", fInt32: 5 } },
  },
];
for (const { json, gives } of taken) {
  Deno.test(`fromJson() takes ${JSON.stringify(json).slice(0, 80)}`, () => {
    assertEquals(Everything.toJson(Everything.fromJson(json)), gives);
  });
}

Deno.test("fromJson() skips what it does not know if it is told so", () => {
  const json = {
    nothing: 1,
    fInt32: 5,
    fColor: "BLUE",
    rColor: ["RED", "BLUE"],
    mStringColor: { a: "BLUE" },
  };
  const message = Everything.fromJson(json, { ignoreUnknown: true });
  assertEquals(Everything.toJson(message), { fInt32: 5, rColor: ["RED"] });
});

Deno.test("fromJson() refuses messages that are too deep", () => {
  let json: JsonValue = {};
  for (let depth = 0; depth < 200; depth++) json = { fSelf: json };
  assertThrows(() => Everything.fromJson(json), DecodeError, "messages more than 100 deep");
  let value: JsonValue = [];
  for (let depth = 0; depth < 200; depth++) value = [value];
  assertThrows(() => Value.fromJson(value), DecodeError, "messages more than 100 deep");
});

Deno.test("toJson() writes defaults, declared names and numbers of enums if it is told so", () => {
  const inner = Everything_Inner.create({ level: 1 });
  assertEquals(Everything_Inner.toJson(inner), { level: "HIGH" });
  assertEquals(Everything_Inner.toJson(inner, { emitDefaults: true, enumNumbers: true }), {
    number: 0,
    text: "",
    list: [],
    level: 1,
  });
  const message = Everything.create({ fInt32: 1, mStringInner: new Map([["a", inner]]) });
  assertEquals(Everything.toJson(message, { protoNames: true }), {
    f_int32: 1,
    m_string_inner: { a: { level: "HIGH" } },
  });
});

const minusZeros: readonly string[] = [
  '{"fDouble":-0}',
  '{"fFloat":-0}',
  '{"oDouble":-0}',
  '{"rDouble":[0,-0,1]}',
  '{"rFloat":[-0]}',
  '{"cDouble":-0}',
  '{"mInt32Double":{"1":-0}}',
  '{"wDouble":-0}',
  '{"wStruct":{"a":[-0]}}',
  '{"wAny":{"@type":"x/google.protobuf.DoubleValue","value":-0}}',
];
for (const text of minusZeros) {
  Deno.test(`toJson() keeps the minus of ${text}`, () => {
    const message = Everything.fromJson(JSON.parse(text));
    const json = Everything.toJson(Everything.decode(Everything.encode(message)));
    assertEquals(JSON.stringify(json), text);
    // Without the way through text, too.
    assertEquals(Everything.encode(Everything.fromJson(json)), Everything.encode(message));
  });
}

Deno.test("toJson() writes minus zero, which is no default", () => {
  const message = Everything.create({ fDouble: -0, fFloat: -0 });
  assertEquals(JSON.stringify(Everything.toJson(message)), '{"fDouble":-0,"fFloat":-0}');
  assertEquals(Everything.fromJson({ fInt32: -0, fUint32: -0 }), Everything.create());
});

Deno.test("fromJson() takes the numbers that parseJson() keeps the digits of", () => {
  const text = '{"fInt64":9007199254740993,"fUint32":1e3,"fDouble":2.50,"fInner":{"number":7.0},' +
    '"rFloat":[1.50],"fColor":1.0,"wStruct":{"a":2.50}}';
  assertEquals(Everything.toJson(Everything.fromJson(parseJson(text) as JsonValue)), {
    fInt64: "9007199254740993",
    fUint32: 1000,
    fDouble: 2.5,
    fInner: { number: 7 },
    rFloat: [1.5],
    fColor: "RED",
    wStruct: { a: 2.5 },
  });
  for (const at of ["fInner", "mStringInner", "wStruct", "fString", "fBool"]) {
    const json = parseJson(`{"${at}":1.0}`) as JsonValue;
    assertThrows(() => Everything.fromJson(json), DecodeError, "got number");
  }
});

const leniently: readonly { json: JsonValue; gives: JsonValue }[] = [
  { json: { nothing: 1 }, gives: {} },
  {
    json: { fInt32: [1, "2"], fString: ["a"], fInner: [{}, { number: 1 }] },
    gives: { fInt32: 2, fString: "a", fInner: { number: 1 } },
  },
  { json: { fInt32: [], fInner: [] }, gives: {} },
  { json: { rInt32: "5", rInner: { number: 1 } }, gives: { rInt32: [5], rInner: [{ number: 1 }] } },
  {
    json: { fBool: "true", oBool: "false", rBool: ["true"], wBool: "true" },
    gives: { fBool: true, oBool: false, rBool: [true], wBool: true },
  },
  { json: { fColor: "1", rColor: "0" }, gives: { fColor: "RED", rColor: ["COLOR_UNSPECIFIED"] } },
  {
    json: { wStruct: { a: [1] }, wValue: [1, 2], wList: ["x"] },
    gives: { wStruct: { a: [1] }, wValue: [1, 2], wList: ["x"] },
  },
  {
    json: { wAny: { "@type": "x/zeno.testing.Little", fInt32: ["5"], more: 1 } },
    gives: { wAny: { "@type": "x/zeno.testing.Little", fInt32: 5 } },
  },
];
for (const { json, gives } of leniently) {
  Deno.test(`fromJson() takes ${JSON.stringify(json)} if it is lenient`, () => {
    assertEquals(Everything.toJson(Everything.fromJson(json, { lenient: true })), gives);
  });
}

Deno.test("fromJson() refuses what nobody can read, however lenient", () => {
  const lenient = { lenient: true, ignoreUnknown: true };
  for (
    const json of [{ fColor: "BLUE" }, { fBool: "yes" }, { fInner: 1 }, { mStringInner: [] }, []]
  ) {
    assertThrows(() => Everything.fromJson(json as JsonValue, lenient), DecodeError);
  }
});

Deno.test("toJson() writes null for messages that are not set if it is told so", () => {
  const json = Everything.toJson(Everything.create({ fSelf: Everything.create() }), {
    emitNulls: true,
  });
  const { fSelf, fInner, wTimestamp, cInner } = json as Record<string, JsonValue>;
  assertEquals([fInner, wTimestamp, cInner], [null, null, undefined]);
  assertEquals((fSelf as Record<string, JsonValue>)["fSelf"], null);
});

Deno.test("toJson() refuses messages that are too deep", () => {
  let message = Everything.create();
  for (let depth = 0; depth < 200; depth++) message = Everything.create({ fSelf: message });
  assertThrows(
    () => Everything.toJson(message),
    RangeError,
    "messages more than 100 deep at f_self",
  );
});

const unwritable: readonly { name: string; write: () => JsonValue; says: string }[] = [
  {
    name: "a time of the year 10000",
    write: () => Timestamp.toJson({ seconds: 253402300800n, nanos: 0 }),
    says: "are no time",
  },
  {
    name: "a time with too many nanoseconds",
    write: () => Timestamp.toJson({ seconds: 0n, nanos: 1e9 }),
    says: "are no time",
  },
  {
    name: "a duration of mixed signs",
    write: () => Duration.toJson({ seconds: 1n, nanos: -1 }),
    says: "are no duration",
  },
  {
    name: "a duration that is too long",
    write: () => Duration.toJson({ seconds: -315576000001n, nanos: 0 }),
    says: "are no duration",
  },
  {
    name: "a mask that does not come back",
    write: () => FieldMask.toJson({ paths: ["fooBar"] }),
    says: "does not come back",
  },
  {
    name: "a value without a kind",
    write: () => Value.toJson(Value.create()),
    says: "without a kind",
  },
  {
    name: "a value that is no number",
    write: () => Value.toJson({ kind: { case: "numberValue", value: NaN } }),
    says: "NaN is no value of JSON",
  },
  {
    name: "an Any of an unknown type",
    write: () => Any.toJson({ typeUrl: "x/a.B", value: Uint8Array.of(1) }),
    says: "type a.B is not known",
  },
  {
    name: "an Any of broken bytes",
    write: () => Any.toJson({ typeUrl: "x/google.protobuf.Any", value: Uint8Array.of(10) }),
    says: "Cannot decode google.protobuf.Any",
  },
];
for (const { name, write, says } of unwritable) {
  Deno.test(`toJson() refuses ${name}`, () => {
    assertThrows(write, RangeError, says);
  });
}

Deno.test("toJson() finds the types of an Any in a registry", () => {
  const any = {
    typeUrl: "x/zeno.testing.Little",
    value: Little.encode(Little.create({ fInt32: 1 })),
  };
  assertThrows(() => Any.toJson(any), RangeError, "give a registry that has it");
  const registry = { find: (name: string) => name === Little.typeName ? Little : undefined };
  assertEquals(Any.toJson(any, { registry }), { "@type": any.typeUrl, fInt32: 1 });
  assertEquals(typeRegistry().find("zeno.testing.Little"), undefined);
});

Deno.test("a Struct is as plain as it looks", () => {
  const struct = Struct.fromJson({ a: [null, true, 1, "x", {}] });
  assertEquals(struct.fields.get("a")?.kind.case, "listValue");
  assertEquals(Value.fromJson(null).kind, { case: "nullValue", value: NullValue.NULL_VALUE });
  assertEquals(Struct.toJson(Struct.decode(Struct.encode(struct))), {
    a: [null, true, 1, "x", {}],
  });
});
