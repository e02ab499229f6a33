"""Writes verdicts.json: what protoc says of each text of cases.json, and the descriptors it makes of those it takes.

  pip install protobuf==7.36.2 grpcio-tools==1.85.1 && python make_verdicts.py

cases.json is a list of files: `{"name": text, ...}`; `main.proto` is what is compiled. A mere text is a
`main.proto`, which stands behind `syntax = "proto3"; package p;` on lines of their own where it does not begin with
a syntax or an edition.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile

import grpc_tools

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = 'syntax = "proto3";\npackage p;\n'
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
                              "--descriptor_set_out", out, os.path.join(root, "main.proto")],
                             capture_output=True, text=True, errors="replace")
        if run.returncode != 0:
            lines = [line.replace(f"{root}/", "") for line in run.stderr.splitlines() if "warning:" not in line]
            return {"refused": lines[:3]}
        with open(out, "rb") as file:
            data = file.read()
        # The one file of the set, without tag and length.
        at = 1
        while data[at] > 127:
            at += 1
        return {"descriptor": base64.b64encode(data[at + 1:]).decode()}


def main():
    with open(os.path.join(HERE, "cases.json")) as file:
        cases = json.load(file)
    results = []
    for case in cases:
        files = case
        if isinstance(case, str):
            begins = re.match("\ufeff?(syntax|edition)", case)
            files = {"main.proto": case if begins else HEAD + case}
        results.append({"files": files, **verdict(files)})
    with open(os.path.join(HERE, "verdicts.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(result) for result in results) + "\n]\n")
    print(len(results), "texts,", sum("refused" in result for result in results), "of them refused")


main()
