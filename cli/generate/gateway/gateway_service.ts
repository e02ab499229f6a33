/**
 * Plans the files of a gateway.
 *
 * @module
 */

import type { Diagnostic } from "../../api/diagnostic.ts";
import type { ProtoProgram } from "../../proto/compile.ts";
import { diagnosticAt } from "../../proto/fault.ts";
import { genBytes, type GeneratedFile } from "../generated_file.ts";
import { type GatewayModel, gatewayModel } from "./model.ts";
import type { GatewayOptions } from "./options.ts";
import { projectFiles } from "./project_files.ts";
import { testFiles } from "./test_files.ts";

/** What {@link planGateway} found: files, or why there are none. */
export interface GatewayPlan {
  /** The files, sorted by path; none when there are diagnostics. */
  readonly files: readonly GeneratedFile[];
  /** What they are made of. */
  readonly model: GatewayModel;
  /** Errors of the program that only this generator has. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Plans the files of a gateway before the services that the program declares. It reads and writes no file, and the same
 * input gives the same bytes.
 */
export function planGateway(program: ProtoProgram, options: GatewayOptions): GatewayPlan {
  const { model, diagnostics: found } = gatewayModel(program, options);
  const diagnostics = [...found, ...checkUpstreams(model, program)];
  if (diagnostics.length > 0) return { files: [], model, diagnostics };
  const files = [
    ...projectFiles(model),
    ...model.upstreams.map(({ setPath, set }) => genBytes(setPath, set)),
    ...(options.tests ? testFiles(model) : []),
  ];
  return { files: files.sort((a, b) => a.path < b.path ? -1 : 1), model, diagnostics: [] };
}

/** A service behind the gateway has a method, or there is nothing to call. */
function checkUpstreams({ upstreams }: GatewayModel, { mains }: ProtoProgram): Diagnostic[] {
  return upstreams.flatMap(({ options: { files } }) => {
    const own = mains.filter(({ path }) => files.includes(path));
    if (own.some(({ services }) => services.some(({ methods }) => methods.length > 0))) return [];
    const place = { file: files[0]!, line: 1, column: 1 };
    const message = "Cannot generate gateway: no file declares a service with a method";
    return [diagnosticAt(place, "E-service", message, "name the file that declares the service")];
  });
}
