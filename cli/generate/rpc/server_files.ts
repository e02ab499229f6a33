/**
 * `internal/server/<service>_server.gen.ts`: from the server to the logic.
 *
 * @module
 */

import { docComment, fits, importBlock, relativeImport } from "../code.ts";
import { genFile, type TextFile } from "../generated_file.ts";
import { NameScope } from "../naming.ts";
import { type MethodModel, RPC, type RpcModel, type ServiceModel } from "./model.ts";
import { NAMES } from "./rpc_names.ts";

/** Path of the file that adds all services to a server. */
export const REGISTER_PATH = "internal/server/register.gen.ts";

/** Name of its function. */
export const REGISTER = "registerServices";

/** A file for each service, and one for all of them: a service that comes later needs no change of `main.ts`. */
export function serverFiles(model: RpcModel): TextFile[] {
  const files = model.services.map((service) =>
    genFile(service.serverFile, service.file.name, serverText(service, model))
  );
  const sources = model.options.sources.join(", ");
  return [...files, genFile(REGISTER_PATH, sources, registerText(model))];
}

function registerText({ services, contextFile }: RpcModel): string {
  const scope = new NameScope([NAMES.server, "ServiceContext", REGISTER]);
  const locals = services.map(({ register }) => scope.claim(register));
  const imports = importBlock([
    { names: [NAMES.server], from: RPC, typeOnly: true },
    ...services.map(({ register, serverFile }, index) => {
      const local = locals[index]!;
      const name = local === register ? register : `${register} as ${local}`;
      return { names: [name], from: relativeImport(REGISTER_PATH, serverFile) };
    }),
    { names: ["ServiceContext"], from: relativeImport(REGISTER_PATH, contextFile), typeOnly: true },
  ]);
  return `${imports}\n\n${docComment(["Adds all services to a server."])}` +
    `export function ${REGISTER}(server: ${NAMES.server}, svc: ServiceContext): void {\n` +
    `${locals.map((local) => `  ${local}(server, svc);\n`).join("")}}\n`;
}

function serverText(service: ServiceModel, model: RpcModel): string {
  const { serverFile, constant, register, methods, node } = service;
  const scope = new NameScope([NAMES.server, "ServiceContext", constant, register]);
  const locals = new Map(methods.map((method) => [method, scope.claim(method.logic)]));
  const imports = importBlock([
    { names: [NAMES.server], from: RPC, typeOnly: true },
    { names: [constant], from: relativeImport(serverFile, model.places.pathOf(service.file)) },
    ...methods.map(({ logic, logicFile }, index) => {
      const local = locals.get(methods[index]!)!;
      const name = local === logic ? logic : `${logic} as ${local}`;
      return { names: [name], from: relativeImport(serverFile, logicFile) };
    }),
    {
      names: ["ServiceContext"],
      from: relativeImport(serverFile, model.contextFile),
      typeOnly: true,
    },
  ]);
  const doc = docComment([
    `Adds \`${node.fullName}\` to a server. Each call has a logic object of its own.`,
  ]);
  const members = methods.map((method) => memberText(method, locals.get(method)!));
  const svc = methods.length === 0 ? "_svc" : "svc";
  const body = members.length === 0 ? "{}" : `{\n${members.join("")}  }`;
  return `${imports}\n\n${doc}` +
    `export function ${register}(server: ${NAMES.server}, ${svc}: ServiceContext): void {\n` +
    `  server.add(${constant}, ${body});\n}\n`;
}

function memberText({ key, kind }: MethodModel, logic: string): string {
  const name = kind === "client_stream" || kind === "bidi_stream" ? "requests" : "request";
  const line = `${key}: (${name}, context) => new ${logic}(context, svc).${key}(${name}),`;
  return fits(line, "    ")
    ? `    ${line}\n`
    : `    ${key}: (${name}, context) =>\n      new ${logic}(context, svc).${key}(${name}),\n`;
}
