/**
 * What the files of an RPC service are generated from.
 *
 * @module
 */

import type { MethodNode, ProtoFile, ServiceNode } from "../../proto/ast.ts";
import type { ProtoProgram } from "../../proto/compile.ts";
import { relativeImport } from "../code.ts";
import { camelCase, NameScope, pascalCase, StemScope } from "../naming.ts";
import { NameBook, type ProtoPlaces } from "./file_context.ts";
import type { RpcOptions } from "./options.ts";
import { kindOf, methodKeys } from "./service_text.ts";

/** A method of a service. */
export interface MethodModel {
  readonly node: MethodNode;
  /** Name in lowerCamel. */
  readonly key: string;
  /** `/greet.Greeter/Say`. */
  readonly path: string;
  readonly kind: string;
  /** Class that holds the logic. */
  readonly logic: string;
  /** Interface that the class fulfils. */
  readonly contract: string;
  readonly logicFile: string;
  /** Its test. */
  readonly testFile: string;
}

/** A service. */
export interface ServiceModel {
  readonly node: ServiceNode;
  readonly file: ProtoFile;
  /** Constant in the file of messages. */
  readonly constant: string;
  /** Type of its methods there. */
  readonly methodsType: string;
  /** Function that adds the service to a server. */
  readonly register: string;
  /** Function that makes a client, and its type. */
  readonly client: string;
  readonly clientType: string;
  readonly serverFile: string;
  readonly clientFile: string;
  readonly methods: readonly MethodModel[];
}

/** A whole program. */
export interface RpcModel {
  readonly program: ProtoProgram;
  readonly options: RpcOptions;
  readonly services: readonly ServiceModel[];
  readonly book: NameBook;
  readonly places: ProtoPlaces;
  /** Path of the file of the service context. */
  readonly contextFile: string;
}

/** Specifiers of the framework in the code of users. */
export const RPC = "@zeno/zeno/rpc";
const PROTO = "@zeno/zeno/rpc/proto";

/** Where files stand in the project of a user. */
const PLACES: ProtoPlaces = {
  pathOf: ({ name }) => `pb/${name.replace(/\.proto$/, "")}.gen.ts`,
  specifierOf: (file, from) =>
    file.bundled ? `${PROTO}/google` : relativeImport(from, PLACES.pathOf(file)),
  runtime: () => PROTO,
  // Messages need nothing of servers and clients.
  rpc: () => PROTO,
};

/** The model of a program. */
export function rpcModel(program: ProtoProgram, options: RpcOptions): RpcModel {
  const book = new NameBook();
  const nodes = program.mains.flatMap((file) => file.services.map((node) => ({ file, node })));
  const isGrouped = options.multiple || nodes.length > 1;
  const names = new StemScope(options.style);
  const contracts = new NameScope();
  const services = nodes.map(({ file, node }) => {
    const base = names.claim(pascalCase(node.name));
    return serviceModel(node, { file, base, book, contracts, options, isGrouped });
  });
  const contextFile = `internal/svc/${options.style("service", "context")}.ts`;
  return { program, options, services, book, places: PLACES, contextFile };
}

interface ServiceOptions {
  readonly file: ProtoFile;
  /** Its name in types, functions and files. */
  readonly base: string;
  readonly book: NameBook;
  /** Names of the contracts of all services, which stand in one file. */
  readonly contracts: NameScope;
  readonly options: RpcOptions;
  readonly isGrouped: boolean;
}

function serviceModel(node: ServiceNode, given: ServiceOptions): ServiceModel {
  const { file, base, book, contracts, options: { style }, isGrouped } = given;
  const keys = methodKeys(node);
  const names = new StemScope(style);
  const folder = isGrouped ? `${style(base)}/` : "";
  const methods = node.methods.map((method): MethodModel => {
    const words = names.claim(pascalCase(method.name));
    const stem = style(words, "logic");
    return {
      node: method,
      key: keys.get(method)!,
      path: `/${node.fullName}/${method.name}`,
      kind: kindOf(method),
      logic: `${words}Logic`,
      contract: contracts.claim(`${isGrouped ? base : ""}${words}Contract`),
      logicFile: `internal/logic/${folder}${stem}.ts`,
      testFile: `tests/${folder}${stem}_test.ts`,
    };
  });
  const lower = camelCase(base);
  return {
    node,
    file,
    constant: book.of(file).services.get(node)!,
    methodsType: book.of(file).methods.get(node)!,
    register: `register${base}`,
    client: `${lower}Client`,
    clientType: `${base}Client`,
    serverFile: `internal/server/${style(base, "server")}.gen.ts`,
    clientFile: `client/${style(base, "client")}.gen.ts`,
    methods,
  };
}
