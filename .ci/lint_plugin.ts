/**
 * The rules of the house that a machine can check: which way dependencies point, where third-party packages
 * and the runtime may be touched, and that time and chance are passed in.
 *
 * @module
 */

import { dirname, fromFileUrl, join, relative } from "@std/path";

const ROOT = dirname(dirname(fromFileUrl(import.meta.url)));

/** Which parts each part may import. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: ["core"],
  rest: ["rest", "core"],
  rpc: ["rpc", "core"],
  store: ["store", "core"],
  cli: ["cli", "rest", "rpc", "store", "core"],
};

/** The places where two of the middle parts meet; tests against other frameworks, which are not published, need all. */
const MEETINGS: readonly [place: string, part: string][] = [
  ["rpc/gateway/", "rest"],
  ["rpc/testing/", "store"],
];

/** Where `Deno` and `node:` may be touched; the rest runs wherever `fetch` does. */
const EDGE = [
  "core/admin/listener.ts",
  "core/admin/profiler.ts",
  "core/clock.ts",
  "core/codec/",
  "core/conf/",
  "core/filex/",
  "core/discovery/file/",
  "core/discovery/kubernetes/in_cluster.ts",
  "core/discovery/etcd/_grpc_connections.ts",
  "core/discovery/etcd/_tls_files.ts",
  "core/discovery/etcd/_unchecked_fetch.ts",
  "core/log/",
  "core/metric/process_figures.ts",
  "core/netx/",
  "core/proc/",
  "core/service/",
  "core/stat/",
  "core/testing/",
  "core/trace/file_exporter.ts",
  "rest/client/transport.ts",
  "rest/files/directory.ts",
  "rest/jwt/",
  "rest/listener/",
  "rest/request/temporary_file.ts",
  "rest/run_service.ts",
  "rest/security/",
  "rest/websocket/_accept.ts",
  "rpc/resolver/dns_lookup.ts",
  "rpc/server/etcd_registrar.ts",
  "rpc/testing/",
  "rpc/transport/",
  "store/",
  "cli/",
];

/** Reads of time and chance that only the clock may make. */
const AMBIENT = new Set(["Date.now", "performance.now", "Math.random"]);
const AMBIENT_CALLS = new Set(["setTimeout", "setInterval"]);

/** The path of a file below the root, with slashes. */
function placeOf(filename: string): string {
  return relative(ROOT, filename).replaceAll("\\", "/");
}

function isTest(place: string): boolean {
  return /_(test|bench)\.ts$/.test(place) || place.includes("/testdata/");
}

function partOf(place: string): string {
  return place.split("/")[0] ?? "";
}

/** What is wrong with importing `specifier` in the file at `place`, if anything. */
export function importFault(place: string, specifier: string): string | undefined {
  const part = partOf(place);
  const allowed = ALLOWED[part];
  if (!allowed || isTest(place)) return undefined;
  if (specifier.startsWith(".")) return relativeFault(place, allowed, specifier);
  if (specifier.startsWith("@std/")) return undefined;
  if (specifier.startsWith("@zeno/zeno")) {
    return "Import the defining file by its path; the package name is for users";
  }
  // The one thing of the runtime that the web platform has no word for yet.
  if (specifier === "node:async_hooks") return undefined;
  if (specifier.startsWith("node:")) {
    return isEdge(place) ? undefined : "Only the edge touches the runtime; pass in what this needs";
  }
  return place.endsWith("/driver.ts")
    ? undefined
    : `Only a driver.ts imports a third-party package such as ${specifier}`;
}

function relativeFault(
  place: string,
  allowed: readonly string[],
  specifier: string,
): string | undefined {
  const target = join(dirname(place), specifier).replaceAll("\\", "/");
  if (target.endsWith("mod.ts") && !place.endsWith("mod.ts")) {
    return "Import the file that defines the name; mod.ts is for users";
  }
  const to = partOf(target);
  if (target === "deno.json" || allowed.includes(to)) return privateFault(place, target);
  if (MEETINGS.some(([at, part]) => place.startsWith(at) && to === part)) return undefined;
  return `${partOf(place)} must not import ${to}: it may import ${allowed.join(", ")}`;
}

/** A file whose name begins with an underscore is private to its folder. */
function privateFault(place: string, target: string): string | undefined {
  const name = target.split("/").at(-1) ?? "";
  if (!name.startsWith("_") || dirname(place) === dirname(target)) return undefined;
  return `${name} is private to ${dirname(target)}`;
}

function isEdge(place: string): boolean {
  return isTest(place) || EDGE.some((edge) => place.startsWith(edge));
}

/** What is wrong with reading `name` in the file at `place`, if anything. */
export function ambientFault(place: string, name: string): string | undefined {
  const checked = partOf(place) in ALLOWED && partOf(place) !== "cli";
  if (!checked || isTest(place) || place === "core/clock.ts") return undefined;
  return `${name} hides time or chance; take a Clock or a Random from core/clock.ts`;
}

/** What is wrong with touching `Deno` in the file at `place`, if anything. */
export function runtimeFault(place: string): string | undefined {
  if (!(partOf(place) in ALLOWED) || isEdge(place)) return undefined;
  return "Only the edge touches Deno; pass in what this needs";
}

const plugin: Deno.lint.Plugin = {
  name: "zeno",
  rules: {
    imports: {
      create(context) {
        const place = placeOf(context.filename);
        const check = (
          node: { source: Deno.lint.StringLiteral | null; range: Deno.lint.Range },
        ) => {
          const fault = node.source && importFault(place, node.source.value);
          if (fault) context.report({ range: node.range, message: fault });
        };
        return {
          ImportDeclaration: check,
          ExportAllDeclaration: check,
          ExportNamedDeclaration: (node) =>
            check({ source: node.source ?? null, range: node.range }),
        };
      },
    },
    "injected-time": {
      create(context) {
        const place = placeOf(context.filename);
        const report = (node: Deno.lint.Node, name: string) => {
          const message = ambientFault(place, name);
          if (message) context.report({ node, message });
        };
        return {
          MemberExpression(node) {
            if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
            const name = `${node.object.name}.${node.property.name}`;
            if (AMBIENT.has(name)) report(node, name);
          },
          CallExpression(node) {
            if (node.callee.type !== "Identifier") return;
            if (AMBIENT_CALLS.has(node.callee.name)) report(node, node.callee.name);
          },
          NewExpression(node) {
            const isDate = node.callee.type === "Identifier" && node.callee.name === "Date";
            if (isDate && node.arguments.length === 0) report(node, "new Date()");
          },
        };
      },
    },
    edge: {
      create(context) {
        const place = placeOf(context.filename);
        return {
          MemberExpression(node) {
            if (node.object.type !== "Identifier" || node.object.name !== "Deno") return;
            const message = runtimeFault(place);
            if (message) context.report({ node, message });
          },
        };
      },
    },
  },
};

export default plugin;
