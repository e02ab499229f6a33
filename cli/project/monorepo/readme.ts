/**
 * `README.md` of the workspace.
 *
 * @module
 */

import { bullet, documentOf, paragraph, shell } from "../../generate/markdown.ts";

/** Text of the file. */
export function workspaceReadme(name: string): string {
  return documentOf(
    `# ${name}\n`,
    paragraph(
      "A shop of two RPC services and a gateway, in one workspace. `order` calls `stock`; `gateway` speaks HTTP " +
        "with the world and gRPC with both.",
    ),
    shell(
      "deno task start # all three, until Ctrl+C",
      "curl localhost:8888/items/pen",
      `curl --json '{"sku":"book","count":2}' localhost:8888/orders`,
    ),
    paragraph("The other tasks are for the whole workspace as well:"),
    shell(
      "deno task test  # each service, and an order through all of them, within one process",
      "deno task check # format, style, types",
      "deno task gen   # after a change in proto/; gen:check in CI fails until that was done",
    ),
    paragraph(
      "In the folder of a service, `deno task dev` runs it alone and starts it anew whenever a file changes.",
    ),
    bullet("`proto/shop`: the contracts. `google.api.http` in them says what the gateway serves.") +
      bullet("`stock`, `order`: the services. Logic is in `internal/logic`, settings in `etc`.") +
      bullet(
        "`gateway`: its routes come from the contracts, who is behind it from `etc/gateway.yaml`.",
      ) +
      bullet("`start.ts`: starts all. `tests`: what the services do together."),
    paragraph(
      "Files that end in `.gen.ts` or `.gen.pb` are rewritten by `deno task gen`; all others are yours. A member " +
        "imports what another exports in its `deno.json`, as `order` does with `@shop/stock/client`.",
    ),
    "## Who finds whom\n",
    paragraph(
      "As it stands, addresses are in the yaml files, `Endpoints` each, and nothing else has to run. To find " +
        "services by etcd, take the `#` from the `Etcd` sections of `stock/etc/stock.yaml`, " +
        "`order/etc/order.yaml` (two) and `gateway/etc/gateway.yaml` (two), and remove the `Endpoints` beside " +
        "them. Then each service may run anywhere, any number of times.",
    ),
    paragraph(
      "Each program may use the network, read its environment and read its own `etc`, and nothing else: see " +
        "`permissions` in its `deno.json`.",
    ),
  );
}
