/**
 * Checks of `@server` and `@doc` entries.
 *
 * @module
 */

import type { KeyValue, KeyValueList } from "./ast.ts";
import { type DeclaredService, isEmptyList, valueText } from "./declarations.ts";
import { parseDuration } from "./duration.ts";
import { groupFolder } from "./handler_name.ts";
import type { Report } from "./report.ts";

/** The `@server` keys that mean something. */
const KNOWN = new Set(
  ("prefix group jwt jwtTransition signature middleware timeout maxBytes sse tags summary " +
    "authType pathPrefix arrayFormat strict raw mcp").split(" "),
);

const NAME = /^[A-Za-z_]\w*$/;
const SWITCH = /^(true|false)$/;
const MAX_INT64 = 2n ** 63n - 1n;

/** Checks the entries of all blocks. */
export function checkAnnotations(services: readonly DeclaredService[], report: Report): void {
  for (const { source, service } of services) {
    const list = service.server?.list;
    if (list !== undefined) checkServer(source.file, list, report);
    for (const { doc } of service.items) {
      if (doc?.list !== undefined) checkDocKeys(source.file, doc.list, report);
    }
  }
  checkGroups(services, report);
}

function checkServer(file: string, list: KeyValueList, report: Report): void {
  const seen = new Set<string>();
  for (const entry of list.entries) {
    const { key } = entry;
    if (seen.has(key.text)) {
      const message = `Cannot have the annotation "${key.text}" twice`;
      report.error(file, key, "E-duplicate-annotation", message);
    }
    seen.add(key.text);
    if (!KNOWN.has(key.text) && !key.text.startsWith("x_")) {
      const message = `The annotation "${key.text}" is not known`;
      const hint = `a name of your own that begins with "x_" is let pass`;
      report.warn(file, key, "W-unknown-annotation", message, { hint });
    }
    checkValue(file, entry, report);
  }
}

function checkValue(file: string, { key, value }: KeyValue, report: Report): void {
  const text = valueText(value);
  if (text === "") return;
  const refuse = (problem: string, hint?: string) => {
    const message = `Cannot use ${key.text} "${text}": ${problem}`;
    report.error(file, value.first, "E-annotation-value", message, { hint });
  };
  const doubt = (problem: string) =>
    report.warn(file, value.first, "W-annotation-value", `${key.text} "${text}" ${problem}`);
  switch (key.text) {
    case "jwt":
    case "jwtTransition":
      if (!NAME.test(text)) refuse("it must be the name of one config section");
      return;
    case "timeout":
      if (parseDuration(text) === undefined) refuse("it must be a duration", "write it like 3s");
      return;
    case "maxBytes":
      if (!/^\d+$/.test(text) || BigInt(text) > MAX_INT64) {
        refuse("it must be a number of bytes below 2^63");
      }
      return;
    case "mcp":
      if (!SWITCH.test(text)) refuse("it must be true or false");
      return;
    case "signature":
    case "sse":
    case "strict":
      if (text !== "true" && text !== "false") doubt("has no effect: only true has");
      return;
    case "middleware":
      if (!text.split(",").every((name) => NAME.test(name.trim()))) doubt("is not a list of names");
      return;
    case "prefix":
      if (!/^[\w~.:/-]*$/.test(text)) doubt("has characters that a path cannot have");
      return;
  }
}

function checkDocKeys(file: string, list: KeyValueList, report: Report): void {
  const seen = new Set<string>();
  for (const { key, value } of list.entries) {
    if (key.text === "mcp" && !SWITCH.test(valueText(value))) {
      const message = `Cannot use mcp "${valueText(value)}": it must be true or false`;
      report.error(file, value.first, "E-annotation-value", message);
    }
    if (seen.has(key.text)) {
      const message = `The @doc key "${key.text}" stands there twice; the last one counts`;
      report.warn(file, key, "W-duplicate-key", message);
    }
    seen.add(key.text);
  }
}

/** Generated code names a group by its folder without slashes, so those must differ too. */
function checkGroups(services: readonly DeclaredService[], report: Report): void {
  const folders = new Map<string, string>();
  for (const { source, service } of services) {
    const list = service.server?.list;
    const entry = list?.entries.find(({ key }) => key.text === "group");
    if (list === undefined || entry === undefined || isEmptyList(list)) continue;
    const folder = groupFolder(valueText(entry.value));
    const alias = folder.replaceAll("/", "");
    const other = folders.get(alias);
    if (other === undefined) {
      folders.set(alias, folder);
    } else if (other !== folder) {
      const message = `Cannot have group "${folder}" beside "${other}": both would be "${alias}"`;
      report.error(source.file, entry.value.first, "E-group", message);
    }
  }
}
