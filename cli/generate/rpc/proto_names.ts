/**
 * Names that generated code gives to what a `.proto` file declares.
 *
 * @module
 */

import { lowerCamel } from "../../../rpc/proto/field.ts";
import type { EnumNode, FieldNode, MessageNode, ProtoFile, ServiceNode } from "../../proto/ast.ts";
import { NameScope, pascalCase, safeIdentifier } from "../naming.ts";

/** Names of the platform and of the runtime that generated code uses, which no message may hide. */
const USED_NAMES: readonly string[] = [
  ...[
    "Map",
    "Object",
    "Record",
    "Uint8Array",
    "any",
    "bigint",
    "boolean",
    "never",
    "number",
    "object",
  ],
  ...["string", "symbol", "undefined", "unknown", "void"],
  ...["EnumType", "FileInfo", "MessageType", "MethodInfo", "ServiceInfo"],
  ...["descriptorSet", "enumType", "field", "fileInfo", "messageType", "oneofUnset"],
];

/** Properties that every object has: a field that is not set would seem to be. */
const OBJECT_PROPERTIES: ReadonlySet<string> = new Set(
  Object.getOwnPropertyNames(Object.prototype),
);

/** Names in the generated file of one `.proto` file. */
export interface FileNames {
  /** Interface and constant of each message; constant and type of each enum. */
  readonly types: ReadonlyMap<MessageNode | EnumNode, string>;
  /** Constant that describes each enum. */
  readonly enumTypes: ReadonlyMap<EnumNode, string>;
  /** Constant of each service. */
  readonly services: ReadonlyMap<ServiceNode, string>;
  /** Type of the methods of each service. */
  readonly methods: ReadonlyMap<ServiceNode, string>;
  /** Constant of the file. */
  readonly file: string;
  /** The names that are taken. */
  readonly scope: NameScope;
}

/** Chooses the names of a file. The same file always gives the same names. */
export function fileNames(file: ProtoFile): FileNames {
  const scope = new NameScope(USED_NAMES);
  const types = new Map<MessageNode | EnumNode, string>();
  const enumTypes = new Map<EnumNode, string>();
  const services = new Map<ServiceNode, string>();
  const methods = new Map<ServiceNode, string>();
  const prefix = file.package === "" ? 0 : file.package.length + 1;
  const declared = declaredTypes(file);
  for (const node of declared) {
    const name = safeIdentifier(node.fullName.slice(prefix).replaceAll(".", "_"));
    types.set(node, scope.claim(name));
  }
  for (const node of declared) {
    if (node.kind === "enum") enumTypes.set(node, scope.claim(`${types.get(node)}Enum`));
  }
  for (const service of file.services) {
    const base = service.name.slice(0, 1).toLowerCase() + service.name.slice(1);
    services.set(service, scope.claim(serviceConstant(base)));
    methods.set(service, scope.claim(`${pascalCase(service.name)}Methods`));
  }
  const stem = file.name.replace(/\.proto$/, "").replace(/\W+/g, "_");
  const constant = scope.claim(`${lowerCamel(stem).replace(/^(?=\d)/, "_")}File`);
  return { types, enumTypes, services, methods, file: constant, scope };
}

/** `greeterService` of `greeter`, `orderService` of `orderService`. */
function serviceConstant(base: string): string {
  return /service$/i.test(base) ? base : `${base}Service`;
}

/** All messages and enums of a file, outer ones before inner ones. */
export function declaredTypes(file: ProtoFile): (MessageNode | EnumNode)[] {
  const inMessage = (message: MessageNode): (MessageNode | EnumNode)[] => [
    message,
    ...message.enums,
    ...message.messages.flatMap(inMessage),
  ];
  return [...file.enums, ...file.messages.flatMap(inMessage)];
}

/** Properties of a message: of its fields outside of oneofs, and of its oneofs. */
export interface MessageKeys {
  /** Property of each field, or its case. */
  readonly fields: ReadonlyMap<FieldNode, string>;
  /** Property of each oneof, by index. */
  readonly oneofs: readonly string[];
}

/** Chooses the properties of a message. */
export function messageKeys({ fields, oneofs }: MessageNode): MessageKeys {
  const scope = new NameScope(OBJECT_PROPERTIES);
  const keys = new Map(fields.map((field) => {
    // A case is text, not a property, and clashes with nothing.
    const camel = lowerCamel(field.name);
    return [field, field.oneof === undefined ? scope.claim(camel) : camel];
  }));
  return { fields: keys, oneofs: oneofs.map(({ name }) => scope.claim(lowerCamel(name))) };
}
