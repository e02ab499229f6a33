/**
 * `etc/<name>.yaml`: the configuration that a service starts with.
 *
 * @module
 */

import { DEV_SERVER, LOG, TELEMETRY, yamlName } from "../yaml_sections.ts";
import { type Section, sectionsOf } from "./config_section.ts";
import type { RestModel } from "./model.ts";

/** The service may read `etc` and no other folder, so that is where keys are. */
const SIGNATURE = `
# Routes that ask for signatures have clients sign with a key that they encrypt for this service:
#   openssl genrsa -traditional -out etc/signature.pem 2048
#   openssl rsa -in etc/signature.pem -pubout
# The first makes the key, which belongs to no repository, the second shows what clients need.
Signature:
  # Whether a request without a valid signature is refused.
  Strict: true
  # How far the time of a request may be off.
  Expiry: 1h
  PrivateKeys:
    # What clients call the key, and its file: PEM, in a folder that deno.json lets the service read.
    - Fingerprint: main
      KeyFile: etc/signature.pem
`;

const TOOLS = `
# Routes that the .api file chooses are tools for assistants, by the Model Context Protocol.
Mcp:
  # Where assistants find them.
  MessageEndpoint: /mcp
`;

/** Text of `etc/<name>.yaml`. */
export function yamlText(model: RestModel): string {
  const head = `Name: ${yamlName(model.service)}\nHost: 0.0.0.0\nPort: 8888\n` +
    "# Milliseconds until a request is answered with 504.\nTimeout: 3000\n" +
    "# Largest request body in bytes.\nMaxBytes: 1048576\n" +
    `\n${LOG}\n${DEV_SERVER}\n${TELEMETRY}`;
  const signature = model.signed ? SIGNATURE : "";
  const tools = model.tools.length > 0 ? TOOLS : "";
  return head + signature + tools + sectionsOf(model).map(yamlSection).join("");
}

function yamlSection({ name, about, keys }: Section): string {
  const secrets = keys.map(({ value }) => /\$\{(\w+)\}/.exec(value(name))?.[1])
    .filter((name) => name !== undefined);
  const hint = `\n# ${about} Set ${secrets.join(" and ")} in the environment;\n` +
    "# `openssl rand -base64 32` makes a good secret.\n";
  const lines = keys.map((key) => `  # ${key.about}\n  ${key.name}: ${key.value(name)}\n`);
  return `${hint}${name}:\n${lines.join("")}`;
}
