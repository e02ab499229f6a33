/**
 * The `deno.json` of a generated service.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import { LINE_WIDTH } from "./code.ts";

/** What a member of a workspace has instead of what the root says for all. */
export interface MemberOptions {
  /** Name by which other members import it, as in `@shop/stock`. */
  readonly name: string;
  /** What they may import, by subpath. @default {nothing} */
  readonly exports?: Readonly<Record<string, string>>;
}

/** What differs between services. */
export interface DenoJsonOptions {
  /** Words of the command that generates it again, as in `api gen greet.api --dir .`. */
  readonly gen: string;
  /** Value of `links`: the folder of the framework, when it is a clone. */
  readonly link: string | undefined;
  /** What it may ask of the system, beside the host name. @default {[]} */
  readonly sys?: readonly string[];
  /** Set if it is a member of a workspace. */
  readonly member?: MemberOptions | undefined;
}

/** The text of the file. */
export function denoJson({ gen, link, sys = [], member }: DenoJsonOptions): string {
  const start = { start: "deno run -P main.ts", dev: "deno run -P --watch main.ts" };
  const genTask = { gen: `deno run -A @zeno/zeno/cli ${gen}` };
  const permissions = permissionsOf(["./etc"], sys);
  return configText(
    member
      ? { ...member, tasks: { ...start, ...genTask }, permissions }
      : { ...common(link), tasks: { ...start, ...CHECKS, ...genTask }, permissions, ...STYLE },
  );
}

/** What differs between workspaces. */
export interface WorkspaceJsonOptions extends Pick<DenoJsonOptions, "link"> {
  /** Folders of the members. */
  readonly members: readonly string[];
  /** Program that starts all of them. */
  readonly start: string;
}

/** The text of the file at the root of a workspace. Its tests may do what each of its members may. */
export function workspaceJson({ members, link, start }: WorkspaceJsonOptions): string {
  const read = members.map((member) => `./${member}/etc`);
  return configText({
    workspace: members.map((member) => `./${member}`),
    ...common(link),
    tasks: {
      start: `deno run --allow-run ${start}`,
      ...CHECKS,
      gen: inEach(members, "gen"),
      "gen:check": inEach(members, "gen --check"),
    },
    permissions: permissionsOf(read, ["networkInterfaces"]),
    ...STYLE,
  });
}

/** One after the other: words behind a task of several would reach but one of them. */
function inEach(members: readonly string[], task: string): string {
  return members.map((member) => `deno task --cwd ${member} ${task}`).join(" && ");
}

function common(link: string | undefined) {
  return {
    imports: {
      "@std/assert": "jsr:@std/assert@^1",
      "@zeno/zeno": `jsr:@zeno/zeno@^${VERSION}`,
    },
    ...(link === undefined ? {} : { links: [link] }),
  };
}

const CHECKS = {
  test: "deno test -P --permit-no-files",
  check: "deno fmt --check && deno lint && deno check",
  fmt: "deno fmt",
};

const STYLE = {
  compilerOptions: { strict: true, noUncheckedIndexedAccess: true },
  fmt: { lineWidth: LINE_WIDTH },
  test: { sanitizeOps: true, sanitizeResources: true },
};

function permissionsOf(read: readonly string[], sys: readonly string[]) {
  return { default: { net: true, env: true, read, sys: ["hostname", ...sys] } };
}

function configText(config: unknown): string {
  return `${jsonText(config, "")}\n`;
}

/** JSON with short arrays and objects of scalars on one line, as the formatter leaves them. */
function jsonText(value: unknown, indent: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(([key, item]) =>
    `${inner}${JSON.stringify(key)}: ${jsonText(item, inner)}`
  );
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
