/**
 * Formatting of service blocks and of `( key: value ... )` lists.
 *
 * @module
 */

import type { BodyNode, DocNode, KeyValueList, RouteItem, ServiceStatement } from "./ast.ts";
import { type Head, headBehind, headOf } from "./comments.ts";
import { isEmptyList } from "./declarations.ts";
import { closingHead, type FormatContext, isBare, stringText } from "./format_context.ts";
import { typeText } from "./format_type.ts";
import { isEmptyDoc } from "./resolve.ts";

/** Formats `start ( ... )`, one entry a line. */
export function formatList(context: FormatContext, start: string, list: KeyValueList): void {
  const { lines, tokens } = context;
  lines.add(`${start} (`, list.open.trailing);
  lines.indented(() => {
    for (const entry of list.entries) {
      lines.head(headOf(tokens, entry));
      lines.add([`${entry.key.text}:`, entry.value.text], entry.last.trailing);
    }
    lines.head(closingHead(list.close));
  });
  lines.add(")", list.close.trailing);
}

/** The comments above a service block. */
export function serviceHead({ tokens }: FormatContext, service: ServiceStatement): Head {
  const head = headOf(tokens, { first: service.keyword, last: service.open });
  const { server } = service;
  if (server === undefined) return head;
  if (isEmptyList(server.list)) return headBehind(tokens, server, head);
  return headOf(tokens, { first: server.first, last: server.list.open });
}

/** Formats a service block, without the comments above it. */
export function formatService(context: FormatContext, service: ServiceStatement): void {
  const { lines, tokens } = context;
  const { server, open, close, items } = service;
  if (server !== undefined && !isEmptyList(server.list)) {
    formatList(context, "@server", server.list);
    lines.head(headOf(tokens, { first: service.keyword, last: open }));
  }
  const start = `service ${serviceName(service.name)} {`;
  if (items.length === 0 && isBare(open, close)) {
    lines.add(`${start}}`, close.trailing);
    return;
  }
  lines.add(start, open.trailing);
  lines.indented(() => {
    for (const [index, item] of items.entries()) {
      if (index > 0) lines.blank();
      formatItem(context, item);
    }
    lines.head(closingHead(close));
  });
  lines.add("}", close.trailing);
}

/** The name as it is valid today: only `-api` may stand behind a hyphen. */
function serviceName(name: string): string {
  return name.replace(/-(?!api$)/g, "_");
}

function formatItem(context: FormatContext, { doc, handler, route }: RouteItem): void {
  const { lines, tokens } = context;
  const handlerHead = headOf(tokens, handler);
  if (doc !== undefined && isEmptyDoc(doc)) {
    lines.head(headBehind(tokens, doc, handlerHead));
  } else {
    if (doc !== undefined) formatDoc(context, doc);
    lines.head(handlerHead);
  }
  lines.add(`@handler ${handler.name.text}`, handler.last.trailing);
  lines.head(headOf(tokens, route));
  const request = bodyText(context, route.request);
  const response = bodyText(context, route.response);
  const parts = [
    route.method.text,
    route.path.text,
    ...(request === undefined ? [] : [request]),
    ...(response === undefined ? [] : ["returns", response]),
  ];
  lines.add(parts.join(" "), route.last.trailing);
}

function bodyText(context: FormatContext, body: BodyNode | undefined): string | undefined {
  return body?.type === undefined ? undefined : `(${typeText(context, body.type)})`;
}

function formatDoc(context: FormatContext, doc: DocNode): void {
  const { lines, tokens } = context;
  if (doc.list !== undefined) {
    lines.head(headOf(tokens, { first: doc.first, last: doc.list.open }));
    return formatList(context, "@doc", doc.list);
  }
  lines.head(headOf(tokens, doc));
  lines.add(`@doc ${doc.text === undefined ? '""' : stringText(doc.text)}`, doc.last.trailing);
}
