"""Asks protoc of each program of verdicts.json, and writes there what it says.

  pip install protobuf==7.36.2 grpcio-tools==1.85.1 && python make_verdicts.py

A program is `{"files": {"main.proto": text, ...}}`; to add one, write that and run this. `main.proto` is what is
compiled: `refused` has the first lines of what protoc then says, `descriptors` the FileDescriptorProto of each file
in base64.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile

import grpc_tools

HERE = os.path.dirname(os.path.abspath(__file__))
INCLUDED = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")


def verdict(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(text.encode("utf-8", "surrogatepass"))
        out = os.path.join(root, "out.bin")
        run = subprocess.run([sys.executable, "-m", "grpc_tools.protoc", "-I", root, "-I", INCLUDED,
                              "--include_imports", "--descriptor_set_out", out, os.path.join(root, "main.proto")],
                             capture_output=True, text=True, errors="replace")
        if run.returncode != 0:
            lines = [line.replace(f"{root}/", "") for line in run.stderr.splitlines() if ".proto" in line]
            return {"refused": [line for line in lines if "warning:" not in line][:3]}
        with open(out, "rb") as file:
            return {"descriptors": {name: data for name, data in split(file.read()) if name in files}}


def split(data):
    """Names and bytes of the files of a FileDescriptorSet."""
    while data:
        size = shift = 0
        at = 1
        while True:
            byte = data[at]
            size |= (byte & 127) << shift
            shift += 7
            at += 1
            if byte < 128:
                break
        file, data = data[at:at + size], data[at + size:]
        # The name is the first field, and shorter than 128 bytes.
        yield file[2:2 + file[1]].decode(), base64.b64encode(file).decode()


PATH = os.path.join(HERE, "verdicts.json")
with open(PATH) as source:
    programs = [{"files": program["files"]} for program in json.load(source)]
results = [{**program, **verdict(program["files"])} for program in programs]
with open(PATH, "w") as target:
    target.write("[\n" + ",\n".join(json.dumps(result) for result in results) + "\n]\n")
print(len(results), "programs,", sum("refused" in result for result in results), "of them refused")
