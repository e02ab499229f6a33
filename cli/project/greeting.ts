/**
 * The greeting service that `zeno new` starts from.
 *
 * @module
 */

import type { LogicBodies } from "../generate/rest/logic_files.ts";
import { pascalCase } from "../generate/naming.ts";

/** The `.api` file of a greeting service called `name`. */
export function greetingApi(name: string): string {
  return `syntax = "v1"

type GreetReq {
	// Who is greeted.
	Name string \`path:"name,options=you|me"\`
}

type GreetResp {
	// What is said.
	Message string \`json:"message"\`
}

service ${name}-api {
	@doc "Greets you, or me"
	@handler ${greetingHandler(name)}
	get /from/:name (GreetReq) returns (GreetResp)
}
`;
}

/** The logic of its only route. */
export function greetingLogic(name: string): LogicBodies {
  const lines = ["return Promise.resolve({ message: `Hello, ${request.name}!` });"];
  return new Map([[greetingHandler(name), { lines, isAsync: false }]]);
}

function greetingHandler(name: string): string {
  // A trailing "Handler" would be taken for the suffix of the language.
  return pascalCase(name).replace(/handler$/i, "") || "Greet";
}
