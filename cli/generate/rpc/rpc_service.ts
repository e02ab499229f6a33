/**
 * Plans the files of an RPC service.
 *
 * @module
 */

import type { Diagnostic } from "../../api/diagnostic.ts";
import { descriptorOf, type ProtoProgram } from "../../proto/compile.ts";
import { diagnosticAt } from "../../proto/fault.ts";
import type { TextFile } from "../generated_file.ts";
import { clientFiles } from "./client_files.ts";
import { contractFile } from "./contract_file.ts";
import { type LogicBodies, logicFiles } from "./logic_files.ts";
import { type RpcModel, rpcModel } from "./model.ts";
import type { RpcOptions } from "./options.ts";
import { projectFiles } from "./project_files.ts";
import { protoFile } from "./proto_file.ts";
import { serverFiles } from "./server_files.ts";
import { testFiles } from "./test_files.ts";

/** What {@link planRpcService} found: files, or why there are none. */
export interface RpcPlan {
  /** The files, sorted by path; none when there are diagnostics. */
  readonly files: readonly TextFile[];
  /** Errors of the program that only this generator has. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Plans the files of the services that the program declares. It reads and writes no file, and the same
 * input gives the same bytes.
 *
 * @param bodies Logic that is known, by path of the method; the others say that they are not written yet.
 */
export function planRpcService(
  program: ProtoProgram,
  options: RpcOptions,
  bodies: LogicBodies = new Map(),
): RpcPlan {
  const model = rpcModel(program, options);
  const messages = program.files.filter(({ bundled }) => !bundled)
    .map((file) =>
      protoFile(file, {
        book: model.book,
        places: model.places,
        descriptorOf: (file) => descriptorOf(file, program),
        optionsOf: ({ options }) => program.options.get(options)?.toData() ?? {},
      })
    );
  const diagnostics = options.messagesOnly ? [] : checkServices(model);
  if (diagnostics.length > 0) return { files: [], diagnostics };
  const files = [
    ...messages,
    ...clientFiles(model),
    ...(options.messagesOnly ? [] : [
      ...projectFiles(model),
      contractFile(model),
      ...serverFiles(model),
      ...logicFiles(model, bodies),
      ...(options.tests ? testFiles(model, bodies) : []),
    ]),
  ];
  return { files: files.sort((a, b) => a.path < b.path ? -1 : 1), diagnostics: [] };
}

function checkServices({ services, program }: RpcModel): Diagnostic[] {
  if (services.some(({ methods }) => methods.length > 0)) return [];
  const place = { file: program.mains[0]!.path, line: 1, column: 1 };
  const message = "Cannot generate service: no file declares a service with a method";
  const hint = "declare one, or generate the messages alone with --messages";
  return [diagnosticAt(place, "E-service", message, hint)];
}
