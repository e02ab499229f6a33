/**
 * `client/<service>_client.gen.ts`: typed clients.
 *
 * @module
 */

import { docComment, fits, importBlock, relativeImport } from "../code.ts";
import { genFile, type TextFile } from "../generated_file.ts";
import { RPC, type RpcModel, type ServiceModel } from "./model.ts";
import { NAMES } from "./rpc_names.ts";

/** A file for each service. */
export function clientFiles(model: RpcModel): TextFile[] {
  if (!model.options.client) return [];
  return model.services.map((service) =>
    genFile(service.clientFile, service.file.name, clientText(service, model))
  );
}

function clientText(service: ServiceModel, model: RpcModel): string {
  const { client, clientType, constant, methodsType, clientFile, node, file } = service;
  const messages = relativeImport(clientFile, model.places.pathOf(file));
  // A service may be called Rpc.
  const own = clientType === NAMES.client ? `${NAMES.client}_` : NAMES.client;
  const imported = own === NAMES.client ? own : `${NAMES.client} as ${own}`;
  const imports = importBlock([
    { names: [imported, NAMES.stub], from: RPC, typeOnly: true },
    { names: [methodsType], from: messages, typeOnly: true },
    { names: [constant], from: messages },
  ]);
  const typeDoc = docComment([
    `Calls \`${node.fullName}\`: promises for single messages, AsyncIterables for streams.`,
  ]);
  const makeDoc = docComment([`Methods of \`${node.fullName}\` over the connections of a client.`]);
  const typeLine = `export type ${clientType} = ${NAMES.stub}<${methodsType}>;`;
  const typeText = fits(typeLine)
    ? typeLine
    : `export type ${clientType} = ${NAMES.stub}<\n  ${methodsType}\n>;`;
  const line = `export function ${client}(client: ${own}): ${clientType} {`;
  const head = fits(line)
    ? line
    : `export function ${client}(\n  client: ${own},\n): ${clientType} {`;
  return `${imports}\n\nexport * from "${messages}";\n\n` +
    `${typeDoc}${typeText}\n\n${makeDoc}${head}\n` +
    `  return client.stub(${constant});\n}\n`;
}
