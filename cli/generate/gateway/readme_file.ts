/**
 * `README.md` of a gateway.
 *
 * @module
 */

import { bullet, documentOf, paragraph, shell } from "../markdown.ts";
import { PROJECT_NOTES } from "../readme_parts.ts";
import { type GatewayModel, servedRoutes } from "./model.ts";
import { curlOf } from "./sample.ts";

/** Text of the file. */
export function readmeText(model: GatewayModel): string {
  const { options: { service }, upstreams } = model;
  const [first] = servedRoutes(model);
  const sets = upstreams.map(({ setPath }) => `\`${setPath}\``).join(", ");
  return documentOf(
    `# ${service}\n`,
    paragraph("HTTP in front of RPC services."),
    shell("deno task start", ...(first === undefined ? [] : [curlOf(first.sample, 8888)])),
    paragraph(
      `\`etc/${service}.yaml\` says where the services are: their addresses, or their keys in etcd. They need not ` +
        "run when the gateway starts; until they do, calls are answered with 503.",
    ),
    routesText(model),
    paragraph(model.mapsAll ? OPEN : ANNOTATED),
    "## Files\n",
    bullet(
      `\`etc/${service}.yaml\`: where it listens, what is behind it, and \`Mappings\`. Yours.`,
    ) +
      bullet("`main.ts`, `internal/config`: the start, middleware, your settings. Yours.") +
      bullet(`${sets}: what the \`.proto\` files say, for the gateway to read. Generated.`),
    paragraph(
      "When a `.proto` file has changed, `deno task gen` follows it and names the methods that have no route; in CI " +
        "`deno task gen --check` fails until that was done.",
    ),
    PROJECT_NOTES,
  );
}

const OPEN =
  "Every method also answers Connect and gRPC-Web at `/package.Service/Method`. To turn that off, say " +
  "`new Gateway(config, { connect: false, grpcWeb: false })` in `main.ts`.";

const ANNOTATED =
  "Methods without the annotation have no route. Connect and gRPC-Web, which serve every method at " +
  "`/package.Service/Method`, are off: to turn them on, take `connect` and `grpcWeb` out of `main.ts`.";

function routesText(model: GatewayModel): string {
  const routes = servedRoutes(model);
  if (routes.length === 0) return "";
  const from = model.mapsAll ? "`Mappings` of the yaml file" : "`google.api.http`";
  return documentOf(
    paragraph(`Routes, by ${from}:`),
    routes.map(({ title, rpcPath }) => bullet(`\`${title}\` calls \`${rpcPath}\``)).join(""),
  );
}
