/**
 * The test of a gateway: its routes, with services that answer everything.
 *
 * @module
 */

import { importBlock, relativeImport, textLiteral } from "../code.ts";
import { onceFile, type TextFile } from "../generated_file.ts";
import { type GatewayModel, type RouteModel, servedRoutes } from "./model.ts";
import { CONFIG_PATH, yamlPath } from "./project_files.ts";

const TEST_PATH = "tests/gateway_test.ts";

/** `fetch` does not send these. */
const UNSENDABLE = new Set(["CONNECT", "TRACE", "TRACK"]);

/** The file. */
export function testFiles(model: GatewayModel): TextFile[] {
  return [onceFile(TEST_PATH, testText(model))];
}

function testText(model: GatewayModel): string {
  const imports = importBlock([
    { names: ["assertEquals"], from: "@std/assert" },
    { names: ["loadConfig"], from: "@zeno/zeno/core/conf" },
    { names: ["Dialer"], from: "@zeno/zeno/rpc/gateway", typeOnly: true },
    { names: ["Gateway"], from: "@zeno/zeno/rpc/gateway" },
    { names: ["Config"], from: relativeImport(TEST_PATH, CONFIG_PATH), typeOnly: true },
    { names: ["configSchema"], from: relativeImport(TEST_PATH, CONFIG_PATH) },
  ]);
  const rows = servedRoutes(model).filter(({ sample }) => !UNSENDABLE.has(sample.method))
    .map(rowText);
  return `${imports}

/** Services that answer every call with an empty message. */
const dial: Dialer = () => ({
  unary: (method) => Promise.resolve(method.output.create()),
  async *stream(method) {
    yield await Promise.resolve(method.output.create());
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** The configuration as it is in \`etc\`, from wherever the tests are run. */
async function readConfig(): Promise<Config> {
  const root = \`\${import.meta.dirname}/..\`;
  const config = await loadConfig(configSchema, \`\${root}/${yamlPath(model)}\`, { env: true });
  const Upstreams = config.Upstreams.map((upstream) => ({
    ...upstream,
    ProtoSets: upstream.ProtoSets.map((path) => \`\${root}/\${path}\`),
  }));
  return { ...config, Log: { ...config.Log, Level: "severe" }, Upstreams };
}

const routes: readonly { method: string; path: string; body?: string }[] = [
${rows.join("")}];
for (const { method, path, body } of routes) {
  Deno.test(\`\${method} \${path} calls a service\`, async () => {
    await using gateway = new Gateway(await readConfig(), { dial });
    await gateway.connect();
    const headers = { "content-type": "application/json" };
    const request = new Request(\`http://localhost\${path}\`, {
      method,
      headers,
      body: body ?? null,
    });
    const response = await gateway.fetch(request);
    assertEquals([response.status, typeof await response.text()], [200, "string"]);
  });
}
`;
}

function rowText({ sample: { method, path, body } }: RouteModel): string {
  const members = [`method: ${textLiteral(method)}`, `path: ${textLiteral(path)}`];
  if (body !== undefined) members.push(`body: ${textLiteral(body)}`);
  const line = `  { ${members.join(", ")} },\n`;
  return line.length <= 101 ? line : `  {\n${members.map((it) => `    ${it},\n`).join("")}  },\n`;
}
