/**
 * Tests of a service, through a server and a client in one process.
 *
 * @module
 */

import type { GeneratedFile } from "../generated_file.ts";
import type { LogicBodies } from "./logic_files.ts";
import type { RpcModel } from "./model.ts";

/** All test files. */
export function testFiles(_model: RpcModel, _bodies: LogicBodies): GeneratedFile[] {
  return [];
}
