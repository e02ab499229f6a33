/**
 * Tests of a service: one file a route, and one of the life of the server.
 *
 * @module
 */

import { fits, importBlock, relativeImport } from "../code.ts";
import { onceFile, type TextFile } from "../generated_file.ts";
import { propertyKey } from "../naming.ts";
import { CONFIG_PATH } from "./config_files.ts";
import type { GroupModel, RestModel, RouteModel } from "./model.ts";
import { ROUTES_PATH } from "./routes_file.ts";
import type { Member } from "./member.ts";
import {
  type Fault,
  type RequestSample,
  requestSample,
  requiredMember,
  restrictedMember,
  type SampleContext,
} from "./sample.ts";

const SERVER_PATH = "tests/test_server.ts";

/** All test files. */
export function testFiles(model: RestModel): TextFile[] {
  return [
    onceFile(SERVER_PATH, serverText(model)),
    onceFile("tests/lifecycle_test.ts", lifecycleText()),
    ...model.groups.flatMap((group) => group.routes.map((route) => routeTest(group, route, model))),
  ];
}

function serverText(model: RestModel): string {
  const imports = importBlock([
    { names: ["parseConfig"], from: "@zeno/zeno/core/conf" },
    { names: ["Server"], from: "@zeno/zeno/rest" },
    { names: ["configSchema"], from: relativeImport(SERVER_PATH, CONFIG_PATH) },
    { names: ["registerRoutes"], from: relativeImport(SERVER_PATH, ROUTES_PATH) },
    { names: ["ServiceContext"], from: relativeImport(SERVER_PATH, model.contextFile) },
  ]);
  const secret = "a secret that is for tests only";
  const sections = [
    ...model.jwtSections.map((name) => [name, { AccessSecret: secret }] as const),
    ...model.transitionSections.map((name) =>
      [name, { Secret: secret, PrevSecret: `${secret}, and old` }] as const
    ),
  ];
  const merged = new Map<string, Record<string, string>>();
  for (const [name, keys] of sections) merged.set(name, { ...merged.get(name), ...keys });
  const config = {
    Name: model.service,
    Host: "127.0.0.1",
    Port: 0,
    Log: { Level: "severe" },
    // Without keys and not strict, nothing needs a signature.
    ...(model.signed ? { Signature: { Strict: false, PrivateKeys: [] } } : {}),
    ...Object.fromEntries(merged),
  };
  return `${imports}\n\nconst CONFIG = ${literalText(config, "")};\n\n` +
    "/** The server of this service, which does not listen yet. */\n" +
    "export function testServer(): Server {\n" +
    '  const config = parseConfig(configSchema, JSON.stringify(CONFIG), "json");\n' +
    "  const server = new Server(config);\n" +
    "  registerRoutes(server, new ServiceContext(config));\n" +
    "  return server;\n}\n";
}

function lifecycleText(): string {
  const imports = importBlock([
    { names: ["assertEquals"], from: "@std/assert" },
    { names: ["testServer"], from: "./test_server.ts" },
  ]);
  return `${imports}\n\nDeno.test("the service starts, answers and stops", async () => {\n` +
    "  const server = testServer();\n  await server.start();\n" +
    "  const response = await fetch(`http://127.0.0.1:${server.address.port}/no-such-path`);\n" +
    "  await response.body?.cancel();\n  await server.stop();\n" +
    "  assertEquals(response.status, 404);\n});\n";
}

function routeTest(group: GroupModel, route: RouteModel, model: RestModel): TextFile {
  const path = route.logicFile.replace(/^internal\/logic\//, "tests/").replace(/\.ts$/, "_test.ts");
  const structs = new Map(model.spec.types.map((type) => [type.name, type]));
  const context = { structs, int64: model.options.int64 };
  const tests = group.spec.jwt === undefined && group.spec.jwtTransition === undefined
    ? openTests(group, route, context, model)
    : [testText(route, "refuses a request without a token", requestText(group, route, EMPTY), 401)];
  const asserts = ["assertEquals", "assertNotEquals"].filter((name) =>
    tests.some((text) => text.includes(`${name}(`))
  );
  const imports = importBlock([
    { names: asserts, from: "@std/assert" },
    { names: ["testServer"], from: relativeImport(path, SERVER_PATH) },
  ]);
  return onceFile(path, `${imports}\n\n${tests.join("\n")}`);
}

const EMPTY: RequestSample = { path: {}, query: {}, header: {}, body: undefined };

function openTests(
  group: GroupModel,
  route: RouteModel,
  context: SampleContext,
  model: RestModel,
): string[] {
  const declared = [...model.typeNames].find(([, name]) => name === route.request)?.[0];
  const sample = requestSample(declared, context);
  const tests = [testText(route, "takes a valid request", requestText(group, route, sample))];
  if (declared === undefined) return tests;
  const refuses = (how: string, member: Member | undefined, fault: Fault) => {
    if (member === undefined) return;
    const request = requestText(group, route, requestSample(declared, context, fault));
    tests.push(testText(route, `refuses a request ${how} ${member.sources[0]!.key}`, request, 400));
  };
  const without = requiredMember(declared, context);
  refuses("without", without, { without });
  const wrong = restrictedMember(declared, context);
  refuses("with a wrong", wrong, { wrong });
  return tests;
}

/** A test that the answer has this status or, without one, that the request was not refused. */
function testText(route: RouteModel, title: string, request: string, status?: number): string {
  const name = JSON.stringify(`${route.title} ${title}`);
  const line = `Deno.test(${name}, async () => {`;
  const body = (indent: string) =>
    [
      "await using server = testServer();",
      `const response = await server.fetch(${request});`,
      "await response.body?.cancel();",
      status === undefined
        ? "assertNotEquals(response.status, 400);"
        : `assertEquals(response.status, ${status});`,
    ].map((text) => `${text.replace(/^(?=.)/gm, indent)}\n`).join("");
  if (fits(line)) return `${line}\n${body("  ")}});\n`;
  return `Deno.test(\n  ${name},\n  async () => {\n${body("    ")}  },\n);\n`;
}

/** `new Request(...)` for a sample, without indentation. */
function requestText({ spec }: GroupModel, route: RouteModel, sample: RequestSample): string {
  const path = `${spec.prefix}${route.spec.path}`.replace(
    /:([^/]+)/g,
    (_, name) => encodeURIComponent(Object.hasOwn(sample.path, name) ? sample.path[name]! : "text"),
  );
  const query = new URLSearchParams(sample.query).toString();
  const url = JSON.stringify(`http://localhost${path}${query === "" ? "" : `?${query}`}`);
  const hasBody = sample.body !== undefined && !["GET", "HEAD"].includes(route.spec.method);
  const header = {
    ...(hasBody ? { "content-type": "application/json" } : {}),
    ...sample.header,
  };
  const parts = [
    ...(route.spec.method === "GET" ? [] : [`method: ${JSON.stringify(route.spec.method)}`]),
    ...(Object.keys(header).length === 0 ? [] : [`headers: ${literalText(header, "    ")}`]),
    ...(hasBody ? [`body: JSON.stringify(${literalText(sample.body, "    ")})`] : []),
  ];
  if (parts.length > 0) {
    const lines = parts.map((part) => `    ${part},\n`).join("");
    return `\n  new Request(${url}, {\n${lines}  }),\n`;
  }
  const call = `new Request(${url})`;
  return fits(call, " ".repeat(42)) ? call : `\n  new Request(${url}),\n`;
}

/** A value as an object literal, one member a line. */
function literalText(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((v) => `${inner}${literalText(v, inner)},\n`).join("")}${indent}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) =>
    `${inner}${propertyKey(key)}: ${literalText(item, inner)},\n`
  );
  return `{\n${lines.join("")}${indent}}`;
}
