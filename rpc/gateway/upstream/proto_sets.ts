/**
 * Descriptor sets in files.
 *
 * @module
 */

import { resolve, toFileUrl } from "@std/path";
import { ServiceError } from "../../../core/errors.ts";
import { DescriptorPool } from "../dynamic/descriptor_pool.ts";

/**
 * Reads files that `protoc --include_imports --descriptor_set_out` has written.
 *
 * @throws {ServiceError} If one cannot be read.
 */
export async function readProtoSets(paths: readonly string[]): Promise<DescriptorPool> {
  const sets = await Promise.all(paths.map(readSet));
  return DescriptorPool.fromSets(...sets);
}

async function readSet(path: string): Promise<Uint8Array> {
  try {
    const response = await fetch(toFileUrl(resolve(path)));
    return await response.bytes();
  } catch (error) {
    throw new ServiceError(
      "failed_precondition",
      `Cannot read ProtoSets "${path}": check the path, and that reading it is allowed`,
      { cause: error },
    );
  }
}
