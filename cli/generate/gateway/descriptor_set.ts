/**
 * Descriptor sets: what a gateway knows of the services behind it.
 *
 * @module
 */

import { Writer } from "../../../rpc/proto/writer.ts";
import type { ProtoFile } from "../../proto/ast.ts";
import { descriptorOf, type ProtoProgram } from "../../proto/compile.ts";

/** Field `file` of `google.protobuf.FileDescriptorSet`, which is a message. */
const FILE_TAG = 1 << 3 | 2;

/**
 * The `google.protobuf.FileDescriptorSet` of files and all that they import, each behind those it imports: what
 * `protoc --include_imports --descriptor_set_out` writes.
 */
export function descriptorSetOf(files: readonly ProtoFile[], program: ProtoProgram): Uint8Array {
  const needed = closureOf(files);
  const writer = new Writer();
  for (const file of program.files) {
    if (needed.has(file)) writer.tag(FILE_TAG).bytes(descriptorOf(file, program));
  }
  return writer.finish();
}

function closureOf(files: readonly ProtoFile[]): ReadonlySet<ProtoFile> {
  const found = new Set<ProtoFile>();
  const visit = (file: ProtoFile) => {
    if (found.has(file)) return;
    found.add(file);
    file.dependencies.forEach(visit);
  };
  files.forEach(visit);
  return found;
}
