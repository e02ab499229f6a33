/**
 * The service that `zeno rpc new` starts from.
 *
 * @module
 */

import type { LogicBodies } from "../generate/rpc/logic_files.ts";
import { camelCase, parseStyle, pascalCase } from "../generate/naming.ts";

/** The `.proto` file of a service called `name`. */
export function pingProto(name: string): string {
  return `syntax = "proto3";

package ${packageOf(name)};

message Request {
  // What is sent.
  string ping = 1;
}

message Response {
  // What comes back.
  string pong = 1;
}

service ${pascalCase(name)} {
  // Says what it was told.
  rpc Ping(Request) returns (Response);
}
`;
}

/** The logic of its only method, and an example of it. */
export function pingLogic(name: string): LogicBodies {
  const path = `/${packageOf(name)}.${pascalCase(name)}/Ping`;
  const lines = ["return Promise.resolve({ pong: request.ping });"];
  const example = { request: '{ ping: "hello" }', answer: '{ pong: "hello" }' };
  return new Map([[path, { lines, example }]]);
}

/** A program that calls it. */
export function pingCall(name: string, port: number): string {
  const client = `${camelCase(pascalCase(name))}Client`;
  return `import { noopLogger } from "@zeno/zeno/core/log";
import { RpcClient } from "@zeno/zeno/rpc";
import { ${client} } from "./client/${parseStyle("go_zero")(pascalCase(name), "client")}.gen.ts";

// Where the service is: host:port, or its key, as in etcd://127.0.0.1:2379/${name}.rpc.
const [target = "127.0.0.1:${port}"] = Deno.args;
await using client = new RpcClient({ Target: target }, { log: noopLogger });
console.log(await ${client}(client).ping({ ping: "hello" }));
`;
}

/** A package is in lower case. */
function packageOf(name: string): string {
  return name.toLowerCase();
}
