"""Writes the .gen.ts files of this folder: the .proto files that come with the command, without their comments; and what
protoc makes of them, ../testdata/bundled.descriptors.bin.

  pip install grpcio-tools==1.85.1 googleapis-common-protos==1.76.0 && python make.py && deno fmt
"""

import os
import re

import google.api
import grpc_tools
from grpc_tools import protoc

HERE = os.path.dirname(os.path.abspath(__file__))
PROTOBUF = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")
APIS = os.path.dirname(os.path.dirname(list(google.api.__path__)[0]))

BSD = """Copyright 2008 Google Inc. All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

- Redistributions of source code must retain the above copyright notice, this list of conditions and the following
  disclaimer.
- Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the
  following disclaimer in the documentation and/or other materials provided with the distribution.
- Neither the name of Google Inc. nor the names of its contributors may be used to endorse or promote products
  derived from this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."""
APACHE = """Copyright Google LLC. Licensed under the Apache License, Version 2.0: you may not use this file except in compliance
with it; a copy is at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR
CONDITIONS OF ANY KIND. Changed from https://github.com/googleapis/googleapis: comments are left out."""

WELL_KNOWN = "any duration empty field_mask source_context struct timestamp type wrappers api".split()
FILES = [
    ("well_known", "The well-known types", BSD, PROTOBUF, "protobuf", WELL_KNOWN),
    ("descriptor", "The descriptor of `.proto` files and the standard options", BSD, PROTOBUF, "protobuf", ["descriptor"]),
    ("google_api", "Annotations for HTTP", APACHE, APIS, "api", "annotations http httpbody field_behavior".split()),
    ("google_rpc", "Status and error details of Google APIs", APACHE, APIS, "rpc", "code status error_details".split()),
]


def without_comments(text):
    text = re.sub(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', lambda match: match.group(1) or "", text, flags=re.S)
    return "".join(line.rstrip() + "\n" for line in text.splitlines() if line.strip())


for name, title, licence, root, folder, stems in FILES:
    entries = []
    for stem in stems:
        path = f"google/{folder}/{stem}.proto"
        with open(os.path.join(root, path)) as file:
            text = without_comments(file.read()).replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
        entries.append(f'  "{path}": `{text}`,\n')
    lines = [f"{title}, without comments. Written by `make.py`.", "", *licence.split("\n"), "", "@module"]
    doc = "".join(f" * {line}".rstrip() + "\n" for line in lines)
    constant = f"export const {name.upper()}: Readonly<Record<string, string>> = {{\n{''.join(entries)}}};\n"
    with open(os.path.join(HERE, f"{name}.gen.ts"), "w") as file:
        file.write(f"/**\n{doc} */\n\n/** Texts by import name. */\n{constant}")

names = [f"google/{folder}/{stem}.proto" for _, _, _, _, folder, stems in FILES for stem in stems]
assert protoc.main(["protoc", "-I", PROTOBUF, "-I", APIS, "--descriptor_set_out",
                    os.path.join(HERE, "..", "testdata", "bundled.descriptors.bin"), *names]) == 0
