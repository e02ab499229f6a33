/**
 * `etc/<name>.yaml` of a gateway.
 *
 * @module
 */

import { indentLines } from "../code.ts";
import { DEV_SERVER, etcdSection, LOG, TELEMETRY, yamlName } from "../yaml_sections.ts";
import type { GatewayModel, UpstreamModel } from "./model.ts";
import type { UpstreamOptions } from "./options.ts";

/** Text of the file. */
export function yamlText({ options: { service }, upstreams, mapsAll }: GatewayModel): string {
  return `Name: ${yamlName(service)}\nHost: 0.0.0.0\nPort: 8888\n` +
    "# Milliseconds until a request is answered with 504.\nTimeout: 3000\n" +
    "# Largest request body in bytes.\nMaxBytes: 1048576\n" +
    `\n${LOG}\n${DEV_SERVER}\n${TELEMETRY}\n` +
    "# What is behind the gateway.\nUpstreams:\n" +
    upstreams.map((upstream) => upstreamText(upstream, mapsAll)).join("\n");
}

function upstreamText({ options, setPath, annotated, mappings }: UpstreamModel, mapsAll: boolean) {
  const routes = annotated.length === 0 ? "" : "    # Its routes by google.api.http:\n" +
    annotated.map(({ title, rpcPath }) => `    #   ${title}  ${rpcPath}\n`).join("");
  return `  - Name: ${yamlName(options.name)}\n    Grpc:\n${addressText(options)}` +
    `      # Milliseconds until a call is given up.\n      Timeout: 2000\n` +
    `    # What it serves. \`deno task gen\` writes the file anew.\n    ProtoSets:\n      - ${setPath}\n` +
    `${routes}${mappingsText(mappings, mapsAll)}`;
}

function mappingsText(mappings: UpstreamModel["mappings"], mapsAll: boolean): string {
  if (mappings.length === 0) return "";
  const [about, mark] = mapsAll
    ? ["Routes of methods without the annotation google.api.http.", ""]
    : ["These methods have no annotation google.api.http and no route. To give them one:", "# "];
  return `    # ${about}\n` + indentLines(`Mappings:\n${mappingItems(mappings)}`, `    ${mark}`);
}

/** Items of `Mappings`. */
export function mappingItems(mappings: UpstreamModel["mappings"]): string {
  return mappings.map(({ mapping: { Method, Path, RpcPath } }) =>
    `  - Method: ${Method}\n    Path: ${Path}\n    RpcPath: ${RpcPath}\n`
  ).join("");
}

function addressText({ name, address }: UpstreamOptions): string {
  const [lines, comment] = ["      ", "      # "];
  switch (address.kind) {
    case "endpoints":
      return indentLines(
        `Endpoints:\n${address.addresses.map((it) => `  - ${it}\n`).join("")}`,
        lines,
      ) +
        indentLines(`Or in the place of Endpoints:\n${etcdSection(`${name}.rpc`)}`, comment);
    case "etcd":
      return indentLines(etcdSection(address.key, address.hosts), lines) +
        indentLines("Or in the place of Etcd:\nEndpoints:\n  - 127.0.0.1:8080\n", comment);
    case "target":
      return indentLines(`Target: ${address.target}\n`, lines);
  }
}
