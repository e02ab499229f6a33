/**
 * Checks of routes: identity, bodies and streaming.
 *
 * @module
 */

import type { BodyNode, RouteItem, SourceFile } from "./ast.ts";
import { checkReference, type TypeTable } from "./check_types.ts";
import { type DeclaredService, entriesOf } from "./declarations.ts";
import { groupFolder, handlerBase } from "./handler_name.ts";
import { joinPath, parametersOf, pathShape } from "./path.ts";
import type { Report } from "./report.ts";

/**
 * Checks that no two routes of a folder share a handler. What is the same only in generated code
 * goes to `later`.
 */
export function checkHandlers(
  services: readonly DeclaredService[],
  report: Report,
  later: Report,
): void {
  const seen = new Map<string, string>();
  for (const { source, service } of services) {
    const folder = groupFolder(entriesOf(service.server?.list).group ?? "");
    for (const { handler: { name } } of service.items) {
      const id = `${folder}\0${handlerBase(name.text).toLowerCase()}`;
      const other = seen.get(id);
      if (other === undefined) {
        seen.set(id, name.text);
        continue;
      }
      const reason = other === name.text
        ? "there is one already"
        : `"${other}" would be the same file`;
      const message = `Cannot have handler "${name.text}": ${reason}`;
      const hint = "rename one of them, or put them into different groups";
      const target = other === name.text ? report : later;
      target.error(source.file, name, "E-duplicate-handler", message, { hint });
    }
  }
}

/**
 * Checks that no two routes catch the same requests, and that no path names a parameter twice. What
 * is not the same as written goes to `later`.
 */
export function checkPaths(
  services: readonly DeclaredService[],
  report: Report,
  later: Report,
): void {
  const seen = new Map<string, { path: string; written: string }>();
  for (const { source, service } of services) {
    const { prefix = "" } = entriesOf(service.server?.list);
    for (const { route } of service.items) {
      const path = joinPath(prefix, route.path.text);
      const method = route.method.text.toUpperCase();
      const id = `${method} ${pathShape(path)}`;
      const other = seen.get(id);
      const written = `${prefix}\0${route.path.text}`;
      if (other === undefined) {
        seen.set(id, { path, written });
      } else if (other.path === path) {
        const message = `Cannot have route ${method} ${path} twice`;
        const target = other.written === written ? report : later;
        target.error(source.file, route.method, "E-duplicate-route", message);
      } else {
        const message = `${method} ${path} catches the same requests as ${other.path}`;
        later.warn(source.file, route.method, "W-same-route", message);
      }
      const twice = parametersOf(path).find((name, index, all) => all.indexOf(name) !== index);
      if (twice !== undefined) {
        const message = `Cannot have the path parameter "${twice}" twice`;
        later.error(source.file, route.path, "E-duplicate-parameter", message);
      }
    }
  }
}

/** Checks the requests: no lists. */
export function checkRequests(services: readonly DeclaredService[], report: Report): void {
  for (const { source, item } of itemsOf(services)) {
    const type = item.route.request?.type;
    if (type?.kind !== "list") continue;
    const message = "Cannot take a list as the request: it must be a structure";
    report.error(source.file, type.first, "E-request", message);
  }
}

/** Checks that requests and responses name types that exist. */
export function checkBodies(
  services: readonly DeclaredService[],
  table: TypeTable,
  report: Report,
): void {
  for (const { source, item } of itemsOf(services)) {
    for (const body of [item.route.request, item.route.response]) {
      const name = body === undefined ? undefined : nameIn(body);
      if (name === undefined) continue;
      checkReference(source, name, table, report);
      if (name.text !== "any") continue;
      const message = `Cannot use "any" as a request or response`;
      report.error(source.file, name, "E-any", message);
    }
  }
}

function nameIn({ type }: BodyNode): BodyNode["first"] | undefined {
  if (type === undefined) return undefined;
  return type.last;
}

/** Checks that routes that stream have something to stream. */
export function checkStreams(services: readonly DeclaredService[], report: Report): void {
  for (const { source, service } of services) {
    if (entriesOf(service.server?.list).sse !== "true") continue;
    for (const { route } of service.items) {
      if (route.response?.type !== undefined) continue;
      const place = route.request?.first ?? route.path;
      const message = "Cannot stream events from a route without a response type";
      report.error(source.file, place, "E-sse", message, { hint: "add `returns (Type)`" });
    }
  }
}

function* itemsOf(
  services: readonly DeclaredService[],
): Generator<{ source: SourceFile; item: RouteItem }> {
  for (const { source, service } of services) {
    for (const item of service.items) yield { source, item };
  }
}
