/**
 * The service that `zeno rpc new` starts from.
 *
 * @module
 */

import type { LogicBodies } from "../generate/rpc/logic_files.ts";
import { pascalCase } from "../generate/naming.ts";

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

/** A package is in lower case. */
function packageOf(name: string): string {
  return name.toLowerCase();
}
