/**
 * Sections that the yaml files of all kinds of services have.
 *
 * @module
 */

/** How the service logs. */
export const LOG = `Log:
  # debug, info, error or severe.
  Level: info
`;

/** The dev server, turned off. */
export const DEV_SERVER =
  `# A console of breakers, limits and refusals at http://127.0.0.1:6060/debug/, metrics at /metrics:
# DevServer:
#   Port: 6060
`;

/** Traces, turned off. */
export const TELEMETRY = `# Sends traces to a collector:
# Telemetry:
#   Batcher: otlphttp
#   Endpoint: localhost:4318
#   Sampler: 1.0
`;

/** Section `Etcd` under a key. */
export function etcdSection(key: string, hosts: readonly string[] = ["127.0.0.1:2379"]): string {
  return `Etcd:\n  Hosts:\n${hosts.map((host) => `    - ${host}\n`).join("")}  Key: ${key}\n`;
}

/** A name as it stands in the file: to YAML some words are no text. */
export function yamlName(name: string): string {
  return /^[A-Za-z][\w.-]*$/.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(name)
    ? name
    : JSON.stringify(name);
}
