/**
 * A checked program to its intermediate representation.
 *
 * @module
 */

import type { BodyNode, DocNode, RouteItem, SourceFile } from "./ast.ts";
import { commentBehind, docsOf, type Head, headBehind, headOf } from "./comments.ts";
import {
  type DeclaredService,
  declaredServices,
  declaredTypes,
  entriesOf,
  isEmptyList,
} from "./declarations.ts";
import { parseDuration } from "./duration.ts";
import { groupFolder, handlerBase } from "./handler_name.ts";
import { joinPath } from "./path.ts";
import { positionOf, resolveStruct, resolveType } from "./resolve_type.ts";
import type { ApiSpec, RouteGroupSpec, RouteSpec, TypeRef } from "./spec.ts";

/** Resolves a program that passed all checks. */
export function resolveProgram(files: readonly SourceFile[]): ApiSpec {
  const main = files[0];
  const services = declaredServices(files);
  const info = main?.statements.find((statement) => statement.kind === "info");
  const groups = services
    .filter(({ service }) => service.items.length > 0)
    .map(resolveGroup);
  return {
    service: services[0]?.service.name ?? "",
    info: { ...entriesOf(info?.list) },
    types: declaredTypes(files).map(resolveStruct).sort((a, b) => byText(a.name, b.name)),
    groups: groups.sort((a, b) => byText(a.group, b.group)),
    syntax: syntaxOf(main),
    files: files.map(({ file }) => file),
  };
}

/** The dialect of a file: what it says, or `v1`. */
export function syntaxOf(source: SourceFile | undefined): string {
  const statement = source?.statements.find((statement) => statement.kind === "syntax");
  return statement?.value.text.slice(1, -1) ?? "v1";
}

/** Orders by code units, so that no locale has a say. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function resolveGroup({ source, service }: DeclaredService): RouteGroupSpec {
  const annotations = entriesOf(service.server?.list);
  const { prefix = "", group = "", middleware = "", jwt, jwtTransition } = annotations;
  const timeoutMs = parseDuration(annotations.timeout ?? "");
  const routes = service.items.map((item) => resolveRoute(source, item));
  const path = joinPath(prefix);
  return {
    annotations: { ...annotations },
    prefix: path === "/" ? "" : path,
    group: groupFolder(group),
    middleware: middleware.split(",").map((name) => name.trim()).filter((name) => name !== ""),
    ...(jwt ? { jwt } : {}),
    ...(jwtTransition ? { jwtTransition } : {}),
    signature: annotations.signature === "true",
    sse: annotations.sse === "true",
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(annotations.maxBytes ? { maxBytes: bytesOf(annotations.maxBytes) } : {}),
    routes: routes.sort((a, b) => byText(a.path, b.path)),
    pos: positionOf(source, service.first),
  };
}

/** A limit past the exact numbers limits nothing, so the largest exact one stands for it. */
function bytesOf(text: string): number {
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

function resolveRoute(source: SourceFile, item: RouteItem): RouteSpec {
  const { route, handler } = item;
  const request = resolveBody(source, route.request);
  const response = resolveBody(source, route.response);
  const heads = routeHeads(source, item);
  return {
    method: route.method.text.toUpperCase(),
    path: route.path.text,
    handler: handlerBase(handler.name.text),
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
    doc: resolveDoc(item.doc),
    docs: docsOf(heads.route),
    handlerDocs: docsOf(heads.handler),
    comment: commentBehind(route.last),
    pos: positionOf(source, route.method),
  };
}

function resolveBody(source: SourceFile, body: BodyNode | undefined): TypeRef | undefined {
  return body?.type === undefined ? undefined : resolveType(source, body.type);
}

const NO_COMMENTS: Head = { comments: [], detached: false };

/** The comments of the route, above `@doc`, and those of the handler, between `@doc` and it. */
function routeHeads(
  source: SourceFile,
  { doc, handler }: RouteItem,
): { route: Head; handler: Head } {
  const ofHandler = headOf(source.tokens, handler);
  if (doc === undefined) return { route: ofHandler, handler: NO_COMMENTS };
  if (isEmptyDoc(doc)) {
    return { route: headBehind(source.tokens, doc, ofHandler), handler: NO_COMMENTS };
  }
  const opening = doc.list === undefined ? doc : { first: doc.first, last: doc.list.open };
  return { route: headOf(source.tokens, opening), handler: ofHandler };
}

/** Whether `@doc` says nothing, and the formatter leaves it out. */
export function isEmptyDoc(doc: DocNode): boolean {
  return doc.list === undefined ? doc.text?.text === '""' : isEmptyList(doc.list);
}

function resolveDoc(doc: DocNode | undefined): RouteSpec["doc"] {
  if (doc === undefined || isEmptyDoc(doc)) return {};
  const text = doc.text?.text.slice(1, -1);
  return { ...entriesOf(doc.list), ...(text === undefined ? {} : { text }) };
}
