"""Writes cases.json: messages as bytes and as JSON, made by the protobuf package of Python.

  pip install protobuf==7.36.2 grpcio-tools==1.85.1 && python make_cases.py
"""

import json
import math
import os
import random
import struct
import sys
import tempfile

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from grpc_tools import protoc
import grpc_tools

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = tempfile.mkdtemp()
assert protoc.main(["protoc", "-I", HERE, "-I", os.path.join(os.path.dirname(grpc_tools.__file__), "_proto"),
                    "--python_out", OUT, "--include_imports",
                    "--descriptor_set_out", os.path.join(HERE, "everything.descriptors.bin"),
                    os.path.join(HERE, "everything.proto")]) == 0
sys.path.insert(0, OUT)
import everything_pb2 as pb  # noqa: E402

Everything, Little = pb.Everything, pb.Little
cases = []


def add(name, message, data=None, mapped=False):
    data = message.SerializeToString(deterministic=True) if data is None else data
    parsed = type(message).FromString(data)
    cases.append({
        "name": name,
        "type": message.DESCRIPTOR.full_name,
        "hex": data.hex(),
        "canonical": parsed.SerializeToString(deterministic=True).hex(),
        "json": json.loads(json_format.MessageToJson(parsed)),
    })


def wire(name, data, cls=Everything):
    try:
        message = cls.FromString(data)
    except DecodeError:
        cases.append({"name": name, "type": cls.DESCRIPTOR.full_name, "hex": data.hex()})
        return
    add(name, message, data)


I32 = [0, 1, -1, 127, 128, 16383, 16384, 2**31 - 1, -2**31, 300, -300]
U32 = [0, 1, 127, 128, 16383, 16384, 2**21, 2**28, 2**31, 2**32 - 1]
I64 = I32 + [2**31, -2**31 - 1, 2**53, -2**53 - 1, 2**63 - 1, -2**63, 2**35, 2**49, 2**56]
U64 = U32 + [2**32, 2**53 + 1, 2**63, 2**64 - 1, 2**35, 2**42]
F32 = [0.0, -0.0, 1.5, -2.25, 0.1, 1e-45, 3.4028234663852886e38, -3.4028234663852886e38, 16777217.0,
       math.inf, -math.inf, math.nan, 123456.789]
F64 = F32 + [5e-324, 1.7976931348623157e308, 2**53 + 2.0, 1 / 3, 1e21, 1e-7, 123456789.123456789]
VALUES = {
    "double": F64, "float": F32, "int32": I32, "int64": I64, "uint32": U32, "uint64": U64, "sint32": I32, "sint64": I64,
    "fixed32": U32, "fixed64": U64, "sfixed32": I32, "sfixed64": I64, "bool": [False, True],
    "string": ["", "a", "äbcdefgh", "abcdefgü", "sixteen letters!", "sixteen lettersß", "seventeen letters", "Grüße, 世界 \U0001f600", "\u0000\u007f\u0080\u07ff\u0800\uffff", "x" * 127,
               "x" * 128, "\ufeffmark", "\ufffd", "ä" * 100, "x" * 2000],
    "bytes": [b"", b"\x00", b"\xff\xfe\xfd", bytes(range(256)), b"a" * 128],
    "color": [0, 1, 2, -1, 2147483647, -2147483648, 77, -5],
}

for kind, values in VALUES.items():
    for value in values:
        shown = repr(value)[:24]
        for prefix in ["f", "o", "c"]:
            message = Everything()
            setattr(message, f"{prefix}_{kind}", value)
            add(f"{prefix}_{kind} {shown}", message)
    message = Everything()
    getattr(message, f"r_{kind}").extend(values)
    add(f"r_{kind} all", message)
    message = Everything()
    getattr(message, f"r_{kind}").append(values[-1])
    add(f"r_{kind} one", message)

KEYS = {"int32": I32, "int64": I64, "uint32": U32, "uint64": U64, "sint32": I32, "sint64": I64, "fixed32": U32, "fixed64": U64,
        "sfixed32": I32, "sfixed64": I64, "bool": [False, True], "string": ["", "a", "__proto__", "constructor", "ä", "10", "2", "a.b"]}
for field in Everything.DESCRIPTOR.fields:
    if not field.name.startswith("m_"):
        continue
    _, key, value = field.name.split("_")
    for item in KEYS[key][:6]:
        message = Everything()
        target = getattr(message, field.name)
        if value == "inner":
            target[item].number = 7
        else:
            target[item] = VALUES[value][1]
        add(f"{field.name} {item!r}", message)
    message = Everything()
    target = getattr(message, field.name)
    for index, item in enumerate(KEYS[key]):
        if value == "inner":
            target[item].text = str(index)
        else:
            target[item] = VALUES[value][index % len(VALUES[value])]
    add(f"{field.name} all", message)

# Messages.
message = Everything()
message.f_inner.SetInParent()
add("empty message", message)
message.f_inner.number = 5
message.f_inner.deeper.deeper.deeper.text = "deep"
message.f_inner.right.tags.extend(["a", "", "b"])
message.f_self.f_self.f_inner.left = ""
message.r_inner.add(number=1)
message.r_inner.add()
message.r_inner.add(level=1, list=[1, 2, 300])
add("messages in messages", message)
message = Everything()
message.c_inner.left = "x"
add("message in a oneof", message)
message = Everything(c_null=0)
add("null in a oneof", message)
message = Everything(u_int32=[1, -1, 300], u_double=[0.5, -0.0], u_color=[0, 1, 99])
add("lists that are not packed", message)
message = Everything(to_string="b", custom="c", has_2_digits3="e", Upper_Case="f")
setattr(message, "constructor", "a")
setattr(message, "__odd__name__", "d")
add("odd names", message)
node = message = Everything()
for _ in range(60):
    node = node.f_self
node.f_int32 = 1
add("60 deep", message)

# Well-known types.
for text in ["1970-01-01T00:00:00Z", "2026-02-03T04:05:06.789Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
             "1969-12-31T23:59:59.5Z", "2024-02-29T12:00:00.000001Z", "1900-01-01T00:00:00.000000001Z"]:
    message = Everything()
    message.w_timestamp.FromJsonString(text)
    message.wr_timestamp.add().CopyFrom(message.w_timestamp)
    add(f"timestamp {text}", message)
for text in ["0s", "1s", "-1s", "1.5s", "-0.5s", "0.000000001s", "-0.000001s", "315576000000s", "-315576000000.999999999s", "3.010s"]:
    message = Everything()
    message.w_duration.FromJsonString(text)
    add(f"duration {text}", message)
for paths in [[], ["a"], ["foo_bar", "b.c_d.e"]]:
    message = Everything()
    message.w_mask.SetInParent()
    message.w_mask.paths.extend(paths)
    add(f"mask {paths}", message)
VALUES_OF_JSON = [None, True, False, 0, -1.5, 1e300, "", "text", [], {}, [None, [1], {"a": [True, "b"]}], {"__proto__": 1, "x": {"y": [{}]}}]
for value in VALUES_OF_JSON:
    message = Everything()
    json_format.ParseDict(value, message.w_value)
    json_format.ParseDict({"k": value}, message.w_struct)
    json_format.ParseDict([value, value], message.w_list)
    json_format.ParseDict(value, message.wm_value["v"])
    add(f"struct {json.dumps(value)}", message)
for kind in ["double", "float", "int64", "uint64", "int32", "uint32", "bool", "string", "bytes"]:
    for value in VALUES[kind]:
        message = Everything()
        target = getattr(message, f"w_{kind}")
        target.value = value
        target.SetInParent()
        add(f"w_{kind} {value!r}"[:40], message)
for inner in [Little(f_int32=3), Little(), Everything(f_string="x", r_int32=[1, 2])]:
    message = Everything()
    message.w_any.Pack(inner)
    add(f"any {inner.DESCRIPTOR.name} {inner}"[:40], message)
inner = Everything()
inner.w_duration.FromJsonString("1.5s")
message = Everything()
message.w_any.Pack(inner.w_duration)
add("any of a duration", message)
outer = Everything()
outer.w_any.Pack(message.w_any)
add("any of any", outer)
message = Everything(w_null=0)
message.w_empty.SetInParent()
message.w_any.SetInParent()
add("empty ones", message)

# What only the wire can say.
def varint(value):
    out = b""
    value &= 2**64 - 1
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def tag(number, kind):
    return varint(number << 3 | kind)


def block(number, data):
    return tag(number, 2) + varint(len(data)) + data


wire("packed field, not packed", tag(203, 0) + varint(5) + tag(203, 0) + varint(-1))
wire("packed in pieces and single", block(203, b"\x01\x02") + tag(203, 0) + b"\x03" + block(203, b"") + block(203, b"\x04"))
wire("field that is not packed, packed", block(218, b"\x01\x02\xac\x02") + block(219, struct.pack("<dd", 1.5, -2)))
wire("packed doubles in pieces", block(201, struct.pack("<d", 1)) + tag(201, 1) + struct.pack("<d", 2))
wire("packed doubles in two pieces", block(201, struct.pack("<d", 1)) + block(201, struct.pack("<dd", 2, 3)))
wire("packed floats in two pieces", block(202, struct.pack("<f", 1)) + block(202, struct.pack("<ff", 2, 3)))
wire("packed enum, not packed", tag(216, 0) + b"\x01" + tag(216, 0) + varint(-1))
wire("last one wins", tag(3, 0) + b"\x01" + tag(3, 0) + b"\x02" + block(14, b"a") + block(14, b"b"))
wire("zero after a value", tag(3, 0) + b"\x01" + tag(3, 0) + b"\x00")
wire("messages are merged", block(17, b"\x08\x01\x22\x01\x05") + block(17, b"\x12\x01a\x22\x01\x06"))
wire("oneof: last one wins", tag(303, 0) + b"\x01" + block(314, b"x"))
wire("oneof: messages are merged", block(317, b"\x08\x01") + block(317, b"\x12\x01a"))
wire("oneof: another between", block(317, b"\x08\x01") + block(314, b"x") + block(317, b"\x12\x01a"))
wire("map: last one wins", block(414, b"\x0a\x01k\x12\x01a") + block(414, b"\x0a\x01k\x12\x01b"))
wire("map: no key", block(414, b"\x12\x01a"))
wire("map: no value", block(414, b"\x0a\x01k"))
wire("map: nothing", block(414, b""))
wire("map: value first", block(414, b"\x12\x01a\x0a\x01k"))
wire("map: key twice", block(414, b"\x0a\x01k\x0a\x01l\x12\x01a"))
wire("map: message without value", block(417, b"\x0a\x01k"))
wire("map: message merged within the entry", block(417, b"\x0a\x01k\x12\x02\x08\x01\x12\x03\x12\x01a"))
wire("unknown enum numbers", tag(16, 0) + varint(77) + tag(216, 0) + varint(-9))
wire("int32 from more bits", tag(3, 0) + varint(2**40 + 5))
wire("uint32 from more bits", tag(5, 0) + varint(2**33 - 1))
wire("bool from another number", tag(13, 0) + varint(2**40))
wire("enum from more bits", tag(16, 0) + varint(2**32 + 1))
wire("sint32 from more bits", tag(7, 0) + varint(2**33 + 3))
wire("number with more bytes than needed", tag(3, 0) + b"\x81\x80\x80\x00")
wire("number of ten bytes", tag(4, 0) + b"\xff" * 9 + b"\x01")
wire("number of ten bytes, high bits set", tag(4, 0) + b"\xff" * 9 + b"\x7f")
wire("number of eleven bytes", tag(4, 0) + b"\x80" * 10 + b"\x01")
wire("tag with more bytes than needed", b"\x98\x80\x00\x05")
wire("known field with another wire type", block(3, b"ab") + tag(14, 0) + b"\x05")
for number, kind, data in [(900, 0, varint(5)), (900, 1, b"12345678"), (900, 2, b"\x03abc"), (900, 5, b"1234"),
                           (900, 3, tag(1, 0) + b"\x05" + tag(2, 3) + tag(2, 4) + tag(900, 4))]:
    wire(f"unknown field of wire type {kind}", tag(3, 0) + b"\x07" + tag(number, kind) + data)
    wire(f"unknown field of wire type {kind} in an older program", tag(number, kind) + data + tag(3, 0) + b"\x07", Little)
wire("unknown fields of an older program", message.SerializeToString() + b"\x1a\x00", Little)
wire("unknown fields inside", block(17, tag(900, 0) + b"\x05"), Little)
wire("many unknown fields", b"".join(tag(900 + i, 0) + varint(i) + tag(3, 0) + varint(i) for i in range(50)), Little)
wire("largest field number", tag(536870911, 0) + b"\x01")
# What is no message.
for name, data in {
    "tag that ends": b"\x80", "number that is missing": tag(3, 0), "number that ends": tag(3, 0) + b"\x80",
    "length that is missing": tag(14, 2), "text that ends": tag(14, 2) + b"\x05ab", "bytes that end": tag(15, 2) + b"\x05ab",
    "message that ends": tag(17, 2) + b"\x05\x08", "field that leaves its message": block(17, b"\x12\x05a") + b"bcdefgh",
    "fixed32 that ends": tag(9, 5) + b"123", "fixed64 that ends": tag(10, 1) + b"1234567", "double that ends": tag(1, 1) + b"1",
    "packed numbers that end": tag(203, 2) + b"\x05\x01", "packed number cut": block(203, b"\x80"),
    "packed doubles cut": block(201, b"1234567"), "packed fixed32 cut": block(209, b"12345"),
    "length of more than 2^31": tag(14, 2) + varint(2**31 + 5), "length of 2^32": tag(14, 2) + varint(2**32), "length of 2^63": tag(15, 2) + varint(2**63),
    "field number zero": b"\x00\x01", "field number zero, length": b"\x02\x00", "wire type 6": tag(900, 6), "wire type 7": tag(3, 7) + b"\x01",
    "end of a group": tag(900, 4), "group that does not end": tag(900, 3), "group that ends as another": tag(900, 3) + tag(901, 4),
    "text that is not UTF-8": block(14, b"\xff"), "text that is not UTF-8, long": block(14, b"a" * 40 + b"\xc3"),
    "text that is a surrogate": block(14, b"\xed\xa0\x80"), "text that is overlong": block(14, b"\xc0\x80"), "text beyond Unicode": block(14, b"\xf4\x90\x80\x80"),
    "list text that is not UTF-8": block(214, b"\x80"), "map key that is not UTF-8": block(414, b"\x0a\x01\xff"),
    "oneof text that is not UTF-8": block(314, b"\xfe"), "map entry that ends": tag(414, 2) + b"\x03\x0a\x01",
    "unknown text that ends": tag(900, 2) + b"\x09ab", "unknown number that ends": tag(900, 0) + b"\xff", "unknown fixed64 that ends": tag(900, 1) + b"1",
    "tag with bit 32": b"\x98\x80\x80\x80\x10\x05", "number that leaves its message": block(17, b"\x08\x80") + b"\x01\x00",
    "text that leaves its message": block(17, b"\x12\x05a") + b"bcde", "unknown text that leaves its message": block(17, tag(900, 2) + b"\x04") + b"bcde",
    "group that leaves its message": block(17, tag(900, 3)) + tag(900, 4), "message that leaves its message": block(18, block(17, b"\x08\x01")[:1] + b"\x04\x08\x01") + b"\x08\x01",
    "packed number that leaves its list": block(203, b"\x80") + b"\x01\x00", "double that leaves its list": block(201, b"1234") + b"1234",
    "tag of more than 32 bits": b"\xff\xff\xff\xff\xff\x01\x00",
}.items():
    wire(name, data)
for count in [99, 100, 101, 120]:
    deep = b""
    for _ in range(count):
        deep = block(18, deep)
    wire(f"{count} deep", deep)
    wire(f"groups {count} deep", tag(900, 3) * count + tag(900, 4) * count)

# Messages by chance.
random.seed(20260203)
SCALARS = [kind for kind in VALUES]
for index in range(120):
    message = Everything()
    for _ in range(random.randint(1, 12)):
        kind = random.choice(SCALARS)
        value = random.choice(VALUES[kind][:11])
        how = random.choice("forc")
        if how == "r":
            getattr(message, f"r_{kind}").append(value)
        else:
            setattr(message, f"{how}_{kind}", value)
        if random.random() < 0.3:
            message.f_self.MergeFrom(Everything.FromString(message.SerializeToString()))
    add(f"by chance {index}", message)

with open(os.path.join(HERE, "cases.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases) + "\n]\n")
print(len(cases), "cases,", sum("json" not in case for case in cases), "of them invalid")
