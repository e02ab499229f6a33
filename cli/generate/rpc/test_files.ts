/**
 * Tests of a service: a server and a client within one process, and a file for each method.
 *
 * @module
 */

import { fits, importBlock, relativeImport } from "../code.ts";
import { onceFile, type TextFile } from "../generated_file.ts";
import type { LogicBodies, LogicBody } from "./logic_files.ts";
import { MessageNames } from "./method_types.ts";
import { type MethodModel, RPC, type RpcModel, type ServiceModel } from "./model.ts";
import { CONFIG_PATH } from "./project_files.ts";
import { NAMES } from "./rpc_names.ts";
import { REGISTER, REGISTER_PATH } from "./server_files.ts";

const SERVER_PATH = "tests/test_server.ts";

/** All test files. */
export function testFiles(model: RpcModel, bodies: LogicBodies): TextFile[] {
  return [
    onceFile(SERVER_PATH, serverText(model)),
    ...model.services.flatMap((service) =>
      service.methods.map((method) =>
        onceFile(method.testFile, methodTest(service, method, model, bodies.get(method.path)))
      )
    ),
  ];
}

function serverText({ contextFile, options: { service } }: RpcModel): string {
  const imports = importBlock([
    { names: ["parseConfig"], from: "@zeno/zeno/core/conf" },
    { names: ["noopLogger"], from: "@zeno/zeno/core/log" },
    { names: [NAMES.client, NAMES.server], from: RPC },
    { names: ["configSchema"], from: relativeImport(SERVER_PATH, CONFIG_PATH) },
    { names: [REGISTER], from: relativeImport(SERVER_PATH, REGISTER_PATH) },
    { names: ["ServiceContext"], from: relativeImport(SERVER_PATH, contextFile) },
  ]);
  const address = `inproc:///${service}`;
  return `${imports}\n\nconst CONFIG = {\n  Name: "${service}.rpc",\n` +
    `  ListenOn: "${address}",\n  Log: { Level: "severe" },\n};\n\n` +
    "/** Runs a test with a client of this service, which serves within this process meanwhile. */\n" +
    "export async function withClient(\n" +
    `  test: (client: ${NAMES.client}) => Promise<void>,\n): Promise<void> {\n` +
    '  const config = parseConfig(configSchema, JSON.stringify(CONFIG), "json");\n' +
    `  await using server = new ${NAMES.server}(config);\n` +
    `  ${REGISTER}(server, new ServiceContext(config));\n` +
    "  await server.start();\n" +
    "  const log = noopLogger;\n" +
    `  await using client = new ${NAMES.client}({ Target: "${address}" }, { log });\n` +
    "  await test(client);\n}\n";
}

function methodTest(
  service: ServiceModel,
  method: MethodModel,
  model: RpcModel,
  body: LogicBody | undefined,
): string {
  const { testFile, path } = method;
  const { constant, file } = service;
  const taken = ["ServiceError", "assertEquals", "assertRejects", "withClient", constant];
  const names = new MessageNames(model, testFile, taken);
  const lines = body === undefined
    ? unwritten(method, names)
    : [`assertEquals(await stub.${method.key}(${body.example.request}), ${body.example.answer});`];
  const imports = importBlock([
    { names: [body === undefined ? "assertRejects" : "assertEquals"], from: "@std/assert" },
    { names: body === undefined ? ["ServiceError"] : [], from: "@zeno/zeno/core/errors" },
    ...withConstant(names, constant, relativeImport(testFile, model.places.pathOf(file))),
    { names: ["withClient"], from: relativeImport(testFile, SERVER_PATH) },
  ]);
  const title = body === undefined ? "answers once its logic is written" : "answers";
  return `${imports}\n\nDeno.test("${path} ${title}", () =>\n` +
    `  withClient(async (client) => {\n    const stub = client.stub(${constant});\n` +
    `${lines.map((line) => `    ${line}\n`).join("")}  }));\n`;
}

/** One import of the file that declares both the service and messages. */
function withConstant(names: MessageNames, constant: string, from: string) {
  const specs = names.imports({ typeOnly: false });
  const same = specs.find((spec) => spec.from === from);
  const others = specs.filter((spec) => spec !== same);
  return [...others, { names: [...same?.names ?? [], constant], from }];
}

/** Says that the logic is still to be written, by a test that holds until it is. */
function unwritten({ key, kind, node }: MethodModel, names: MessageNames): string[] {
  const isMany = kind === "client_stream" || kind === "bidi_stream";
  const call = `stub.${key}(${isMany ? "[request]" : "request"})`;
  const whole = kind === "server_stream" || kind === "bidi_stream"
    ? `Array.fromAsync(${call})`
    : call;
  const request = `const request = ${names.of(node.inputType!)}.create();`;
  const line = `await assertRejects(() => ${whole}, ServiceError, "not written yet");`;
  if (fits(line, "    ")) return [request, line];
  return [
    request,
    "await assertRejects(",
    `  () => ${whole},`,
    "  ServiceError,",
    '  "not written yet",',
    ");",
  ];
}
