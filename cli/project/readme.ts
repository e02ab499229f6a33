/**
 * `README.md` of new services.
 *
 * @module
 */

import { bullet, documentOf, paragraph, shell } from "../generate/markdown.ts";
import { PROJECT_NOTES } from "../generate/readme_parts.ts";

/** Of a REST service. */
export function restReadme(name: string): string {
  return documentOf(
    `# ${name}\n`,
    paragraph(`An HTTP service. Its contract is \`${name}.api\`.`),
    shell(
      "deno task start",
      "curl localhost:8888/from/you    # 200",
      "curl localhost:8888/from/nobody # 400, naming the field",
    ),
    paragraph(
      `Change \`${name}.api\`, run \`deno task gen\`, and \`deno task check\` points at the logic that no longer fits. ` +
        "Files that end in `.gen.ts` are rewritten each time; all others are yours and never touched. " +
        "`deno task gen --check` fails in CI until the files are as the contract says.",
    ),
    bullet("`internal/logic`: one class a route. This is where you write.") +
      bullet(
        "`internal/svc`: what your logic needs, such as databases and clients of other services.",
      ) +
      bullet(`\`internal/config\`, \`etc/${name}.yaml\`: your settings, and their values.`) +
      bullet(
        "`internal/handler`, `internal/types`: routes, contracts, types, validators. Generated.",
      ) +
      bullet("`tests`: one for each route, without a socket."),
    devServerText(name),
    PROJECT_NOTES,
  );
}

/** Of an RPC service. */
export function rpcReadme(name: string, port: number): string {
  return documentOf(
    `# ${name}\n`,
    paragraph(`A gRPC service. Its contract is \`${name}.proto\`; protoc is not needed.`),
    shell(
      `deno task start     # at 0.0.0.0:${port}`,
      "deno run -P call.ts # calls it, from another terminal",
    ),
    paragraph(
      `Change \`${name}.proto\`, run \`deno task gen\`, and \`deno task check\` points at the logic that no longer fits. ` +
        "Files that end in `.gen.ts` are rewritten each time; all others are yours and never touched. " +
        "`deno task gen --check` fails in CI until the files are as the contract says.",
    ),
    bullet("`internal/logic`: one class a method. This is where you write.") +
      bullet(
        "`internal/svc`: what your logic needs, such as databases and clients of other services.",
      ) +
      bullet(`\`internal/config\`, \`etc/${name}.yaml\`: your settings, and their values.`) +
      bullet("`client`: typed clients, for those who call the service. Generated.") +
      bullet("`pb`, `internal/server`: messages, and the way from them to the logic. Generated.") +
      bullet("`tests`: one for each method; server and client are within one process."),
    paragraph(
      `To be found by its key, take the \`#\` from the \`Etcd\` section of \`etc/${name}.yaml\`; then ` +
        `\`deno run -P call.ts etcd://127.0.0.1:2379/${name}.rpc\` finds it wherever it runs. To be called by HTTP, put ` +
        `a gateway in front: \`deno run -A @zeno/zeno/cli gateway gen ${name}.proto --dir ../gateway\`. ` +
        "`Mode: dev` in the yaml file turns reflection on, for tools such as grpcurl.",
    ),
    devServerText(name),
    PROJECT_NOTES,
  );
}

function devServerText(name: string): string {
  return paragraph(
    `\`DevServer\` in \`etc/${name}.yaml\` opens a console of breakers, limits and refusals at ` +
      "`http://127.0.0.1:6060/debug/`, for this machine only.",
  );
}
